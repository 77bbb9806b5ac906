"""The files of a machine in memory, and sources that make their bytes only when they are read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from weighbridge.host.machine import Kind, Platform
from weighbridge.host.surroundings import PLACEHOLDER_ATTRIBUTES_WINDOWS, PLACEHOLDER_FLAG_DARWIN
from weighbridge.model.source import ByteSource, BytesSource, SourceError

_FILE, _FOLDER, _LINK = 0o100000, 0o040000, 0o120000
_KINDS: dict[int, Kind] = {_FILE: "file", _FOLDER: "directory", _LINK: "link"}


class FakeStat(NamedTuple):
    """The part of a stat result that Weighbridge uses."""

    st_dev: int
    st_ino: int
    st_size: int
    st_mtime_ns: int
    st_ctime_ns: int
    st_mode: int
    st_blocks: int
    st_flags: int | None = None
    st_file_attributes: int = 0


@dataclass(kw_only=True)
class Node:
    """A file, folder, link or anything else; more than one name may lead to it."""

    type_bits: int
    device: int
    inode: int
    modified_ns: int
    changed_ns: int
    children: dict[bytes, "Node"] = field(default_factory=dict)
    content: ByteSource = field(default_factory=lambda: BytesSource(b""))
    target: bytes = b""
    permissions: int = 0o755
    forbidden: bool = False
    vanished: bool = False
    placeholder: bool = False
    broken_at: int | None = None
    change_to: tuple[int, bytes] | None = None

    @property
    def kind(self) -> Kind:
        """What it is, as a directory entry says."""
        return _KINDS.get(self.type_bits, "other")

    def status(self, platform: Platform) -> FakeStat:
        """Return its stat as `platform` would give it."""
        size = self.content.size
        return FakeStat(
            st_dev=self.device,
            st_ino=self.inode,
            st_size=size,
            st_mtime_ns=self.modified_ns,
            st_ctime_ns=self.changed_ns,
            st_mode=self.type_bits | self.permissions,
            st_blocks=0 if self.placeholder else (size + 511) // 512,
            st_flags=PLACEHOLDER_FLAG_DARWIN * self.placeholder if platform == "darwin" else None,
            st_file_attributes=PLACEHOLDER_ATTRIBUTES_WINDOWS if self.placeholder and platform == "windows" else 0,
        )


def folder_node(device: int, inode: int, time_ns: int) -> Node:
    """Return an empty folder."""
    return Node(type_bits=_FOLDER, device=device, inode=inode, modified_ns=time_ns, changed_ns=time_ns)


def link_node(device: int, inode: int, time_ns: int, target: bytes) -> Node:
    """Return a symbolic link."""
    return Node(type_bits=_LINK, device=device, inode=inode, modified_ns=time_ns, changed_ns=time_ns, target=target)


def file_node(device: int, inode: int, time_ns: int, content: bytes | ByteSource) -> Node:
    """Return a regular file."""
    return Node(
        type_bits=_FILE,
        device=device,
        inode=inode,
        modified_ns=time_ns,
        changed_ns=time_ns,
        content=content_source(content),
    )


def content_source(content: bytes | ByteSource) -> ByteSource:
    """Return `content` as a source."""
    return BytesSource(content) if isinstance(content, bytes) else content


class SparseSource:
    """A source of any size: given pieces, zeros everywhere else. A 100 GB model costs what its header costs."""

    def __init__(self, size: int, pieces: dict[int, bytes], name: bytes = b"") -> None:
        self.size = size
        self.name = name
        self._pieces = sorted(pieces.items())

    def read(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes at `offset`."""
        if offset < 0 or length < 0:
            raise SourceError(f"impossible range {offset}+{length}")
        end = min(self.size, offset + length)
        content = bytearray(max(0, end - offset))
        for start, piece in self._pieces:
            first, last = max(start, offset), min(start + len(piece), end)
            if first < last:
                content[first - offset : last - offset] = piece[first - start : last - start]
        return bytes(content)


class FakeFile:
    """An open file of a machine in memory."""

    def __init__(self, node: Node, name: bytes, platform: Platform, clock: Callable[[], int]) -> None:
        self.node = node
        self._clock = clock
        self._closed = False
        self.name = name
        self.stat = node.status(platform)
        self.size = node.content.size
        self.reads_done = 0

    def read(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes at `offset`. Raises `SourceError`, also if the file changed since."""
        if self._closed:
            raise SourceError("closed")
        if offset < 0 or length < 0:
            raise SourceError(f"impossible range {offset}+{length}")
        node = self.node
        if node.change_to is not None and self.reads_done >= node.change_to[0]:
            node.content, node.change_to = BytesSource(node.change_to[1]), None
            node.changed_ns = node.modified_ns = self._clock()
        self.reads_done += 1
        if (node.content.size, node.changed_ns) != (self.stat.st_size, self.stat.st_ctime_ns):
            raise SourceError("changed while read")
        length = min(length, max(0, self.size - offset))
        if node.broken_at is not None and offset + length > node.broken_at:
            raise SourceError("input/output error")
        return node.content.read(offset, length)

    def close(self) -> None:
        """Release it; closing twice is allowed."""
        self._closed = True
