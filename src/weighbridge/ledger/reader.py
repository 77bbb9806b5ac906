"""Reading a log: its checkpoint, its entries, its hashes, proofs; while somebody writes to it, and without its key.

A log is a folder as C2SP tlog-tiles describes it, and what only the writer's own folder has: the `journal` with entries
since the last checkpoint, and `minimum-index`, below which entries were pruned.
"""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from weighbridge.ledger.checkpoint import Checkpoint, checkpoint_of
from weighbridge.ledger.journal import MOST_BYTES, Journal, read_journal
from weighbridge.ledger.key_change import FOLDER as KEY_CHANGES
from weighbridge.ledger.key_change import MOST_CHANGES, KeyChange, change_of
from weighbridge.ledger.note import LARGEST_NOTE, Note, parse
from weighbridge.ledger.tiles import (
    CHECKPOINT,
    ENTRIES,
    LARGEST_BUNDLE,
    LARGEST_TILE,
    WIDTH,
    Tile,
    entries_of,
    nodes,
    spans,
)
from weighbridge.ledger.tree import HASH_BYTES, Node, consistency_proof, inclusion_proof, tree_root
from weighbridge.model.source import LimitReached

JOURNAL = "journal"
MINIMUM = "minimum-index"
WITNESSED = "witnessed"
"""The largest checkpoint with cosignatures; `checkpoint` may be newer and without."""
_ATTEMPTS = 20
"""Times that a reader looks again because a writer moved entries from the journal into tiles meanwhile."""


class LogError(Exception):
    """A log is not as it must be; the message says what, as the end of a sentence about the log."""


class PrunedError(LogError):
    """An entry was removed by retention; its hash is still there."""


class Files(Protocol):
    """A folder that is read; `host.durable.DurableFolder` is one."""

    def read(self, name: str, limit: int) -> bytes:
        """Return a file whole. Raises OSError, and `LimitReached` beyond `limit` bytes."""
        ...

    def names(self, folder: str) -> list[str]:
        """Return the sorted names in a folder; none if there is no such folder. Raises OSError."""
        ...


class Head(NamedTuple):
    """A moment of a log."""

    note: Note
    checkpoint: Checkpoint
    tail: tuple[bytes, ...]
    """Entries after the checkpoint, from the journal."""
    torn: int
    """Bytes at the end of the journal that a commit left unfinished."""

    @property
    def size(self) -> int:
        """Entries altogether."""
        return self.checkpoint.size + len(self.tail)


class Moment(NamedTuple):
    """A head with what was true beside it at the same time."""

    head: Head
    minimum: int
    """Index below which entries were pruned; the record of that is in the log."""
    key_changes: tuple[KeyChange, ...]
    """Statements that lead to the key of the checkpoint."""


