"""The disk of this machine, step by step, for `durable.DurableFolder`.

Source: fsync(2), rename(2), flock(2); fcntl(2) of macOS on F_FULLFSYNC.
"""

import errno
import os
import sys
from collections.abc import Sequence

from weighbridge.host.durable import BusyError, Handle
from weighbridge.host.real_file import read_whole

_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


_FEW = 5
_AT_ONCE = 16
"""Files that are waited for at the same time."""


class RealDisk:
    """A folder of this machine; made for this user alone when something is first written.

    Args:
        root: its path.
    """

    def __init__(self, root: bytes) -> None:
        self._root = root

    def read(self, name: str, limit: int) -> bytes:
        """Return a file whole. Raises OSError, and `LimitReached` beyond `limit` bytes."""
        return read_whole(self._path(name), limit)

    def names(self, folder: str) -> list[str]:
        """Return the sorted names in a folder; none if there is no such folder. Raises OSError."""
        try:
            return sorted(os.fsdecode(name) for name in os.listdir(self._path(folder)))
        except FileNotFoundError:
            return []

    def open(self, name: str, *, new: bool) -> "RealHandle":
        """Open a file for appending, or a new one that must not exist. Raises OSError."""
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | _NO_FOLLOW | (os.O_EXCL if new else 0)
        return RealHandle(os.open(self._path(name), flags, 0o600))

    def sync_all(self, handles: Sequence[Handle]) -> None:
        """Return when the bytes of all these files are on the disk. Raises OSError.

        Files that are waited for at the same time share flushes of the file system's journal.
        """
        if len(handles) < _FEW:
            for handle in handles:
                handle.sync()
            return
        from concurrent.futures import ThreadPoolExecutor  # most writes are of a few files

        with ThreadPoolExecutor(_AT_ONCE) as waiting:
            for _ in waiting.map(lambda handle: handle.sync(), handles):
                pass

    def rename(self, old: str, new: str) -> None:
        """Give a file another name, in place of what had that name. Raises OSError."""
        os.replace(self._path(old), self._path(new))

    def remove(self, name: str) -> None:
        """Remove a file or an empty folder. Raises OSError."""
        path = self._path(name)
        try:
            os.unlink(path)
        except (IsADirectoryError, PermissionError):
            os.rmdir(path)

    def make_folder(self, folder: str) -> bool:
        """Make one folder, and for the root those above it; return whether it was new. Raises OSError."""
        path = self._path(folder)
        try:
            if folder:
                os.mkdir(path, 0o700)
            else:
                os.makedirs(path, 0o700)
        except FileExistsError:
            if not os.path.isdir(path):
                raise
            return False
        return True

    def sync_folder(self, folder: str) -> None:
        """Return when the names in a folder are on the disk; NTFS, without such a call, keeps names in a journal."""
        if sys.platform == "win32":
            return
        descriptor = os.open(self._path(folder), os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | _NO_FOLLOW)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def lock(self, name: str) -> "RealLock":
        """Take a lock for this process alone. Raises `BusyError`, OSError."""
        descriptor = os.open(self._path(name), os.O_RDWR | os.O_CREAT | _NO_FOLLOW, 0o600)
        try:
            take_lock(descriptor)
        except OSError as error:
            os.close(descriptor)
            if error.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
                raise BusyError(name) from None
            raise
        return RealLock(descriptor)

    def _path(self, name: str) -> bytes:
        return os.path.join(self._root, os.fsencode(name)) if name else self._root


class RealHandle:
    """A file of this machine, open for appending."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.size = os.fstat(descriptor).st_size

    def write(self, content: bytes) -> None:
        """Add bytes to its end. Raises OSError; part of them may then be there."""
        rest = memoryview(content)
        while rest:
            done = os.write(self._descriptor, rest)
            self.size += done
            rest = rest[done:]

    def sync(self) -> None:
        """Return when its bytes are on the disk. Raises OSError."""
        flush(self._descriptor)

    def truncate(self, size: int) -> None:
        """Cut it to `size` bytes, durable. Raises OSError."""
        os.ftruncate(self._descriptor, size)
        flush(self._descriptor)
        self.size = size

    def close(self) -> None:
        """Release it."""
        os.close(self._descriptor)


class RealLock:
    """A lock on a file of this machine."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    def close(self) -> None:
        """Give it back."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


if sys.platform == "darwin":
    import fcntl

    def flush(descriptor: int) -> None:
        """Return when the bytes of a file are on the disk. Raises OSError."""
        try:
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
        except OSError:  # network and foreign file systems know only the weaker call
            os.fsync(descriptor)

elif sys.platform == "win32":

    def flush(descriptor: int) -> None:
        """Return when the bytes of a file are on the disk. Raises OSError."""
        os.fsync(descriptor)

else:

    def flush(descriptor: int) -> None:
        """Return when the bytes of a file are on the disk. Raises OSError."""
        os.fdatasync(descriptor)


if sys.platform == "win32":
    import msvcrt

    def take_lock(descriptor: int) -> None:
        """Lock an open file for this process alone, until it is closed. Raises OSError if another has it."""
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl as _fcntl

    def take_lock(descriptor: int) -> None:
        """Lock an open file for this process alone, until it is closed. Raises OSError if another has it."""
        _fcntl.flock(descriptor, _fcntl.LOCK_EX | _fcntl.LOCK_NB)
