"""Small files in a person's home that they let Weighbridge change: settings of shells and tools.

Read and replaced where they really are, as many people keep theirs as links; rights stay as they were.
"""

import os
import secrets
import stat
from collections.abc import Iterable
from contextlib import suppress

from weighbridge.host.private_file import replace_durably

LARGEST = 1 << 20


def read_home_file(path: bytes) -> str | None:
    """Return the text of a file; None if it is not there.

    Raises:
        OSError: it cannot be read, is larger than `LARGEST`, or is no text in UTF-8.
    """
    try:
        with open(os.path.realpath(path), "rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        return None
    if len(content) > LARGEST:
        raise OSError(0, "is larger than any settings")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise OSError(0, "is no text in UTF-8") from None


def write_home_file(path: bytes, text: str, *, private: bool = False) -> None:
    """Replace a file in one step, rights kept; a new one is for this user alone if `private`. Raises OSError."""
    real = os.path.realpath(path)
    try:
        mode = stat.S_IMODE(os.stat(real).st_mode)
    except FileNotFoundError:
        mode = 0o600 if private else 0o644
        os.makedirs(os.path.dirname(real), exist_ok=True)
    temporary = real + b"." + secrets.token_hex(4).encode() + b".part"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
        os.chmod(temporary, mode)
        replace_durably(temporary, real)
    except BaseException:
        os.unlink(temporary)
        raise


def remove_home_file(path: bytes) -> None:
    """Remove a file; one that is not there is fine. Raises OSError."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return


def missing_folders(path: bytes) -> list[bytes]:
    """Return the folders that `write_home_file` would make for a file, the outermost first."""
    found: list[bytes] = []
    folder = os.path.dirname(os.path.realpath(path))
    while not os.path.exists(folder):
        found.insert(0, folder)
        folder = os.path.dirname(folder)
    return found


def remove_empty_folders(folders: Iterable[bytes]) -> None:
    """Remove those of some folders that hold nothing, the innermost first; others stay as they are."""
    for folder in sorted(folders, key=len, reverse=True):
        with suppress(OSError):
            os.rmdir(folder)
