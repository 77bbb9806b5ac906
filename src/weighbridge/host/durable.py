"""Files that survive power loss: append, replace, remove and lock, each durable before it returns.

`DurableFolder` knows in which order things must reach the disk; a `Disk` does the single steps:
`durable_disk.RealDisk`, or `fake_disk.FakeDisk` in memory, which can lose whatever was not synchronized.

Source: fsync(2) and rename(2) of POSIX.1-2024: a new name is durable when its folder was synchronized. After a failed
fsync the page cache no longer tells what is on the disk (fsync(2) of Linux, "ERRORS").
"""

import errno
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Protocol

_TEMPORARY = "temporary"
_AT_ONCE = 64
"""Files that are open at the same time while many are replaced."""


class BusyError(Exception):
    """Another process holds the lock."""


class Handle(Protocol):
    """A file open for writing."""

    size: int
    """Bytes in it."""

    def write(self, content: bytes) -> None:
        """Add bytes to its end. Raises OSError; part of them may then be there."""
        ...

    def sync(self) -> None:
        """Return when its bytes are on the disk. Raises OSError."""
        ...

    def truncate(self, size: int) -> None:
        """Cut it to `size` bytes, durable. Raises OSError."""
        ...

    def close(self) -> None:
        """Release it."""
        ...


class Lock(Protocol):
    """A lock that ends with `close`, or with the process."""

    def close(self) -> None:
        """Give it back."""
        ...


class Disk(Protocol):
    """Single steps under one folder. Names are relative, with `/` between folders; every call may raise OSError."""

    def read(self, name: str, limit: int) -> bytes:
        """Return a file whole; `LimitReached` beyond `limit` bytes."""
        ...

    def names(self, folder: str) -> list[str]:
        """Return the sorted names in a folder; none if there is no such folder."""
        ...

    def open(self, name: str, *, new: bool) -> Handle:
        """Open a file for appending, or a new one that must not exist."""
        ...

    def sync_all(self, handles: Sequence[Handle]) -> None:
        """Return when the bytes of all these files are on the disk, in whatever order."""
        ...

    def rename(self, old: str, new: str) -> None:
        """Give a file another name, in place of what had that name."""
        ...

    def remove(self, name: str) -> None:
        """Remove a file or an empty folder."""
        ...

    def make_folder(self, folder: str) -> bool:
        """Make one folder in a folder that exists; return whether it was new."""
        ...

    def sync_folder(self, folder: str) -> None:
        """Return when the names in a folder are on the disk."""
        ...

    def lock(self, name: str) -> Lock:
        """Take a lock for this process alone. Raises `BusyError`."""
        ...


class DurableFolder:
    """A folder of files that are there as a whole or not at all, after any crash.

    Args:
        disk: where the steps are done.
    """

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._folders: set[str] = set()
        self._written = 0

    def read(self, name: str, limit: int) -> bytes:
        """Return a file whole. Raises OSError, and `LimitReached` beyond `limit` bytes."""
        return self._disk.read(name, limit)

    def names(self, folder: str) -> list[str]:
        """Return the sorted names in a folder; none if there is no such folder. Raises OSError."""
        return self._disk.names(folder)

    def lock(self, name: str) -> Lock:
        """Take a lock for this process alone, which ends with the process. Raises `BusyError`, OSError."""
        self._make_folders("")
        return self._disk.lock(name)

    def appending(self, name: str) -> Handle:
        """Open a file for appending; its name is durable on return. Raises OSError."""
        folder = _folder_of(name)
        self._make_folders(folder)
        handle = self._disk.open(name, new=False)
        self._disk.sync_folder(folder)
        return handle

    def create(self, name: str, content: bytes) -> None:
        """Make a file that must not exist yet, durable. Raises OSError: FileExistsError if it is there."""
        folder = _folder_of(name)
        self._make_folders(folder)
        handle = self._disk.open(name, new=True)
        try:
            handle.write(content)
            handle.sync()
        except OSError:
            handle.close()
            with suppress(OSError):
                self._disk.remove(name)
            raise
        handle.close()
        self._disk.sync_folder(folder)

    def replace(self, contents: Mapping[str, bytes]) -> None:
        """Give files new content: each one old or new as a whole after a crash, all new and durable on return.

        Raises OSError; some files may then be new.
        """
        for folder in dict.fromkeys([_TEMPORARY, *map(_folder_of, contents)]):
            self._make_folders(folder)
        waiting = list(contents.items())
        for at in range(0, len(waiting), _AT_ONCE):
            self._write_some(waiting[at : at + _AT_ONCE])
        for folder in dict.fromkeys(map(_folder_of, contents)):
            self._disk.sync_folder(folder)

    def remove(self, names: Sequence[str]) -> None:
        """Remove files; what is not there is no error. Durable on return. Raises OSError."""
        for name in names:
            with suppress(FileNotFoundError):
                self._disk.remove(name)
        for folder in dict.fromkeys(map(_folder_of, names)):
            with suppress(FileNotFoundError):
                self._disk.sync_folder(folder)

    def remove_empty_folder(self, folder: str) -> None:
        """Remove a folder if nothing is in it. Raises OSError."""
        self._folders.discard(folder)
        try:
            self._disk.remove(folder)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT, errno.EACCES):
                raise

    def clean(self) -> None:
        """Remove what a crash left half written. Only who holds the lock may call this. Raises OSError."""
        for name in self._disk.names(_TEMPORARY):
            self._disk.remove(f"{_TEMPORARY}/{name}")

    def _write_some(self, contents: Sequence[tuple[str, bytes]]) -> None:
        written: list[tuple[str, str, Handle]] = []
        try:
            # All are written before any is waited for, so that one flush of the file system serves many.
            for name, content in contents:
                self._written += 1
                temporary = f"{_TEMPORARY}/{os.getpid()}-{self._written}"
                handle = self._disk.open(temporary, new=True)
                written.append((temporary, name, handle))
                handle.write(content)
            self._disk.sync_all([handle for _, _, handle in written])
        except OSError:
            for temporary, _, handle in written:
                handle.close()
                with suppress(OSError):
                    self._disk.remove(temporary)
            raise
        for temporary, name, handle in written:
            handle.close()
            self._disk.rename(temporary, name)

    def _make_folders(self, folder: str) -> None:
        if folder in self._folders:
            return
        if folder:
            above = _folder_of(folder)
            self._make_folders(above)
            if self._disk.make_folder(folder):
                self._disk.sync_folder(above)
        else:
            self._disk.make_folder("")
        self._folders.add(folder)


def _folder_of(name: str) -> str:
    return name.rpartition("/")[0]
