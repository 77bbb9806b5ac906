"""This machine."""

import os
import stat as stat_bits
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from operator import itemgetter
from typing import TYPE_CHECKING

from weighbridge.host.machine import Digests, Entry, Kind, Mount, Platform, Stat
from weighbridge.host.real_file import RealFile, peek, read_whole
from weighbridge.host.surroundings import parse_mountinfo, state_folder
from weighbridge.host.survey import Survey, survey_folder
from weighbridge.model.source import LimitReached

if TYPE_CHECKING:
    from weighbridge.host.boot import Boot
    from weighbridge.host.durable import DurableFolder
    from weighbridge.host.kept import KeptDatabase
    from weighbridge.host.state import StateDatabase

_KINDS: dict[int, Kind] = {stat_bits.S_IFREG: "file", stat_bits.S_IFDIR: "directory", stat_bits.S_IFLNK: "link"}
_TYPE_BITS = 0o170000
_BY_NAME = itemgetter(0)
_ENTRY_STAT_LACKS_INODE = sys.platform == "win32"
"""On Windows a directory entry's own stat has neither device nor inode; `lstat` has."""


def _platform() -> Platform:
    if sys.platform == "darwin":
        return "darwin"
    return "windows" if sys.platform == "win32" else "linux"


class RealMachine:
    """The machine that this process runs on. Reads only, except in the state folder."""

    def __init__(self) -> None:
        self.platform: Platform = _platform()
        self._homes: tuple[bytes, ...] | None = None
        self._isolation: Callable[[str, bytes], bytes] | None = None

    @property
    def state_folder(self) -> bytes:
        """The one folder that Weighbridge writes to."""
        return os.path.abspath(state_folder(self.platform, self.environment, _own_home()))

    def has_state(self, name: str) -> bool:
        """Tell whether a file is in the state folder, by its relative path with `/`."""
        return os.path.lexists(os.path.join(self.state_folder, *map(os.fsencode, name.split("/"))))

    def environment(self, name: str) -> str | None:
        """Return one environment variable."""
        return os.environ.get(name)

    def homes(self) -> tuple[bytes, ...]:
        """Return this user's home; for the superuser also everybody's."""
        if self._homes is None:
            self._homes = self._find_homes()
        return self._homes

    def _find_homes(self) -> tuple[bytes, ...]:
        homes = {_own_home(): None}
        if self.platform != "windows" and os.geteuid() == 0:
            import pwd

            for account in pwd.getpwall():
                home = os.fsencode(account.pw_dir)
                if account.pw_uid >= (500 if self.platform == "darwin" else 1000) and os.path.isdir(home):
                    homes[home] = None
        return tuple(homes)

    def mounts(self) -> tuple[Mount, ...]:
        """Return mounted filesystems: from the kernel's table on Linux, from psutil elsewhere."""
        if self.platform == "linux":
            try:
                return parse_mountinfo(self.read_file(b"/proc/self/mountinfo", 16 << 20))
            except (OSError, LimitReached):
                return ()
        import psutil

        partitions = psutil.disk_partitions(all=True)
        return tuple(
            Mount(os.fsencode(part.mountpoint), "remote" if "remote" in part.opts.split(",") else part.fstype)
            for part in partitions
        )

    def list_directory(self, path: bytes) -> list[Entry]:
        """Return the entries of a directory in byte order of names. Raises OSError."""
        entries: list[Entry] = []
        with os.scandir(path) as listing:
            for item in listing:
                try:
                    status = os.lstat(item.path) if _ENTRY_STAT_LACKS_INODE else item.stat(follow_symlinks=False)
                except OSError:
                    entries.append(Entry(item.name, "other", None))
                    continue
                entries.append(Entry(item.name, _KINDS.get(status.st_mode & _TYPE_BITS, "other"), status))
        entries.sort(key=_BY_NAME)
        return entries

    def survey(self, path: bytes) -> Survey:
        """Return the files of a folder with what tells whether they changed; never follows a link. Raises OSError."""
        return survey_folder(path)

    def stat(self, path: bytes, *, follow: bool = False) -> Stat:
        """Return the stat of a path. Raises OSError."""
        return os.stat(path, follow_symlinks=follow)

    def read_link(self, path: bytes) -> bytes:
        """Return the target of a symbolic link as written. Raises OSError."""
        return os.readlink(path)

    def resolve(self, path: bytes) -> bytes:
        """Return the path with all symbolic links followed. Raises OSError."""
        os.stat(path)  # most stores are not there: one call finds out, `realpath` asks for every folder on the way
        return os.path.realpath(path, strict=True)

    def open(self, path: bytes) -> RealFile:
        """Open a regular file for reading; never follows a final link, never blocks on a pipe. Raises OSError."""
        return RealFile(path)

    def peek(self, path: bytes, head: int, tail: int) -> tuple[bytes, bytes]:
        """Return the first `head` and last `tail` bytes of a regular file in one cheap call. Raises OSError."""
        return peek(path, head, tail)

    def read_file(self, path: bytes, limit: int) -> bytes:
        """Return a small file whole. Raises OSError, and `LimitReached` beyond `limit` bytes."""
        return read_whole(path, limit)

    def state_database(self, name: str, schema: Sequence[str]) -> "StateDatabase":
        """Open a small database in the state folder; without one that can be used it lives in memory."""
        from weighbridge.host.state import StateDatabase

        return StateDatabase(os.path.join(self.state_folder, name.encode() + b".sqlite"), schema)

    def kept_database(self, name: str, schema: Sequence[str]) -> "KeptDatabase":
        """Return a small database of what a person put in, in the state folder."""
        from weighbridge.host.kept import KeptDatabase

        return KeptDatabase(os.path.join(self.state_folder, name.encode() + b".sqlite"), schema)

    def durable_folder(self, name: str) -> "DurableFolder":
        """Return a folder in the state folder whose changes survive any crash."""
        from weighbridge.host.durable import DurableFolder
        from weighbridge.host.durable_disk import RealDisk

        return DurableFolder(RealDisk(os.path.join(self.state_folder, name.encode())))

    def boot(self) -> "Boot":
        """Return which run of the machine this is, and how long it lasts."""
        from weighbridge.host.boot import Boot, boot_id, seconds_of_boot

        return Boot(boot_id(), seconds_of_boot())

    def now(self) -> datetime:
        """Return the wall-clock time, UTC."""
        return datetime.now(UTC)  # noqa: TID251  (host is where the clock is)

    def monotonic(self) -> float:
        """Return seconds on a clock that never steps."""
        return time.monotonic()

    def digest(
        self, paths: Iterable[bytes], *, progress: Callable[[int], None] | None = None, with_blake3: bool = False
    ) -> Iterator[tuple[bytes, Digests | OSError]]:
        """Hash whole files, in parallel, in any order; closing the iterator cancels. A failure is a value."""
        from weighbridge.host.digest import digest_files

        return digest_files(paths, progress, with_blake3=with_blake3)

    def isolated(self, parser: str, payload: bytes) -> bytes:
        """Run one parser that is not ours on `payload` in a resource-limited child. Raises `IsolationError`."""
        if self._isolation is None:
            from weighbridge.host.isolation import Isolation

            self._isolation = Isolation().run
        return self._isolation(parser, payload)


def _own_home() -> bytes:
    return os.path.expanduser(b"~")
