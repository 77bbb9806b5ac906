"""A whole machine in memory that records every read: test bed, demo and picture source are the same thing."""

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from weighbridge.host.fake_file import FakeFile, Node, content_source, file_node, folder_node, link_node
from weighbridge.host.machine import Digests, Entry, Mount, Platform, Stat
from weighbridge.host.surroundings import state_folder
from weighbridge.host.survey import Survey, survey_of
from weighbridge.model.source import ByteSource, LimitReached, SourceError

if TYPE_CHECKING:
    from weighbridge.host.boot import Boot
    from weighbridge.host.durable import DurableFolder
    from weighbridge.host.fake_disk import FakeDisk
    from weighbridge.host.kept import KeptDatabase
    from weighbridge.host.state import StateDatabase

_HOMES: dict[Platform, bytes] = {
    "linux": b"/home/ada",
    "darwin": b"/Users/ada",
    "windows": b"C:\\Users\\ada",
}
_MOST_LINKS = 40
"""Symbolic links followed in one path before the system gives up, as on Linux."""


class Read(NamedTuple):
    """One thing that was asked of the machine: `list`, `stat`, `link`, `open`, `peek`, `read`, `digest`, `env`."""

    operation: str
    path: bytes


class FakeMachine:
    """Files, links, mounts, environment and clock in memory.

    Args:
        platform: whose path rules apply; Windows paths are written with backslashes.
        environment: environment variables.
        home: the user's home folder.
    """

    def __init__(
        self, platform: Platform = "linux", environment: dict[str, str] | None = None, home: bytes | None = None
    ) -> None:
        self.platform: Platform = platform
        self.variables = dict(environment or {})
        self.home = home or _HOMES[platform]
        self.other_homes: tuple[bytes, ...] = ()
        self.reads: list[Read] = []
        self.clock = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
        self.separator = b"\\" if platform == "windows" else b"/"
        self._mounts: dict[bytes, Mount] = {}
        self._next_inode = 2
        self._isolation: Callable[[str, bytes], bytes] | None = None
        self._databases: dict[str, StateDatabase] = {}
        self._kept: dict[str, KeptDatabase] = {}
        self.boot_id = "00000000-0000-4000-8000-000000000001"
        self.started = self.clock - timedelta(hours=1)
        self.disks: dict[str, FakeDisk] = {}
        """The disk below each durable folder, for tests that take the power away."""
        root = b"C:" if platform == "windows" else b""
        self._root_name = root
        self._root = folder_node(1, 1, self._nanoseconds())
        self.add_directory(self.home)

    # Building

    def add_directory(self, path: bytes) -> None:
        """Make a folder and those above it."""
        self._folder(self._parts(path))

    def add_file(self, path: bytes, content: bytes | ByteSource = b"", *, age: timedelta = timedelta(days=1)) -> None:
        """Make or replace a file. `content` may be a source of any size that makes its bytes when they are read."""
        *above, name = self._parts(path)
        folder = self._folder(above)
        node = file_node(folder.device, self._inode(), self._nanoseconds() - _nanoseconds(age), content)
        folder.children[name] = node

    def change_file(self, path: bytes, content: bytes | ByteSource, *, keep_mtime: bool = False) -> None:
        """Write new content into the same file: same inode, new change time; the clock moves on by a second."""
        self.clock += timedelta(seconds=1)
        node = self._node(path)
        node.content = content_source(content)
        node.changed_ns = self._nanoseconds()
        if not keep_mtime:
            node.modified_ns = node.changed_ns

    def remove(self, path: bytes) -> None:
        """Delete a file, link or folder."""
        *above, name = self._parts(path)
        del self._folder(above).children[name]

    def add_link(self, path: bytes, target: bytes) -> None:
        """Make a symbolic link; `target` is kept as written."""
        *above, name = self._parts(path)
        folder = self._folder(above)
        folder.children[name] = link_node(folder.device, self._inode(), self._nanoseconds(), target)

    def add_hard_link(self, path: bytes, existing: bytes) -> None:
        """Give an existing file or folder a second name; of a folder this is a bind mount and can make a loop."""
        *above, name = self._parts(path)
        self._folder(above).children[name] = self._node(existing)

    def add_other(self, path: bytes, type_bits: int = 0o010000) -> None:
        """Make a pipe (the default), socket or device."""
        self.add_file(path)
        self._node(path).type_bits = type_bits

    def forbid(self, path: bytes) -> None:
        """Make a file or folder unreadable; it can still be seen in its folder."""
        self._node(path).forbidden = True

    def set_mode(self, path: bytes, permissions: int) -> None:
        """Give a file or folder other permission bits than 755; reading does not care."""
        self._node(path).permissions = permissions

    def vanish(self, path: bytes) -> None:
        """Let a file be listed, but gone when it is opened."""
        self._node(path).vanished = True

    def change_on_read(self, path: bytes, content: bytes, after_reads: int = 1) -> None:
        """Let a file be replaced by `content` in place after so many reads of an open descriptor."""
        self._node(path).change_to = (after_reads, content)

    def break_at(self, path: bytes, offset: int) -> None:
        """Let reads at and after `offset` fail with an input/output error, as on a bad disk."""
        self._node(path).broken_at = offset

    def placeholder(self, path: bytes) -> None:
        """Make a file whose content is in the cloud; reading it is recorded like any read."""
        self._node(path).placeholder = True

    def mount(self, path: bytes, filesystem: str) -> None:
        """Mount a filesystem: a new device from here on."""
        folder = self._folder(self._parts(path))
        folder.device = max([1, *(self._node(mount.path).device for mount in self._mounts.values())]) + 1
        self._mounts[path] = Mount(path, filesystem)

    # Machine

    @property
    def state_folder(self) -> bytes:
        """The one folder that Weighbridge writes to."""
        return state_folder(self.platform, self.variables.get, self.home)

    def has_state(self, name: str) -> bool:
        """Tell whether a file is in the state folder, by its relative path with `/`."""
        folder, _, file = name.partition("/")
        return folder in self.disks and file in self.disks[folder].names("")

    def environment(self, name: str) -> str | None:
        """Return one environment variable."""
        self.reads.append(Read("env", name.encode()))
        return self.variables.get(name)

    def homes(self) -> tuple[bytes, ...]:
        """Return the homes, this user's first."""
        return (self.home, *self.other_homes)

    def mounts(self) -> tuple[Mount, ...]:
        """Return what was mounted."""
        return tuple(self._mounts.values())

    def list_directory(self, path: bytes) -> list[Entry]:
        """Return the entries of a directory in byte order of names. Raises OSError."""
        node = self._noted("list", path)
        if node.kind != "directory":
            raise NotADirectoryError(errno.ENOTDIR, "not a directory", os.fsdecode(path))
        return [
            Entry(name, child.kind, None if child.vanished else child.status(self.platform))
            for name, child in sorted(node.children.items())
        ]

    def survey(self, path: bytes) -> Survey:
        """Return the files of a folder with what tells whether they changed; never follows a link. Raises OSError."""
        node = self._node(path)
        if node.kind == "link":
            raise NotADirectoryError(errno.ENOTDIR, "is a symbolic link", os.fsdecode(path))
        seen = [(entry.name, entry.stat) for entry in self.list_directory(path)]
        present = [(name, status) for name, status in seen if status is not None]
        return survey_of(present, len(seen) - len(present), node.status(self.platform))

    def stat(self, path: bytes, *, follow: bool = False) -> Stat:
        """Return the stat of a path. Raises OSError."""
        self.reads.append(Read("stat", path))
        node = self._node(path, follow=follow)
        if node.vanished:
            raise FileNotFoundError(errno.ENOENT, "no such file", os.fsdecode(path))
        return node.status(self.platform)

    def read_link(self, path: bytes) -> bytes:
        """Return the target of a symbolic link as written. Raises OSError."""
        self.reads.append(Read("link", path))
        node = self._node(path)
        if node.kind != "link":
            raise OSError(errno.EINVAL, "not a link", os.fsdecode(path))
        return node.target

    def resolve(self, path: bytes) -> bytes:
        """Return the path with all symbolic links followed. Raises OSError."""
        self.reads.append(Read("link", path))
        return self._walk(self._parts(path), follow=True)[1]

    def open(self, path: bytes) -> FakeFile:
        """Open a regular file for reading. Raises OSError."""
        return FakeFile(self._readable("open", path), self._parts(path)[-1], self.platform, self._nanoseconds)

    def peek(self, path: bytes, head: int, tail: int) -> tuple[bytes, bytes]:
        """Return the first `head` and last `tail` bytes of a regular file. Raises OSError."""
        content = self._readable("peek", path).content
        try:
            return content.read(0, head), content.read(max(0, content.size - tail), tail)
        except SourceError as error:
            raise OSError(errno.EIO, str(error), os.fsdecode(path)) from error

    def read_file(self, path: bytes, limit: int) -> bytes:
        """Return a small file whole. Raises OSError, and `LimitReached` beyond `limit` bytes."""
        node = self._readable("read", path)
        if node.content.size > limit:
            raise LimitReached("file bytes", limit)
        return node.content.read(0, limit)

    def state_database(self, name: str, schema: Sequence[str]) -> "StateDatabase":
        """Open a small database that lives as long as this machine."""
        from weighbridge.host.state import StateDatabase

        class Kept(StateDatabase):
            def close(self) -> None:
                """Stay open: closing the file of a real machine loses nothing either."""

        if name not in self._databases:
            self._databases[name] = Kept(None, schema)
        return self._databases[name]

    def kept_database(self, name: str, schema: Sequence[str]) -> "KeptDatabase":
        """Return a small database that lives as long as this machine."""
        from weighbridge.host.kept import KeptDatabase

        return self._kept.setdefault(name, KeptDatabase(None, schema))

    def durable_folder(self, name: str) -> "DurableFolder":
        """Return a folder on a disk in memory, which can lose what was not synchronized."""
        from weighbridge.host.durable import DurableFolder
        from weighbridge.host.fake_disk import FakeDisk

        return DurableFolder(self.disks.setdefault(name, FakeDisk()))

    def boot(self) -> "Boot":
        """Return `boot_id` and the time since `started`; set `started` along with `clock` to step the wall clock."""
        from weighbridge.host.boot import Boot

        return Boot(self.boot_id, (self.clock - self.started).total_seconds())

    def now(self) -> datetime:
        """Return the machine's clock; set `clock` to move it."""
        return self.clock

    def monotonic(self) -> float:
        """Return the machine's clock as seconds."""
        return self.clock.timestamp()

    def digest(
        self, paths: Iterable[bytes], *, progress: Callable[[int], None] | None = None, with_blake3: bool = False
    ) -> Iterator[tuple[bytes, Digests | OSError]]:
        """Hash whole files one by one. A failure is a value, not an exception."""
        import blake3

        for path in paths:
            try:
                node = self._readable("digest", path)
                content = node.content
                if node.broken_at is not None and node.broken_at < content.size:
                    raise OSError(errno.EIO, os.strerror(errno.EIO), os.fsdecode(path))
                first, second = sha256(), blake3.blake3()
                for offset in range(0, content.size, 1 << 20):
                    block = content.read(offset, 1 << 20)
                    first.update(block)
                    second.update(block)
                    if progress:
                        progress(len(block))
                yield path, Digests(first.hexdigest(), second.hexdigest() if with_blake3 else None, content.size)
            except OSError as error:
                yield path, error
            except SourceError as error:
                yield path, OSError(errno.EIO, str(error), os.fsdecode(path))

    def isolated(self, parser: str, payload: bytes) -> bytes:
        """Run one parser that is not ours in the same child process as the real machine does."""
        if self._isolation is None:
            from weighbridge.host.isolation import Isolation

            self._isolation = Isolation().run
        return self._isolation(parser, payload)

    # Paths

    def _inode(self) -> int:
        self._next_inode += 1
        return self._next_inode

    def _nanoseconds(self) -> int:
        return _nanoseconds(self.clock - datetime(1970, 1, 1, tzinfo=UTC))

    def _parts(self, path: bytes) -> list[bytes]:
        plain = path.replace(b"/", self.separator)
        prefix = self._root_name + self.separator
        if not (plain + self.separator).startswith(prefix):
            raise FileNotFoundError(errno.ENOENT, "not an absolute path of this machine", os.fsdecode(path))
        return [part for part in plain[len(prefix) :].split(self.separator) if part not in (b"", b".")]

    def _folder(self, parts: list[bytes]) -> Node:
        node = self._root
        for part in parts:
            if part not in node.children:
                node.children[part] = folder_node(node.device, self._inode(), self._nanoseconds())
            node = node.children[part]
        return node

    def _noted(self, operation: str, path: bytes) -> Node:
        self.reads.append(Read(operation, path))
        node = self._node(path, follow=operation == "list")
        if node.forbidden:
            raise PermissionError(errno.EACCES, "permission denied", os.fsdecode(path))
        if node.vanished:
            raise FileNotFoundError(errno.ENOENT, "no such file", os.fsdecode(path))
        return node

    def _readable(self, operation: str, path: bytes) -> Node:
        node = self._noted(operation, path)
        if node.kind == "link":
            raise OSError(errno.ELOOP, "is a symbolic link", os.fsdecode(path))
        if node.kind != "file":
            raise OSError(errno.EINVAL, "not a regular file", os.fsdecode(path))
        return node

    def _node(self, path: bytes, *, follow: bool = False) -> Node:
        return self._walk(self._parts(path), follow=follow)[0]

    def _walk(self, parts: list[bytes], *, follow: bool) -> tuple[Node, bytes]:
        """Return the node and its path without links; links above the last part are always followed."""
        waiting, trail, links = list(reversed(parts)), [self._root], 0
        names: list[bytes] = []
        while waiting:
            part = waiting.pop()
            if part == b"..":
                if names:
                    names.pop()
                    trail.pop()
                continue
            folder = trail[-1]
            if folder.forbidden:
                raise PermissionError(errno.EACCES, "permission denied", os.fsdecode(part))
            if part not in folder.children:
                raise FileNotFoundError(errno.ENOENT, "no such file", os.fsdecode(self.separator.join((*names, part))))
            node = folder.children[part]
            if node.kind == "link" and (waiting or follow):
                links += 1
                if links > _MOST_LINKS:
                    raise OSError(errno.ELOOP, "too many links", os.fsdecode(part))
                if node.target.replace(b"/", self.separator).startswith(self._root_name + self.separator):
                    names, trail = [], [self._root]
                    waiting += reversed(self._parts(node.target))
                else:
                    target = node.target.replace(b"/", self.separator).split(self.separator)
                    waiting += [piece for piece in reversed(target) if piece not in (b"", b".")]
                continue
            names.append(part)
            trail.append(node)
        return trail[-1], self._root_name + self.separator + self.separator.join(names)


def _nanoseconds(span: timedelta) -> int:
    return (span.days * 86_400 + span.seconds) * 1_000_000_000 + span.microseconds * 1_000
