"""Tiles: the tree and the entries of a log as static files. Values in, values out.

Source: C2SP tlog-tiles. A tile holds up to 256 hashes of one of the levels 0, 8, 16, ... of the tree; a bundle holds up
to 256 entries, each after its length as two bytes. The last of each row may be partial.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from weighbridge.ledger.tree import HASH_BYTES, Node, perfect_root

WIDTH = 256
"""Hashes in a full tile, entries in a full bundle."""
HEIGHT = 8
LARGEST_ENTRY = 0xFFFF
"""Bytes of an entry: its length is written in two bytes."""
LARGEST_BUNDLE = WIDTH * (2 + LARGEST_ENTRY)
LARGEST_TILE = WIDTH * HASH_BYTES
CHECKPOINT = "checkpoint"

_PATH = re.compile(r"tile/(entries|0|[1-9][0-9]?)((?:/x[0-9]{3}){0,6})/([0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


class Tile(NamedTuple):
    """One file of a log: level, place in the level, hashes or entries in it. Level -1 are the entries."""

    level: int
    number: int
    width: int

    @property
    def path(self) -> str:
        """Where it stands under the folder of the log: `tile/0/x001/234.p/56`."""
        full = f"tile/{'entries' if self.level == ENTRIES else self.level}/{_path_of(self.number)}"
        return full if self.width == WIDTH else f"{full}.p/{self.width}"


ENTRIES = -1
"""The level of entry bundles."""


def tile_of(path: str) -> Tile | None:
    """Return what stands at a path, None if no tile has that path."""
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    level = ENTRIES if match[1] == "entries" else int(match[1])
    index = int(match[2].replace("/x", "") + match[3])
    width = int(match[4]) if match[4] else WIDTH
    tile = Tile(level, index, width)
    return tile if level < 64 and (width < WIDTH or not match[4]) and tile.path == path else None


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield every tile and bundle of a log of `size` entries, level by level."""
    for level in (ENTRIES, *levels(size)):
        yield from row(level, 0, size)


def levels(size: int) -> range:
    """Return the levels that a log of `size` entries has tiles on."""
    return range((size.bit_length() - 1) // HEIGHT + 1 if size else 0)


def row(level: int, begin: int, size: int) -> Iterator[Tile]:
    """Yield the tiles of one level of a log of `size` entries that differ from those of one of `begin` entries."""
    shift = HEIGHT * max(level, 0)
    first, total = begin >> shift, size >> shift
    for index in range(first // WIDTH, -(-total // WIDTH)):
        width = min(WIDTH, total - index * WIDTH)
        if index * WIDTH + width > first:
            yield Tile(level, index, width)


def nodes(read: Callable[[Tile], bytes], size: int) -> Node:
    """Return the hashes of a tree of `size` leaves as its tiles state them.

    Args:
        read: content of a tile; raises what its source raises.
        size: leaves, which decides how wide the last tiles are.
    """
    kept: dict[tuple[int, int], bytes] = {}

    def node(level: int, index: int) -> bytes:
        tile_level, inside = divmod(level, HEIGHT)
        tile_index, first = divmod(index << inside, WIDTH)
        content = kept.get((tile_level, tile_index))
        if content is None:
            width = min(WIDTH, (size >> HEIGHT * tile_level) - tile_index * WIDTH)
            content = read(Tile(tile_level, tile_index, width))
            if len(content) != width * HASH_BYTES:
                raise ValueError(f"{Tile(tile_level, tile_index, width).path} does not hold {width} hashes")
            kept[tile_level, tile_index] = content
        return perfect_root(hashes_of(content)[first : first + (1 << inside)])

    return node


def hashes_of(content: bytes) -> list[bytes]:
    """Return the hashes in a tile."""
    return [content[at : at + HASH_BYTES] for at in range(0, len(content), HASH_BYTES)]


def bundle(entries: Sequence[bytes]) -> bytes:
    """Return entries as a bundle.

    Raises:
        ValueError: an entry is longer than `LARGEST_ENTRY`, or there are more than `WIDTH`.
    """
    if len(entries) > WIDTH or any(len(entry) > LARGEST_ENTRY for entry in entries):
        raise ValueError("a bundle holds at most 256 entries of at most 65,535 bytes")
    return bundled(entries)


def bundled(entries: Iterable[bytes]) -> bytes:
    """Return entries, each after its length as two bytes. Raises OverflowError for one that is too long."""
    return b"".join([len(entry).to_bytes(2, "big") + entry for entry in entries])


def entries_of(content: bytes, count: int | None = None) -> list[bytes]:
    """Return the first `count` entries of a bundle; all without `count`.

    Raises:
        ValueError: the bundle does not hold so many, or ends inside of one.
    """
    entries: list[bytes] = []
    at = 0
    while at < len(content):
        begin = at + 2
        at = begin + int.from_bytes(content[at:begin], "big")
        if begin > len(content) or at > len(content):
            raise ValueError("an entry is cut off")
        entries.append(content[begin:at])
    if count is not None and len(entries) < count:
        raise ValueError(f"holds {len(entries)} entries instead of {count}")
    return entries[:count]


def spans(begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of `begin` to `end` that lie in one bundle each."""
    if begin < end:
        cuts = [begin, *range((begin // WIDTH + 1) * WIDTH, end, WIDTH), end]
        yield from pairwise(cuts)


def _path_of(number: int) -> str:
    text = f"{number % 1000:03}"
    while number >= 1000:
        number //= 1000
        text = f"x{number % 1000:03}/{text}"
    return text
