"""What a log of n entries must write to become one of m: new tiles and bundles, and its root. Values only.

Keeps the right edge of the tree in memory: the last, partial tile of each level and the last, partial bundle.
"""

from collections.abc import Sequence
from typing import NamedTuple

from weighbridge.ledger.checkpoint import Checkpoint
from weighbridge.ledger.reader import LogError, LogReader
from weighbridge.ledger.tiles import ENTRIES, HEIGHT, WIDTH, Tile, bundle, hashes_of, levels
from weighbridge.ledger.tree import Frontier, edge_nodes, leaf_hash, perfect_root


class Step(NamedTuple):
    """One growth of a log."""

    size: int
    root: bytes
    files: dict[str, bytes]
    """To be written before the checkpoint."""
    superseded: list[Tile]
    """Partial tiles that are not needed after it."""
    edge: list[list[bytes]]
    entries: list[bytes]
    frontier: Frontier


class TileWriter:
    """The right edge of a log.

    Args:
        reader: the log.
        checkpoint: where it stands.

    Raises:
        LogError: the tiles do not lead to the root of the checkpoint.
    """

    def __init__(self, reader: LogReader, checkpoint: Checkpoint) -> None:
        self.size = size = checkpoint.size
        try:
            node = reader.node(size)
            self._frontier = Frontier(size, [node(level, index) for level, index in edge_nodes(size)])
            self._edge = [hashes_of(_partial(reader, level, size)) for level in levels(size)]
            number, width = divmod(size, WIDTH)
            self._entries = reader.bundle(number, width) if width else []
        except ValueError as error:
            raise LogError(f"has a damaged tile: {error}") from None
        if self._frontier.root() != checkpoint.root or list(map(leaf_hash, self._entries)) != (self._edge or [[]])[0]:
            raise LogError("has tiles that do not fit its checkpoint")

    def step(self, entries: Sequence[bytes]) -> Step:
        """Return what makes the log longer by `entries`. Changes nothing; `done` does."""
        files: dict[str, bytes] = {}
        leaves = [leaf_hash(entry) for entry in entries]
        frontier = Frontier(self.size, self._frontier.edge)
        held = [*self._entries, *entries]
        first = self.size // WIDTH
        for at in range(0, len(held), WIDTH):
            part = held[at : at + WIDTH]
            files[Tile(ENTRIES, first + at // WIDTH, len(part)).path] = bundle(part)
        edge: list[list[bytes]] = []
        rising, level = leaves, 0
        while rising:
            before = self._edge[level] if level < len(self._edge) else []
            hashes = [*before, *rising]
            number = (self.size >> HEIGHT * level) // WIDTH
            rising = []
            while len(hashes) >= WIDTH:
                full, hashes = hashes[:WIDTH], hashes[WIDTH:]
                files[Tile(level, number, WIDTH).path] = b"".join(full)
                rising.append(perfect_root(full))
                number += 1
            if hashes:
                files[Tile(level, number, len(hashes)).path] = b"".join(hashes)
            if level == 0:
                _extend(frontier, leaves, rising)
            edge.append(hashes)
            level += 1
        edge += self._edge[level:]
        kept = held[len(held) - len(held) % WIDTH :]
        now = set(_partials(frontier.size, edge, kept))
        superseded = [tile for tile in _partials(self.size, self._edge, self._entries) if tile not in now]
        return Step(frontier.size, frontier.root(), files, superseded, edge, kept, frontier)

    def done(self, step: Step) -> None:
        """Take a step whose files and checkpoint are written."""
        self.size, self._edge, self._entries, self._frontier = step.size, step.edge, step.entries, step.frontier


def _extend(frontier: Frontier, leaves: Sequence[bytes], roots: Sequence[bytes]) -> None:
    """Append leaves; those of tiles that are full by them alone by the roots of these, which are hashed already.

    Args:
        frontier: the tree before.
        leaves: new ones.
        roots: of the tiles that they filled, the first of which may have been begun before.
    """
    begun = -frontier.size % WIDTH
    for leaf in leaves[:begun]:
        frontier.append(leaf)
    whole = max(0, len(leaves) - begun) // WIDTH
    for root in roots[len(roots) - whole :]:
        frontier.append_subtree(HEIGHT, root)
    for leaf in leaves[begun + whole * WIDTH :]:
        frontier.append(leaf)


def _partials(size: int, edge: Sequence[Sequence[bytes]], entries: Sequence[bytes]) -> list[Tile]:
    tiles = [Tile(level, size >> HEIGHT * level + HEIGHT, len(hashes)) for level, hashes in enumerate(edge) if hashes]
    return tiles + ([Tile(ENTRIES, size // WIDTH, len(entries))] if entries else [])


def _partial(reader: LogReader, level: int, size: int) -> bytes:
    number, width = divmod(size >> HEIGHT * level, WIDTH)
    return reader.tile(Tile(level, number, width)) if width else b""
