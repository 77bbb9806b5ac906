"""Whether a file name written inside an artifact stays beside it."""

import re

from weighbridge.formats.gathering import Gathering
from weighbridge.model.observation import Escape, OutsideReference

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,30}://|file:|data:", re.IGNORECASE)
_DRIVE = re.compile(r"[A-Za-z]:")


def escape_of(path: str) -> Escape | None:
    """Return how `path` leaves the folder that it is relative to, or None if it stays inside.

    Both separators count on every platform, because the artifact may be loaded on another one than this.
    """
    if _SCHEME.match(path):
        return Escape.URL
    if path.startswith(("/", "\\", "~")) or _DRIVE.match(path):
        return Escape.ABSOLUTE_PATH
    components = re.split(r"[/\\]", path.replace("\0", "/"))
    if any(component.strip(" ") == ".." for component in components):
        return Escape.PARENT_PATH
    return None


def refer(gathering: Gathering, path: str, key: str, *, offset: int | None = None, required: bool = True) -> None:
    """Ask for the file that `path` names if it lies beside the artifact, else note where it points."""
    escape = escape_of(path)
    if escape is not None or "\0" in path:
        found = escape or Escape.PARENT_PATH
        gathering.observe(OutsideReference(escape=found, target=path[:400], key=key, offset=offset))
    elif path.strip("./\\ "):
        gathering.want(path, required=required)
