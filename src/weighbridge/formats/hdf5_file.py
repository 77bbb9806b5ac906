"""HDF5 container: superblock, object headers and their messages.

Source: "HDF5 File Format Specification Version 3.0", sections II (superblock), IV.A.1 (object headers) and III.E
(global heap). Every address is checked against the file and every object header is visited at most once.
"""

from typing import NamedTuple

from weighbridge.formats.gathering import StructureError
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Damage
from weighbridge.model.source import ByteSource, LimitReached

MAGIC = b"\x89HDF\r\n\x1a\n"
MOST_MESSAGES = 400_000
LONGEST_MESSAGE = 16 << 20
MOST_NAME_CHARACTERS = 16 << 20
"""Most characters of link names and of paths in one file: names can be shared, and paths repeat their beginnings."""
_MOST_CHUNKS = 4_000
_CONTINUATION = 0x10


class Message(NamedTuple):
    """One header message."""

    kind: int
    flags: int
    content: bytes
    position: int


class Hdf5File:
    """Random access to the structures of an HDF5 file.

    Args:
        source: the bytes.
        budget: pays for messages, links and attributes.
        start: where the superblock stands (0, 512, 1024, ...).
    """

    def __init__(self, source: ByteSource, budget: Budget, start: int) -> None:
        self._source = source
        self._budget = budget
        self._window = b""
        self._window_base = 0
        self._header_bytes = 0
        head = source.read(start, 128)
        self.version = head[8] if len(head) > 8 else 255
        try:
            if self.version in (0, 1):
                self.offset_size, self.length_size = head[13], head[14]
                at = 24 if self.version == 0 else 28
                self._sizes()
                self.base = self.integer(head, at, self.offset_size)
                end = self.integer(head, at + 2 * self.offset_size, self.offset_size)
                self.root = self.integer(head, at + 5 * self.offset_size, self.offset_size)
            elif self.version in (2, 3):
                self.offset_size, self.length_size = head[9], head[10]
                self._sizes()
                self.base = self.integer(head, 12, self.offset_size)
                end = self.integer(head, 12 + 2 * self.offset_size, self.offset_size)
                self.root = self.integer(head, 12 + 3 * self.offset_size, self.offset_size)
            else:
                raise StructureError(Damage.INVALID, f"superblock version {self.version} does not exist", start)
        except IndexError:
            raise StructureError(Damage.TRUNCATED, "ends inside the superblock", start) from None
        self.base = self.base or start
        self.undefined = (1 << (8 * self.offset_size)) - 1
        self.end = end
        """Where the file ends, as the superblock says."""
        self.excess = 0 if end == self.undefined else max(0, source.size - end)
        self.short = end != self.undefined and end > source.size
        """Whether the superblock promises more bytes than there are."""

    def _sizes(self) -> None:
        if self.offset_size not in (2, 4, 8) or self.length_size not in (2, 4, 8):
            raise StructureError(Damage.INVALID, "sizes of offsets or lengths are impossible", 13)

    def integer(self, content: bytes, at: int, width: int) -> int:
        """Return a little-endian number inside `content`. Raises IndexError beyond its end."""
        if at < 0 or at + width > len(content):
            raise IndexError(at)
        return int.from_bytes(content[at : at + width], "little")

    def offset(self, content: bytes, at: int) -> int:
        """Return an address field."""
        return self.integer(content, at, self.offset_size)

    def length(self, content: bytes, at: int) -> int:
        """Return a length field."""
        return self.integer(content, at, self.length_size)

    def content(self, address: int, length: int) -> bytes:
        """Return exactly `length` bytes at a file address, or raise `StructureError`."""
        position = self.base + address
        if length > LONGEST_MESSAGE:
            raise LimitReached("HDF5 structure bytes", LONGEST_MESSAGE)
        if position < 0 or position + length > self._source.size:
            damage = Damage.TRUNCATED if self.short else Damage.CONTRADICTION
            raise StructureError(damage, "an address leaves the file", position)
        index = position - self._window_base
        if index < 0 or index + length > len(self._window):
            if length > 8192:
                return self._source.read(position, length)
            self._window = self._source.read(position, 8192)
            self._window_base = position
            index = 0
        return self._window[index : index + length]

    def spend(self, what: str, amount: int = 1, limit: int = MOST_MESSAGES) -> None:
        """Charge the budget."""
        self._budget.spend(f"HDF5 {what}", amount, limit)

    def messages(self, address: int) -> list[Message]:
        """Return all messages of the object header at `address`, continuation blocks included."""
        if self.content(address, 4) == b"OHDR":
            return self._messages_new(address)
        return self._messages_old(address)

    def _messages_old(self, address: int) -> list[Message]:
        head = self.content(address, 12)
        if head[0] != 1:
            raise StructureError(Damage.INVALID, "no object header stands here", address)
        found: list[Message] = []
        blocks = [(address + 16, int.from_bytes(head[8:12], "little"))]
        seen: set[int] = set()
        while blocks:
            start, size = blocks.pop(0)
            self._visit(start, size, seen)
            block = self.content(start, size)
            at = 0
            while at + 8 <= len(block):
                kind = int.from_bytes(block[at : at + 2], "little")
                length = int.from_bytes(block[at + 2 : at + 4], "little")
                self._take(kind, block[at + 4], block[at + 8 : at + 8 + length], length, start + at, found, blocks)
                at += 8 + length
        return found

    def _messages_new(self, address: int) -> list[Message]:
        head = self.content(address, 6)
        flags = head[5]
        at = address + 6 + (16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0)
        width = 1 << (flags & 3)
        size = int.from_bytes(self.content(at, width), "little")
        found: list[Message] = []
        blocks = [(at + width, size)]
        seen: set[int] = set()
        prefix = 6 if flags & 4 else 4
        while blocks:
            start, size = blocks.pop(0)
            self._visit(start, size, seen)
            block = self.content(start, size)
            position = 0
            if seen and len(seen) > 1:
                if block[:4] != b"OCHK":
                    raise StructureError(Damage.INVALID, "no continuation block stands here", start)
                position, block = 4, block[:-4]
            while position + prefix <= len(block):
                kind = block[position]
                length = int.from_bytes(block[position + 1 : position + 3], "little")
                first = position + prefix
                self._take(
                    kind, block[position + 3], block[first : first + length], length, start + position, found, blocks
                )
                position = first + length
        return found

    def _visit(self, start: int, size: int, seen: set[int]) -> None:
        self._header_bytes += size
        if self._header_bytes > self._source.size:
            raise StructureError(Damage.CONTRADICTION, "header blocks overlap or leave the file", start)
        if start in seen or len(seen) > _MOST_CHUNKS:
            raise StructureError(Damage.CONTRADICTION, "continuation blocks form a loop", start)
        seen.add(start)

    def _take(
        self,
        kind: int,
        flags: int,
        content: bytes,
        length: int,
        position: int,
        found: list[Message],
        blocks: list[tuple[int, int]],
    ) -> None:
        self.spend("messages")
        if len(content) < length:
            raise StructureError(Damage.INVALID, "a header message leaves its block", position)
        if kind == _CONTINUATION:
            try:
                blocks.append((self.offset(content, 0), self.length(content, self.offset_size)))
            except IndexError:
                raise StructureError(Damage.INVALID, "a continuation message is too short", position) from None
        elif kind:
            found.append(Message(kind, flags, content, position))
