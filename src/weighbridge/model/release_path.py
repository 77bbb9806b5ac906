"""Paths of files in a release of a model: what every folder of every system can hold, and no tool takes for another.

Who publishes is refused what is none, and who pulls refuses it, whatever the hub says.
"""

import unicodedata

LONGEST_PATH, LONGEST_PART = 1024, 255
"""Bytes."""
_DEVICES = frozenset(
    {"aux", "con", "nul", "prn"} | {f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)}
)
"""What Windows opens instead of a file, whatever follows the dot. Source: Microsoft, "Naming Files, Paths"."""


def is_release_path(path: str) -> bool:
    """Tell whether a release may hold a file of this path.

    Not: absolute paths, `.` and `..`, empty parts, backslashes, control characters, names that Windows reserves a
    meaning for, texts that are not in Unicode's normal form C (two of them would look the same).
    """
    if not path.isprintable() or "\\" in path or ":" in path or not unicodedata.is_normalized("NFC", path):
        return False
    try:
        size = len(path.encode())
    except UnicodeEncodeError:
        return False
    return 0 < size <= LONGEST_PATH and all(map(_is_part, path.split("/")))


def _is_part(part: str) -> bool:
    if part in ("", ".", "..") or len(part.encode()) > LONGEST_PART or part.lower() == ".git" or part[-1] in ". ":
        return False
    return part.partition(".")[0].lower() not in _DEVICES
