"""A file that grows while bytes come in, held by one process at a time, and gets its name when it is whole.

A crash leaves it as long as it was written, under the name of something unfinished; nothing ever stands under its last
name that was not on the disk before. Source: flock(2); fsync(2) and rename(2) of POSIX.1-2024.
"""

import errno
import os
import sys
import threading
from contextlib import suppress

from weighbridge.host.durable import BusyError
from weighbridge.host.durable_disk import flush, take_lock

_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT
_PLAIN = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class GrowingFile:
    """A file open for appending; made with its folders if it is not there.

    Args:
        path: where it lies until it is whole.

    Raises:
        BusyError: another process, or another part of this one, holds it.
        OSError: it cannot be made.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        # Who waited for a thread may have given up, and closes what that thread still writes to. The number of the
        # file would be that of another by then.
        self._in_use = threading.Lock()
        os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
        self._descriptor = os.open(path, _FLAGS | _PLAIN, 0o600)
        try:
            take_lock(self._descriptor)
            self._check_name()
        except OSError as error:
            os.close(self._descriptor)
            if error.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK, errno.ESTALE):
                raise BusyError(path) from None
            raise
        self.size = os.fstat(self._descriptor).st_size
        """Bytes in it."""

    def write(self, content: bytes) -> None:
        """Add bytes to its end. Raises OSError; part of them may then be there."""
        rest = memoryview(content)
        with self._in_use:
            while rest:
                done = os.write(self._descriptor, rest)
                self.size += done
                rest = rest[done:]

    def read(self, size: int, at: int) -> bytes:
        """Return bytes from somewhere in it. Raises OSError."""
        with self._in_use:
            os.lseek(self._descriptor, at, os.SEEK_SET)
            return os.read(self._descriptor, size)

    def finish(self, target: str) -> None:
        """Give it its last name, in place of what had that; bytes and name are on the disk on return. Raises OSError.

        Whoever waits to append to it does not get it any more.
        """
        with self._in_use:
            flush(self._descriptor)
            move_durably(self._path, target)

    def sync(self) -> None:
        """Return when its bytes are on the disk. Raises OSError."""
        with self._in_use:
            flush(self._descriptor)

    def close(self) -> None:
        """Let go of it, once nothing is done with it any more. A second call does nothing."""
        with self._in_use:
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1

    def _check_name(self) -> None:
        """Raise OSError (ESTALE) if the file got its last name between being opened and being locked."""
        if sys.platform == "win32":  # an open file cannot be renamed there
            return
        ours = os.fstat(self._descriptor)
        with suppress(FileNotFoundError):
            named = os.stat(self._path, follow_symlinks=False)
            if (named.st_dev, named.st_ino) == (ours.st_dev, ours.st_ino):
                return
        raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))


def move_durably(path: str, target: str) -> None:
    """Rename a file whose bytes are on the disk; both folders know of it on return. Raises OSError."""
    folder, before = os.path.dirname(target), os.path.dirname(path)
    _make_folders(folder)
    os.replace(path, target)
    for one in dict.fromkeys((folder, before)):
        _sync_folder(one)


def _make_folders(folder: str) -> None:
    """Make a folder and those above it, each durable in its own."""
    if os.path.isdir(folder):
        return
    above = os.path.dirname(folder)
    _make_folders(above)
    with suppress(FileExistsError):
        os.mkdir(folder, 0o700)
    _sync_folder(above)


def _sync_folder(folder: str) -> None:
    if sys.platform == "win32":  # NTFS keeps names in a journal
        return
    descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