class LogReader:
    """Reads one log.

    Args:
        files: its folder.
    """

    def __init__(self, files: Files) -> None:
        self._files = files

    def head(self) -> Head:
        """Return where the log stands now.

        Raises:
            LogError: checkpoint or journal are missing, damaged or do not fit together.
        """
        trouble = LogError("changes all the time")
        for _ in range(_ATTEMPTS):
            note = self.note()
            checkpoint = _checkpoint(note)
            try:
                tail, torn = self._tail(checkpoint.size)
            except LogError as error:
                trouble = error
                continue
            return Head(note, checkpoint, tail, torn)
        raise trouble

    def moment(self) -> Moment:
        """Return head, minimum and statements that belong together, also while somebody writes. Raises `LogError`."""
        before = self.key_changes()
        for _ in range(_ATTEMPTS):
            # What a writer says in a record before it does it is read before the records.
            minimum, head = self.minimum(), self.head()
            changes = self.key_changes()
            if len(changes) == len(before):
                return Moment(head, minimum, tuple(changes))
            before = changes
        raise LogError("changes all the time")

    def note(self) -> Note:
        """Return the signed checkpoint, unverified. Raises `LogError`."""
        note = self._note(CHECKPOINT)
        if note is None:
            raise LogError("has no checkpoint")
        return note

    def witnessed(self) -> Note | None:
        """Return the largest checkpoint that a witness cosigned, unverified; None if none did. Raises `LogError`."""
        return self._note(WITNESSED)

    def minimum(self) -> int:
        """Return the index below which entries were pruned; 0 if none were. Raises `LogError`."""
        content = self._whole(MINIMUM, 100)
        if content is None:
            return 0
        words = content.split()
        if not words or not all(word.isdigit() and len(word) < 20 for word in words):
            raise LogError("has a damaged minimum index")
        return int(words[-1])

    def key_changes(self) -> list[KeyChange]:
        """Return what earlier keys say about those that follow them, in order. Raises `LogError`."""
        found = []
        try:
            names = [name for name in self._files.names(KEY_CHANGES) if len(name) == 4 and name.isdecimal()]
        except OSError as error:
            raise LogError(f"cannot be read: {error.strerror or error}") from None
        for name in names[:MOST_CHANGES]:
            content = self._whole(f"{KEY_CHANGES}/{name}", LARGEST_NOTE)
            try:
                found.append(change_of(content or b""))
            except ValueError as error:
                raise LogError(f"has a damaged {KEY_CHANGES}/{name}: it {error}") from None
        return found

    def tile(self, tile: Tile) -> bytes:
        """Return the content of a tile, also where only a wider one is kept.

        Raises:
            LogError: it is missing or too short.
        """
        bundle = tile.level == ENTRIES
        for name in self._names_of(tile):
            content = self._whole(name, LARGEST_BUNDLE if bundle else LARGEST_TILE)
            if content is None:
                continue
            if bundle:
                return content
            if len(content) >= tile.width * HASH_BYTES:
                return content[: tile.width * HASH_BYTES]
        raise LogError(f"lacks {tile.path}")

    def node(self, size: int) -> Node:
        """Return the hashes of the tree of the first `size` entries, as the tiles state them."""
        return nodes(self.tile, size)

    def bundle(self, number: int, width: int) -> list[bytes]:
        """Return the first `width` entries of a bundle.

        Raises:
            PrunedError: retention removed them.
            LogError: they are missing or damaged.
        """
        tile = Tile(ENTRIES, number, width)
        try:
            return entries_of(self.tile(tile), width)
        except ValueError as error:
            raise LogError(f"has a damaged {tile.path}: it {error}") from None
        except LogError:
            if (number + 1) * WIDTH <= self.minimum():
                raise PrunedError(f"was pruned below record {self.minimum()}") from None
            raise

    def entries(self, begin: int, end: int, head: Head | None = None) -> Iterator[bytes]:
        """Yield the entries from `begin` up to `end`, as far as there are so many.

        Raises:
            LogError: as `head` and `bundle`.
        """
        head = head or self.head()
        signed = head.checkpoint.size
        for first, last in spans(max(0, begin), min(end, signed)):
            number = first // WIDTH
            held = self.bundle(number, min(WIDTH, signed - number * WIDTH))
            yield from held[first - number * WIDTH : last - number * WIDTH]
        yield from head.tail[max(0, begin - signed) : max(0, end - signed)]

    def root(self, size: int) -> bytes:
        """Return the root of the first `size` entries. Raises `LogError`."""
        return tree_root(size, self.node(size))

    def inclusion(self, index: int, size: int) -> tuple[bytes, ...]:
        """Return the proof that entry `index` is in the tree of `size` entries. Raises `LogError`, ValueError."""
        return inclusion_proof(index, size, self.node(size))

    def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """Return the proof that the tree of `new` entries continues that of `old`. Raises `LogError`, ValueError."""
        return consistency_proof(old, new, self.node(new))

    def journal(self) -> Journal:
        """Return what the journal holds. Raises `LogError`."""
        return read_journal(self._whole(JOURNAL, MOST_BYTES) or b"")

    def has_journal(self) -> bool:
        """Tell whether there is a journal: the folder of a writer always has one, an export never. Raises LogError."""
        return self._whole(JOURNAL, MOST_BYTES) is not None

    def _note(self, name: str) -> Note | None:
        content = self._whole(name, LARGEST_NOTE)
        if content is None:
            return None
        try:
            return parse(content)
        except ValueError as error:
            word = "checkpoint" if name == CHECKPOINT else f"checkpoint in {name}"
            raise LogError(f"has a damaged {word}: it {error}") from None

    def _tail(self, size: int) -> tuple[tuple[bytes, ...], int]:
        journal = self.journal()
        if journal.damaged:
            raise LogError("has a damaged journal: records after the last checkpoint were changed or lost")
        entries = [entry for index, entry in journal.entries if index >= size]
        indices = [index for index, _ in journal.entries if index >= size]
        if indices != list(range(size, size + len(indices))):
            raise LogError("has a journal that does not continue its checkpoint")
        return tuple(entries), journal.torn

    def _names_of(self, tile: Tile) -> Iterator[str]:
        yield tile.path
        if tile.width < WIDTH:
            full = tile._replace(width=WIDTH).path
            yield full
            try:
                widths = sorted(int(name) for name in self._files.names(full + ".p") if name.isdigit())
            except OSError as error:
                raise LogError(f"cannot be read: {error.strerror or error}") from None
            yield from (tile._replace(width=width).path for width in widths if tile.width < width < WIDTH)

    def _whole(self, name: str, limit: int) -> bytes | None:
        try:
            return self._files.read(name, limit)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except LimitReached:
            raise LogError(f"has a {name} that is too large") from None
        except OSError as error:
            raise LogError(f"cannot be read: {name}: {error.strerror or error}") from None


def _checkpoint(note: Note) -> Checkpoint:
    try:
        return checkpoint_of(note.text)
    except ValueError as error:
        raise LogError(f"has a damaged checkpoint: it {error}") from None
