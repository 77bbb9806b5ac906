"""A disk in memory that forgets: power loss drops what was not synchronized, tears what was on its way, or it is full.

It is stricter than most file systems: a new name may be lost unless its folder was synchronized, of bytes that were not
synchronized any part may be there, and blocks in between may be zeros. Source: "All File Systems Are Not Created Equal"
(Pillai et al., OSDI 2014), section 2.
"""

import errno
import os
from collections.abc import Sequence
from random import Random

from weighbridge.host.durable import BusyError, Handle
from weighbridge.model.source import LimitReached

_BLOCK = 512


class PowerLoss(BaseException):
    """The machine stopped in the middle of a step. Not an `Exception`: no handler runs when the power is gone."""


class _Content:
    def __init__(self) -> None:
        self.now = bytearray()
        self.kept = b""


class FakeDisk:
    """Files in memory, with what would be left of them after power loss."""

    def __init__(self) -> None:
        self.steps = 0
        """Changing steps so far."""
        self.syncs = 0
        """Times that somebody waited for the disk."""
        self.stop_at: int | None = None
        """At which step the power goes."""
        self.capacity: int | None = None
        """Bytes that fit."""
        self.fail_sync = False
        """Whether the next synchronization fails, as of a dying disk."""
        self._now: dict[str, _Content | None] = {"": None}
        self._kept: dict[str, _Content | None] = {"": None}
        self._locked: set[str] = set()

    def cut(self, random: Random) -> None:
        """Take the power away: keep what is certain, and of the rest what chance leaves."""
        left: dict[str, _Content | None] = {}
        for name in sorted({*self._now, *self._kept}, key=lambda name: (name.count("/"), name)):
            versions = [names[name] for names in (self._now, self._kept) if name in names]
            certain = len(versions) == 2 and versions[0] is versions[1]
            if not certain and (len(versions) == 1 and random.random() < 0.5):
                continue
            if name == "" or name.rpartition("/")[0] in left:
                left[name] = versions[0] if certain else random.choice(versions)
        for content in {id(one): one for one in left.values() if one is not None}.values():
            content.now = bytearray(_left_of(content, random))
            content.kept = bytes(content.now)
        self._now, self._kept = dict(left), dict(left)
        self._locked.clear()
        self.stop_at = None

    def kill(self) -> None:
        """End the process that wrote, as `kill -9` does: the machine keeps all that was written."""
        self._locked.clear()
        self.stop_at = None

    def content(self, name: str) -> bytes:
        """Return a file, for tests."""
        return bytes(self._file(name).now)

    def change(self, name: str, content: bytes) -> None:
        """Write a file behind everybody's back, as somebody who tampers does."""
        file = self._kept[name] = self._now.setdefault(name, _Content()) or _Content()
        file.now, file.kept = bytearray(content), content

    def files(self) -> dict[str, bytes]:
        """Return all files, for tests."""
        return {name: bytes(content.now) for name, content in sorted(self._now.items()) if content is not None}

    def restore(self, files: dict[str, bytes]) -> None:
        """Put back all files as they were, as from a snapshot."""
        self._now = {"": None}
        for name, content in files.items():
            parts = name.split("/")[:-1]
            for depth in range(len(parts)):
                self._now["/".join(parts[: depth + 1])] = None
            self._now[name] = file = _Content()
            file.now, file.kept = bytearray(content), content
        self._kept = dict(self._now)

    # Disk

    def read(self, name: str, limit: int) -> bytes:
        """Return a file whole. Raises OSError, and `LimitReached` beyond `limit` bytes."""
        file = self._file(name)
        if len(file.now) > limit:
            raise LimitReached("file bytes", limit)
        return bytes(file.now)

    def names(self, folder: str) -> list[str]:
        """Return the sorted names in a folder; none if there is no such folder."""
        start = f"{folder}/" if folder else ""
        return sorted(
            name[len(start) :]
            for name in self._now
            if name and name.startswith(start) and "/" not in name[len(start) :]
        )

    def open(self, name: str, *, new: bool) -> "FakeHandle":
        """Open a file for appending, or a new one that must not exist. Raises OSError."""
        if name.rpartition("/")[0] not in self._now:
            raise _missing(name)
        if name not in self._now:
            self.step()
            self._now[name] = _Content()
        elif new:
            raise FileExistsError(errno.EEXIST, "file exists", name)
        return FakeHandle(self, self._file(name))

    def sync_all(self, handles: Sequence[Handle]) -> None:
        """Keep the bytes of all these files, one after another. Raises OSError."""
        for handle in handles:
            handle.sync()

    def rename(self, old: str, new: str) -> None:
        """Give a file another name, in place of what had that name. Raises OSError."""
        file = self._file(old)
        self.step()
        self._now[new] = file
        del self._now[old]

    def remove(self, name: str) -> None:
        """Remove a file or an empty folder. Raises OSError."""
        if name not in self._now:
            raise _missing(name)
        if any(other.startswith(name + "/") for other in self._now):
            raise OSError(errno.ENOTEMPTY, "folder is not empty", name)
        self.step()
        del self._now[name]

    def make_folder(self, folder: str) -> bool:
        """Make one folder in a folder that exists; return whether it was new."""
        if folder in self._now:
            return False
        if folder.rpartition("/")[0] not in self._now:
            raise _missing(folder)
        self.step()
        self._now[folder] = None
        return True

    def sync_folder(self, folder: str) -> None:
        """Keep the names in a folder. Raises OSError."""
        if folder not in self._now:
            raise _missing(folder)
        self.synchronize()
        for names in (dict(self._kept), self._now):
            for name in list(names):
                if name and name.rpartition("/")[0] == folder:
                    if name in self._now:
                        self._kept[name] = self._now[name]
                    else:
                        self._kept.pop(name, None)

    def lock(self, name: str) -> "FakeLock":
        """Take a lock for one holder. Raises `BusyError`."""
        if name in self._locked:
            raise BusyError(name)
        self._locked.add(name)
        self._now.setdefault(name, _Content())
        return FakeLock(self._locked, name)

    # Steps

    def step(self) -> None:
        """Count one step; stop here if this is where the power goes."""
        self.steps += 1
        if self.stop_at is not None and self.steps >= self.stop_at:
            raise PowerLoss

    def synchronize(self) -> None:
        """Count one wait for the disk; it may fail."""
        self.step()
        self.syncs += 1
        if self.fail_sync:
            self.fail_sync = False
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    def room(self) -> int | None:
        """Return how many bytes fit; None if any number does."""
        if self.capacity is None:
            return None
        used = {id(one): len(one.now) for one in self._now.values() if one is not None}
        return max(0, self.capacity - sum(used.values()))

    def _file(self, name: str) -> _Content:
        file = self._now.get(name)
        if file is None:
            raise _missing(name)
        return file


