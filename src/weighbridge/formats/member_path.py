"""Where a member name or link target of an archive would lead when extracted."""

import re

from weighbridge.model.observation import Escape

_DRIVE = re.compile(r"^[A-Za-z]:")


def escape_of(name: str) -> Escape | None:
    """Return how a member called `name` leaves the folder that it is extracted to; None if it does not.

    Both kinds of slash separate, as on Windows. `a/../b` stays inside and is not reported.
    """
    if "\\" in name:
        name = name.replace("\\", "/")
    if name.startswith("/") or _DRIVE.match(name):
        return Escape.ABSOLUTE_PATH
    if ".." in name and depth_reached(name) < 0:
        return Escape.PARENT_PATH
    return None


def depth_reached(path: str) -> int:
    """Return the lowest level that a relative path passes through; below zero it has left its root."""
    level = lowest = 0
    for part in path.split("/"):
        if part == "..":
            level -= 1
            lowest = min(lowest, level)
        elif part not in ("", "."):
            level += 1
    return lowest


def link_escapes(member: str, target: str) -> bool:
    """Tell whether a symbolic link at `member` with `target` points outside of the archive's root."""
    target = target.replace("\\", "/")
    if target.startswith("/") or _DRIVE.match(target):
        return True
    folder = member.replace("\\", "/").rpartition("/")[0]
    return depth_reached(f"{folder}/{target}" if folder else target) < 0
