"""One look at a folder that is cheap enough to repeat for every folder of a machine.

A rescan of an unchanged tree is bound by one `lstat` per file; everything here is written so that little is added to
it: one open descriptor per folder instead of a path walk per file, no object per entry beyond the kernel's own answer.
"""

import os
from array import array
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

from weighbridge.host.machine import Stat

_TYPE_BITS, _FILE, _FOLDER, _LINK = 0o170000, 0o100000, 0o040000, 0o120000
_WORD = 1 << 64
_FLAGS = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_BY_DESCRIPTOR = os.listdir in os.supports_fd and os.stat in os.supports_dir_fd
_IDENTITY = 4
"""Numbers per file in a listing: inode, size, modification time, change time."""


class Survey(NamedTuple):
    """The files of a folder with what tells whether they changed, and the folders in it."""

    names: list[bytes]
    """Of everything but folders, in the order of the system."""
    stats: list[Stat]
    """One per name."""
    folders: list[tuple[bytes, Stat]]
    """Name and stat, in byte order."""
    vanished: int
    """Entries that were gone before they could be looked at."""
    numbers: "array[int]"
    """Inode, size, modification and change time of each name in turn."""
    device: int
    inode: int

    def listing(self) -> bytes:
        """Return names and numbers as bytes; `unchanged_names` compares two of them."""
        head = len(self.names).to_bytes(8, "big") + (self.device % _WORD).to_bytes(8, "big")
        return head + self.numbers.tobytes() + b"\0".join(self.names)

    def fingerprint(self) -> bytes:
        """Return 32 bytes that change when any file here is added, removed, renamed or written to."""
        digest = sha256(b"%d %d %d " % (self.device, self.inode, len(self.names)))
        digest.update(self.numbers)
        digest.update(b"\0".join(self.names))
        return digest.digest()

    def newest_change_ns(self) -> int:
        """Return the latest change time of any file, 0 if there is none."""
        return max(self.numbers[3::_IDENTITY], default=0)

    def total_bytes(self) -> int:
        """Return the sum of all sizes."""
        return sum(self.numbers[1::_IDENTITY])


def survey_folder(path: bytes) -> Survey:
    """Look at the folder at `path`, which may not be a link. Raises OSError."""
    if not _BY_DESCRIPTOR:
        return _survey_by_path(path)
    names: list[str] = []
    stats: list[Stat] = []
    folders: list[tuple[bytes, Stat]] = []
    numbers: list[int] = []
    vanished = 0
    descriptor = os.open(path, _FLAGS)
    try:
        own = os.fstat(descriptor)
        for name in os.listdir(descriptor):
            try:
                status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
            except OSError:
                vanished += 1
                continue
            if status.st_mode & _TYPE_BITS == _FOLDER:
                folders.append((os.fsencode(name), status))
            else:
                names.append(name)
                stats.append(status)
                numbers += (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    finally:
        os.close(descriptor)
    exact = os.fsencode("\0".join(names)).split(b"\0") if names else []
    folders.sort()
    return Survey(exact, stats, folders, vanished, _words(numbers), own.st_dev, own.st_ino)


def _survey_by_path(path: bytes) -> Survey:
    """Do the same where folders cannot be opened (Windows), with a full stat: entries there lack the inode."""
    own = os.lstat(path)
    entries: list[tuple[bytes, Stat]] = []
    vanished = 0
    with os.scandir(path) as listing:
        for item in listing:
            try:
                entries.append((item.name, os.lstat(item.path)))
            except OSError:
                vanished += 1
    return survey_of(entries, vanished, own)


def survey_of(entries: Iterable[tuple[bytes, Stat]], vanished: int, own: Stat) -> Survey:
    """Return the survey that a list of names and stats makes."""
    folders: list[tuple[bytes, Stat]] = []
    names: list[bytes] = []
    stats: list[Stat] = []
    numbers: list[int] = []
    for name, status in entries:
        if status.st_mode & _TYPE_BITS == _FOLDER:
            folders.append((name, status))
        else:
            names.append(name)
            stats.append(status)
            numbers += (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    folders.sort()
    return Survey(names, stats, folders, vanished, _words(numbers), own.st_dev, own.st_ino)


def is_file(status: Stat) -> bool:
    """Tell whether it is a regular file."""
    return status.st_mode & _TYPE_BITS == _FILE


def is_link(status: Stat) -> bool:
    """Tell whether it is a symbolic link."""
    return status.st_mode & _TYPE_BITS == _LINK


def unchanged_names(earlier: bytes, now: Survey) -> frozenset[bytes]:
    """Return the names in `now` that stood in the listing `earlier` with the same inode, size and times."""
    count, device = int.from_bytes(earlier[:8], "big"), int.from_bytes(earlier[8:16], "big")
    start = 16 + count * _IDENTITY * 8
    names = earlier[start:].split(b"\0")
    if len(earlier) < start or len(names) != max(1, count) or device != now.device % _WORD:
        return frozenset()
    numbers = array("q", earlier[16:start])
    before = set(zip(names, *(numbers[offset::_IDENTITY] for offset in range(_IDENTITY)), strict=False))
    return frozenset(
        entry[0]
        for entry in zip(now.names, *(now.numbers[offset::_IDENTITY] for offset in range(_IDENTITY)), strict=True)
        if entry in before
    )


def _words(numbers: Sequence[int]) -> "array[int]":
    try:
        return array("q", numbers)
    except OverflowError:  # 128-bit inodes, or times after the year 2262
        return array("q", [(number + (_WORD >> 1)) % _WORD - (_WORD >> 1) for number in numbers])