class FakeHandle:
    """A file of a fake disk, open for appending."""

    def __init__(self, disk: FakeDisk, content: _Content) -> None:
        self._disk = disk
        self._content = content
        self.size = len(content.now)

    def write(self, content: bytes) -> None:
        """Add bytes to its end. Raises OSError; part of them may then be there."""
        room = self._disk.room()
        fits = content if room is None else content[:room]
        try:
            self._disk.step()
        except PowerLoss:
            self._content.now += fits[: len(fits) // 2]
            raise
        self._content.now += fits
        self.size = len(self._content.now)
        if len(fits) < len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def sync(self) -> None:
        """Keep its bytes. Raises OSError."""
        self._disk.synchronize()
        self._content.kept = bytes(self._content.now)

    def truncate(self, size: int) -> None:
        """Cut it to `size` bytes, durable. Raises OSError."""
        self._disk.step()
        del self._content.now[size:]
        self.size = size
        self.sync()

    def close(self) -> None:
        """Release it."""


class FakeLock:
    """A lock on a fake disk."""

    def __init__(self, locked: set[str], name: str) -> None:
        self._locked = locked
        self._name = name

    def close(self) -> None:
        """Give it back."""
        self._locked.discard(self._name)


def _left_of(content: _Content, random: Random) -> bytes:
    """Return what chance leaves of a file whose last bytes were on their way."""
    kept, now = content.kept, bytes(content.now)
    if now == kept:
        return kept
    if not now.startswith(kept):  # cut, or cut and written again
        return random.choice((kept, now))
    left = bytearray(now[: random.randint(len(kept), len(now))])
    if len(left) > len(kept) and random.random() < 0.4:
        begin = max(len(kept), random.randrange(0, len(left), _BLOCK) if len(left) else 0)
        left[begin : begin + _BLOCK] = bytes(len(left[begin : begin + _BLOCK]))
    return bytes(left)


def _missing(name: str) -> FileNotFoundError:
    return FileNotFoundError(errno.ENOENT, "no such file", name)
