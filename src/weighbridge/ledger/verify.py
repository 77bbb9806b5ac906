"""Does a log hold? Every byte of it is hashed again, and what does not hold is named by its records.

Needs nothing but the folder and the key; knows nothing of the state of whoever wrote it. Three things are compared: the
entries with the hashes of level 0, each level of hashes with the one above, and the top with the signed root. A level
counts once the one above vouches for it, so a change is told from a changed hash.

Source: RFC 6962 section 2.1; C2SP tlog-tiles.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from weighbridge.ledger.checkpoint import Checkpoint, checkpoint_of
from weighbridge.ledger.chronicle import Chronicle
from weighbridge.ledger.cosignature import cosigned_at
from weighbridge.ledger.key_change import KeyChange, all_keys, followed
from weighbridge.ledger.note import Note, Verifier, verified
from weighbridge.ledger.note_keys import PublicKey
from weighbridge.ledger.reader import LogError, LogReader, Moment, PrunedError
from weighbridge.ledger.tiles import HEIGHT, WIDTH, Tile, hashes_of, levels
from weighbridge.ledger.tree import Frontier, leaf_hash, perfect_root, tree_root
from weighbridge.model.record import record

_MOST_PROBLEMS = 1000
_ATTEMPTS = 4
_Value = TypeVar("_Value")
_LATEST = 253_402_300_799
"""The last second that a calendar of four digits knows; a signature can state any."""


@record
class Problem:
    """Something that does not hold."""

    reason: str
    """A sentence; with `first` its end, which begins with the records."""
    first: int | None = None
    """First record that it is about."""
    last: int | None = None
    """Last one."""


@record
class Verification:
    """What became of it."""

    origin: str
    size: int
    """Records under the checkpoint."""
    unsigned: int
    """Records after it, which only the journal holds."""
    torn: int
    """Bytes at the end of the journal that a commit left unfinished; nobody was told that they were kept."""
    minimum: int
    """Index below which entries were pruned."""
    signed_by: tuple[str, ...]
    """Trusted keys that signed the checkpoint."""
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    """What holds but should be known: gaps, steps of the clock, pruning."""
    intact: int
    """How many records from the first one on hold without a break."""

    @property
    def holds(self) -> bool:
        """Whether everything is as it was signed."""
        return not self.problems


def verify_log(
    log: LogReader,
    keys: Sequence[Verifier],
    against: Sequence[Note] = (),
    progress: Callable[[int], None] = lambda _: None,
    *,
    is_own: bool = False,
) -> Verification:
    """Verify a whole log.

    Args:
        log: its folder.
        keys: whose signature the checkpoint must carry; with none, the signature is not checked and that is a problem.
        against: checkpoints of this log that were kept elsewhere.
        progress: called with the number of records done.
        is_own: whether this is the folder of its writer, not an export.

    Raises:
        LogError: there is no log, or its checkpoint or journal cannot be read.
    """
    for _ in range(_ATTEMPTS):
        walk = _Walk(log)
        signed_by = walk.signatures(walk.head.note, keys)
        known = walk.kept(against) + walk.witnessed()
        if is_own and not log.has_journal():
            walk.tell("the journal is missing: records that were not signed yet, if there were any, are lost")
        walk.tree()
        walk.entries(sorted({one.size for one in known}), progress)
        walk.compare(known)
        if not walk.problems or not walk.was_pruned():
            break
    else:
        raise LogError("is pruned all the time: verify it again in a moment")
    head = walk.head
    problems = sorted(walk.problems, key=lambda one: (one.first is not None, one.first or 0))
    broken = [one.first for one in problems if one.first is not None]
    return Verification(
        origin=head.checkpoint.origin,
        size=head.checkpoint.size,
        unsigned=len(head.tail),
        torn=head.torn,
        minimum=walk.minimum,
        signed_by=signed_by,
        problems=tuple(problems),
        notes=walk.chronicle.notes,
        intact=min(broken, default=head.size if not problems else 0),
    )


class _Walk:
    def __init__(self, log: LogReader) -> None:
        self._log = log
        self.problems: list[Problem] = []
        self.chronicle = Chronicle()
        try:
            moment = log.moment()
        except LogError:
            none: list[KeyChange] = []
            moment = Moment(log.head(), self._read(log.minimum, 0), tuple(self._read(log.key_changes, none)))
        self.head, self.minimum, self._changes = moment
        self._size = self.head.checkpoint.size
        self._roots: dict[int, bytes] = {}
        self._vouched = False
        """Whether the right edge of the tiles leads to the signed root."""
        self._all_keys: list[Verifier] = []
        """Every key that signed at some time, by those that are trusted, and witnesses that are trusted."""

    def was_pruned(self) -> bool:
        """Tell whether retention removed records, and perhaps what they said about it, since this began."""
        try:
            return self._log.minimum() != self.minimum
        except LogError:
            return False

    def signatures(self, note: Note, keys: Sequence[Verifier]) -> tuple[str, ...]:
        """Return the names of the keys that signed."""
        now: list[Verifier] = []
        for key in keys:
            now.append(followed(key, self._changes) if isinstance(key, PublicKey) else key)
            self._all_keys += all_keys(key, self._changes) if isinstance(key, PublicKey) else [key]
        try:
            found = tuple(one.name for one in verified(note, now))
            replaced = not found and verified(note, self._all_keys)
        except ValueError as error:
            self.tell(str(error))
            return ()
        if replaced:
            self.tell("the checkpoint is signed by a key that was replaced by another before")
        elif not found:
            self.tell("the checkpoint is not signed by a key that is trusted here")
        return found

    def kept(self, notes: Sequence[Note]) -> list[Checkpoint]:
        """Return the kept checkpoints that are this log's."""
        found = []
        for note in notes:
            checkpoint = self._ours(note)
            if checkpoint is not None:
                found.append(checkpoint)
            else:
                self.tell("the checkpoint that was kept is not one of this log")
        return found

    def witnessed(self) -> list[Checkpoint]:
        """Return the checkpoint that a witness cosigned and that lies with the log, if one does."""
        note = self._read(self._log.witnessed, None)
        if note is None:
            return []
        checkpoint = self._ours(note)
        if checkpoint is None:
            self.tell("the checkpoint that was witnessed is not one of this log")
            return []
        origin = self.head.checkpoint.origin
        for one in note.signatures:
            known = [key for key in self._all_keys if (key.name, key.key_id) == (one.name, one.key_id)]
            if one.name == origin:
                continue
            at = datetime.fromtimestamp(min(cosigned_at(one.content), _LATEST), UTC)
            trust = "" if known else "; give its key to check that"
            self.chronicle.tell(
                f"{one.name} witnessed {checkpoint.size:,} records on {at:%Y-%m-%d} at {at:%H:%M} UTC{trust}"
            )
        return [checkpoint]

    def _read(self, read: Callable[[], _Value], otherwise: _Value) -> _Value:
        """Return what lies beside the tree; damage to it is told, and does not keep the rest from being looked at."""
        try:
            return read()
        except LogError as error:
            self.tell(f"the log {error}")
            return otherwise

    def _ours(self, note: Note) -> Checkpoint | None:
        try:
            checkpoint = checkpoint_of(note.text)
            ours = checkpoint.origin == self.head.checkpoint.origin and verified(note, self._all_keys)
        except ValueError:
            return None
        return checkpoint if ours else None

    def tree(self) -> None:
        """Compare the right edge of the tree with the signed root."""
        try:
            self._vouched = tree_root(self._size, self._log.node(self._size)) == self.head.checkpoint.root
        except (LogError, ValueError):
            return  # the tile is named when its turn comes
        if not self._vouched:
            self.tell("the hashes do not lead to the root that was signed")

    def entries(self, sizes: Sequence[int], progress: Callable[[int], None]) -> None:
        """Hash every entry and compare it with the tree; remember the roots at `sizes`."""
        frontier: Frontier | None = Frontier()
        waiting = [size for size in sizes if size <= self._size]
        for number, hashes in self._rows(0):
            first = number * WIDTH
            width = min(WIDTH, self._size - first)
            if len(self.problems) >= _MOST_PROBLEMS:
                # A checkpoint can state any size: nobody waits for the end of a log that is not there.
                self.problems.append(Problem(reason="were not looked at any more", first=first, last=self._size - 1))
                return
            found = self._bundle(number, width, hashes)
            leaves = found if found is not None else hashes
            if leaves is None:
                frontier = None
            for at, leaf in enumerate(leaves or ()):
                if frontier is None:
                    break
                if waiting and waiting[0] == first + at:
                    self._roots[waiting.pop(0)] = frontier.root()
                frontier.append(leaf)
            progress(first + width)
        if frontier is not None:
            for size in waiting:
                if size == frontier.size:
                    self._roots[size] = frontier.root()
            if frontier.root() != self.head.checkpoint.root and not self.problems:
                self.tell("the records do not lead to the root that was signed")
        for index, entry in enumerate(self.head.tail, self._size):
            self._told(index, entry)
        for change in self._changes:
            if change.size >= self.minimum and bytes(change.note).decode() not in self.chronicle.key_changes:
                self.tell("the key was changed, and no record says so")
        if self.minimum > self.chronicle.pruned:
            last = min(self.minimum, self._size) - 1
            self.tell("are missing, and no later record says that they were pruned", 0, last)

    def compare(self, known: Sequence[Checkpoint]) -> None:
        """Compare with the checkpoints that were kept elsewhere."""
        for checkpoint in known:
            last = checkpoint.size - 1
            if checkpoint.size > self._size:
                self.tell("were signed once and are not here any more", self._size, last)
            elif checkpoint.size not in self._roots and checkpoint.size:
                self.tell("cannot be compared with the checkpoint that was kept", 0, last)
            elif checkpoint.size and self._roots[checkpoint.size] != checkpoint.root:
                self.tell("are not those that were signed before: the history was rewritten", 0, last)

    def _rows(self, level: int) -> Iterator[tuple[int, list[bytes] | None]]:
        """Yield number and hashes of each tile of a level, None for a tile that is missing or not vouched for."""
        total = self._size >> HEIGHT * level
        above = self._rows(level + 1) if level + 1 in levels(self._size) else iter(())
        parents: list[bytes] | None = None
        for number in range(-(-total // WIDTH)):
            if number % WIDTH == 0:
                _, parents = next(above, (0, None))
            width = min(WIDTH, total - number * WIDTH)
            first = (number * WIDTH) << HEIGHT * level
            last = min(self._size, first + (width << HEIGHT * level)) - 1
            try:
                hashes: list[bytes] | None = hashes_of(self._log.tile(Tile(level, number, width)))
            except LogError as error:
                self.tell(f"cannot be compared: the log {error}", first, last)
                yield number, None
                continue
            if width == WIDTH and parents is not None and perfect_root(hashes or []) != parents[number % WIDTH]:
                self.tell("have hashes that are not those that were signed", first, last)
                hashes = None
            if width < WIDTH and not self._vouched:
                hashes = None
            yield number, hashes

    def _bundle(self, number: int, width: int, hashes: list[bytes] | None) -> list[bytes] | None:
        """Return the leaf hashes of a bundle, None if its entries are not there or not those of the tree."""
        first = number * WIDTH
        try:
            held = self._log.bundle(number, width)
        except PrunedError:
            return None
        except LogError as error:
            self.tell(f"cannot be read: the log {error}", first, first + width - 1)
            return None
        leaves = [leaf_hash(entry) for entry in held]
        wrong = [at for at, leaf in enumerate(leaves) if hashes is not None and leaf != hashes[at]]
        for at in wrong:
            self.tell("is not what was signed", first + at, first + at)
        for at, entry in enumerate(held):
            if at not in wrong:
                self._told(first + at, entry)
        return None if wrong else leaves

    def _told(self, index: int, entry: bytes) -> None:
        trouble = self.chronicle.take(index, entry)
        if trouble is not None:
            self.tell(trouble, index, index)

    def tell(self, reason: str, first: int | None = None, last: int | None = None) -> None:
        """Add a problem; one that continues the problem before it is added to that."""
        before = self.problems[-1] if self.problems else None
        if before is not None and first is not None and before.reason == reason and before.last == first - 1:
            self.problems[-1] = Problem(reason=reason, first=before.first, last=last)
        elif len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(Problem(reason=reason, first=first, last=last))
