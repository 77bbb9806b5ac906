"""Paths as a process would follow them, in a root that is not ours.

The kernel follows an absolute link from the root of whoever asks, so that `/proc/PID/root` followed by a path with such
a link in it would lead out of a container, to a file of the host. Links are followed here instead, one by one.
Source: symlink(7), path_resolution(7), proc_pid_root(5).
"""

import errno
import os
import stat as stat_bits
import time
from typing import NamedTuple

_MOST_LINKS = 40
"""As many as Linux follows. Source: path_resolution(7)."""
_GRAIN_NS = 20_000_000
"""Ticks of a process's start are a hundredth of a second, and so are the times of many filesystems."""


class Followed(NamedTuple):
    """Where a path leads."""

    path: bytes
    """Without links, from our own root: `root` is its beginning."""
    changed_ns: int
    """When the latest of it changed: what lies there, or a link on the way."""


def follow(root: bytes, path: bytes) -> Followed:
    """Return where an absolute path leads below `root`. Raises OSError."""
    waiting = path.split(b"/")[::-1]
    passed: list[bytes] = []
    links, changed = 0, 0
    while waiting:
        name = waiting.pop()
        if name == b"..":
            del passed[-1:]
        elif name not in (b"", b"."):
            status = os.lstat(_below(root, [*passed, name]))
            if stat_bits.S_ISLNK(status.st_mode):
                links += 1
                if links > _MOST_LINKS:
                    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), os.fsdecode(path))
                changed = max(changed, status.st_ctime_ns)
                target = os.readlink(_below(root, [*passed, name]))
                passed = [] if target.startswith(b"/") else passed
                waiting += target.split(b"/")[::-1]
            else:
                passed.append(name)
                if not waiting:
                    changed = max(changed, status.st_ctime_ns)
    return Followed(_below(root, passed), changed)


def began_ns(started: int) -> int:
    """Return when a process of this start began, in nanoseconds since the epoch, as the wall clock now counts.

    Args:
        started: clock ticks from boot. Source: proc_pid_stat(5), field 22.
    """
    up = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    now = time.time_ns()
    return now - up + started * (1_000_000_000 // os.sysconf("SC_CLK_TCK"))


def is_newer(changed_ns: int, began: int) -> bool:
    """Return whether a change is surely later than the start of a process."""
    return changed_ns > began + _GRAIN_NS


def _below(root: bytes, names: list[bytes]) -> bytes:
    return root + b"/" + b"/".join(names)
