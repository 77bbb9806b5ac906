"""Changes below folders as the kernel announces them.

Only announcements: what changed is looked at by the same survey as always. Source: inotify(7). The number of folders is
limited per user, so a watch that cannot be had is said and its tree is looked at from time to time instead.
"""

import ctypes
import errno
import os
import select
import struct
import sys
from collections.abc import Iterable
from typing import NamedTuple

_CREATE, _DELETE, _MOVED_FROM, _MOVED_TO, _CLOSE_WRITE = 0x100, 0x200, 0x40, 0x80, 0x8
_DELETE_SELF, _MOVE_SELF = 0x400, 0x800
_OVERFLOW, _IGNORED, _IS_FOLDER = 0x4000, 0x8000, 0x40000000
_ONLY_FOLDER, _DONT_FOLLOW, _EXCLUDE_UNLINKED = 0x01000000, 0x02000000, 0x04000000
_ASKED = _CREATE | _DELETE | _MOVED_FROM | _MOVED_TO | _CLOSE_WRITE | _DELETE_SELF | _MOVE_SELF
_HEADER = struct.Struct("=iIII")  # watch, mask, cookie, length of name
_NONBLOCK, _CLOEXEC = 0o4000, 0o2000000
_BATCH = 1 << 18


class Changed(NamedTuple):
    """What was announced since the last call."""

    folders: frozenset[bytes]
    """Folders in which a name or a file's content changed."""
    appeared: frozenset[bytes]
    """Folders that are new, and not watched yet."""
    lost: bool
    """Whether announcements were dropped: everything watched may have changed."""


class FolderEvents:
    """Watches on folders, each of them alone: whoever wants a tree watches its folders one by one.

    Raises OSError where the platform has none.
    """

    def __init__(self) -> None:
        if sys.platform != "linux":
            raise OSError(errno.EOPNOTSUPP, "this platform has no inotify")
        self._library = ctypes.CDLL(None, use_errno=True)
        self._descriptor = self._library.inotify_init1(_NONBLOCK | _CLOEXEC)
        if self._descriptor < 0:
            self._fail(b"inotify")
        self._folders: dict[int, bytes] = {}

    def __len__(self) -> int:
        """Return how many folders are watched."""
        return len(self._folders)

    def fileno(self) -> int:
        """Return the descriptor to wait for."""
        return int(self._descriptor)

    def watch(self, folder: bytes) -> None:
        """Watch one folder. Raises OSError: ENOSPC when this user may watch no more."""
        watch = self._library.inotify_add_watch(
            self._descriptor, folder, ctypes.c_uint32(_ASKED | _ONLY_FOLDER | _DONT_FOLLOW | _EXCLUDE_UNLINKED)
        )
        if watch < 0:
            self._fail(folder)
        self._folders[watch] = folder

    def forget(self, folders: Iterable[bytes]) -> None:
        """Stop watching these folders."""
        gone = set(folders)
        for watch in [watch for watch, folder in self._folders.items() if folder in gone]:
            self._library.inotify_rm_watch(self._descriptor, watch)
            self._folders.pop(watch, None)

    def wait(self, seconds: float) -> bool:
        """Wait until something was announced; tell whether it was."""
        return bool(select.select([self._descriptor], [], [], seconds)[0])

    def take(self) -> Changed:
        """Return what was announced since the last call; never waits."""
        folders: set[bytes] = set()
        appeared: set[bytes] = set()
        lost = False
        while True:
            try:
                batch = os.read(self._descriptor, _BATCH)
            except BlockingIOError:
                return Changed(frozenset(folders), frozenset(appeared), lost)
            for watch, mask, name in _announcements(batch):
                lost = lost or bool(mask & _OVERFLOW)
                folder = self._folders.get(watch)
                if folder is None:
                    continue
                if mask & (_IGNORED | _DELETE_SELF | _MOVE_SELF):
                    folders.add(os.path.dirname(folder))
                    if mask & _IGNORED:
                        del self._folders[watch]
                    continue
                folders.add(folder)
                if mask & _IS_FOLDER and mask & (_CREATE | _MOVED_TO):
                    appeared.add(os.path.join(folder, name))

    def close(self) -> None:
        """End all watches."""
        os.close(self._descriptor)

    def _fail(self, folder: bytes) -> None:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), folder)


def _announcements(batch: bytes) -> Iterable[tuple[int, int, bytes]]:
    start = 0
    while start + _HEADER.size <= len(batch):
        watch, mask, _, length = _HEADER.unpack_from(batch, start)
        start += _HEADER.size
        yield watch, mask, batch[start : start + length].rstrip(b"\0")
        start += length
