"""One log, open for writing: what `append` returned for is on the disk, whatever happens next.

    append: journal + wait for the disk  ->  acknowledged
    checkpoint: entries and hashes into tiles  ->  signed checkpoint  ->  journal emptied

Who commits takes along what others queued meanwhile (`group.py`). Source: C2SP tlog-tiles and tlog-checkpoint; the
order of steps is that of `host/durable.py`.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

from weighbridge.host.durable import BusyError, DurableFolder, Handle, Lock
from weighbridge.ledger.checkpoint import Checkpoint, checkpoint_of
from weighbridge.ledger.errors import busy, damaged, unwritable
from weighbridge.ledger.group import Group, Ticket
from weighbridge.ledger.journal import frame
from weighbridge.ledger.key_change import FOLDER as KEY_CHANGES
from weighbridge.ledger.note import LARGEST_NOTE, Note, Signer, Verifier, signed, verified
from weighbridge.ledger.pruning import finish_pruning, prune
from weighbridge.ledger.reader import JOURNAL, WITNESSED, LogError, LogReader
from weighbridge.ledger.tile_writer import Step, TileWriter
from weighbridge.ledger.tiles import CHECKPOINT
from weighbridge.ledger.tree import EMPTY_ROOT

LOCK = "lock"
_MOST_PENDING = 4096
_MOST_PENDING_BYTES = 8 << 20
"""Entries and bytes in the journal after which a checkpoint is written without being asked for."""


class Key(Signer, Protocol):
    """What a log is signed with."""

    @property
    def public(self) -> Verifier:
        """What its checkpoints are verified with."""
        ...


class Recovered(NamedTuple):
    """What opening found after a process that did not close the log."""

    entries: int
    """Acknowledged entries taken from the journal."""
    torn: int
    """Bytes of a commit that nobody was told of, and that was dropped."""
    lost: bool = False
    """Whether there was no journal: what it held, if it held something, is gone."""


class Log:
    """A log that this process alone writes to; any number of threads may append. Open it with `Log.open`."""

    @classmethod
    def open(cls, folder: DurableFolder, key: Key) -> "Log":
        """Open a log, make it if there is none, and bring in what a killed process left in the journal.

        Args:
            folder: where it lies.
            key: what it is signed with; its name is the origin of a new log.

        Raises:
            WeighbridgeError: `E-ledger-busy`, `E-ledger-damaged`, `E-ledger-write`.
        """
        try:
            lock = folder.lock(LOCK)
        except BusyError:
            raise busy() from None
        except OSError as error:
            raise unwritable(error) from error
        try:
            return cls(folder, key, lock)
        except LogError as error:
            lock.close()
            raise damaged(str(error)) from error
        except OSError as error:
            lock.close()
            raise unwritable(error) from error
        except Exception:
            lock.close()
            raise

    def __init__(self, folder: DurableFolder, key: Key, lock: Lock) -> None:
        self._folder, self._key, self._lock = folder, key, lock
        self._reader = LogReader(folder)
        folder.clean()
        names = folder.names("")
        lost = JOURNAL not in names
        if not folder.names("tile") and CHECKPOINT not in names:
            if not lost and self._reader.journal().entries:
                raise LogError("has no checkpoint")
            # The journal is there before the checkpoint: a log without it has lost it.
            folder.appending(JOURNAL).close()
            lost = False
            folder.replace({CHECKPOINT: bytes(signed(Checkpoint(key.name, 0, EMPTY_ROOT).text, key))})
        head = self._reader.head()
        if not verified_by(head.note, key.public):
            raise LogError("has a checkpoint that its key did not sign")
        self.origin = head.checkpoint.origin
        self._tiles = TileWriter(self._reader, head.checkpoint)
        self._pending: list[bytes] = list(head.tail)
        self._pending_bytes = sum(map(len, self._pending))
        self._group = Group(head.size)
        self._committing = threading.RLock()
        self._broken: BaseException | None = None
        self._note = head.note
        self._journal: Handle = folder.appending(JOURNAL)
        finish_pruning(folder)
        self.recovered = Recovered(len(head.tail), head.torn, lost) if head.tail or head.torn or lost else None
        # What was read back may be in memory only: as tiles it is on the disk before anything is built on it.
        if self._pending:
            self._integrate()
        if self._journal.size:
            self._journal.truncate(0)

    @property
    def size(self) -> int:
        """Acknowledged entries."""
        return self._tiles.size + len(self._pending)

    @property
    def is_usable(self) -> bool:
        """Whether what failed to be written may be tried again; if not, the log must be opened anew."""
        return self._broken is None

    def append(self, entries: Sequence[bytes]) -> range:
        """Add entries; they are durable on return.

        Args:
            entries: each at most 65,535 bytes.

        Returns:
            Their indices.

        Raises:
            WeighbridgeError: `E-ledger-write`; then none of them is in the log.
            ValueError: an entry is too long.
        """
        return self.append_made(lambda _: entries)

    def append_made(self, make: Callable[[int], Iterable[bytes]]) -> range:
        """Add the entries that `make` returns for the index that the first of them gets. Else as `append`.

        `make` runs while nobody else can queue: it must be quick and must not append.
        """
        with self._group.locked:
            if self._broken is not None:
                raise unwritable(self._broken)
            ticket = self._group.join(make)
        interrupt = None if ticket.leads else ticket.wait()
        if not ticket.done:
            try:
                with self._committing:
                    self._commit()
            finally:
                self._group.hand_over()
        if interrupt is not None:
            raise interrupt
        if ticket.error is not None:
            raise unwritable(ticket.error) from ticket.error
        return range(ticket.first, ticket.first + len(ticket.entries))

    def checkpoint(self) -> Note:
        """Sign what is in the log now; return the checkpoint.

        Raises:
            WeighbridgeError: `E-ledger-write`; the log is as it was.
        """
        with self._committing:
            if self._pending:
                try:
                    self._integrate()
                except OSError as error:
                    raise unwritable(error) from error
            return self._note

    def entries(self, begin: int, end: int) -> list[bytes]:
        """Return the entries from `begin` up to `end`. Raises `LogError` where they cannot be read."""
        with self._committing:
            signed_size, pending = self._tiles.size, list(self._pending)
            stored = list(self._reader.entries(begin, min(end, signed_size)))
        return stored + pending[max(0, begin - signed_size) : max(0, end - signed_size)]

    def prove_inclusion(self, index: int) -> tuple[bytes, ...]:
        """Return the proof that entry `index` is in the tree of the last checkpoint. Raises `LogError`, ValueError."""
        with self._committing:
            return self._reader.inclusion(index, self._tiles.size)

    def prove_consistency(self, old: int) -> tuple[bytes, ...]:
        """Return the proof that the last checkpoint continues that of `old` entries. Raises `LogError`, ValueError."""
        with self._committing:
            return self._reader.consistency(old, self._tiles.size)

    def cosign(self, note: Note) -> None:
        """Keep a checkpoint with the signatures that witnesses put under it, also where the log went on meanwhile.

        Raises:
            WeighbridgeError: `E-ledger-write`.
            ValueError: it is no checkpoint of this log.
        """
        checkpoint = checkpoint_of(note.text)
        with self._committing:
            last = note.text == self._note.text
            if not verified_by(note, self._key.public) or not (last or self._passed(checkpoint)):
                raise ValueError("is no checkpoint of this log")
            if not last and self._witnessed_size() > checkpoint.size:
                return
            files = {CHECKPOINT: bytes(note)} if last else {}
            try:
                self._folder.replace({WITNESSED: bytes(note), **files})
            except OSError as error:
                raise unwritable(error) from error
            self._note = note if last else self._note

    def change_key(self, key: Key, statement: bytes) -> None:
        """Let another key sign from here on; this checkpoint is signed by both.

        Args:
            key: the new one, of the same name.
            statement: what the key before says about it; the caller has recorded it.

        Raises:
            WeighbridgeError: `E-ledger-write`; do it again, then.
        """
        with self._committing:
            self.checkpoint()
            both = signed(self._note.text, self._key, key)
            try:
                # The checkpoint goes first: readers that know the statement expect the new key under it.
                self._folder.replace({CHECKPOINT: bytes(both)})
                names = self._folder.names(KEY_CHANGES)
                stated = [self._folder.read(f"{KEY_CHANGES}/{name}", LARGEST_NOTE) for name in names]
                if statement not in stated:
                    self._folder.replace({f"{KEY_CHANGES}/{len(names) + 1:04}": statement})
            except OSError as error:
                raise unwritable(error) from error
            self._note, self._key = both, key

    def prune(self, minimum: int) -> int:
        """Remove the entries below `minimum`, by whole bundles; hashes stay. Return the first index that is left.

        The caller has recorded before that it does so, and why. Raises `WeighbridgeError`: `E-ledger-write`.
        """
        with self._committing:
            try:
                return prune(self._folder, self._reader.minimum(), min(minimum, self._tiles.size))
            except OSError as error:
                raise unwritable(error) from error

    def close(self) -> None:
        """Sign what is left and release the log, which is closed also if this raises.

        Raises:
            WeighbridgeError: `E-ledger-write`.
        """
        try:
            if self._broken is None:
                self.checkpoint()
        finally:
            self._broken = self._broken or ValueError("is closed")
            self._journal.close()
            self._lock.close()

    def __enter__(self) -> "Log":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _witnessed_size(self) -> int:
        try:
            note = self._reader.witnessed()
            return checkpoint_of(note.text).size if note is not None else 0
        except (LogError, ValueError):
            return 0  # what is damaged is replaced

    def _passed(self, checkpoint: Checkpoint) -> bool:
        """Tell whether this log once had that checkpoint."""
        try:
            return (
                checkpoint.origin == self.origin
                and checkpoint.size <= self._tiles.size
                and self._reader.root(checkpoint.size) == checkpoint.root
            )
        except (LogError, ValueError):
            return False

    def _commit(self) -> None:
        """Make everything that is queued durable, or fail all of it. The caller holds `_committing`."""
        tickets = self._group.take()
        entries = [entry for ticket in tickets for entry in ticket.entries]
        before, writing = self._journal.size, True
        try:
            if entries:
                self._journal.write(frame(tickets[0].first, entries))
                writing = False
                self._journal.sync()
        except OSError as error:
            self._fail(tickets, error, before, lasting=not writing)
            return
        except BaseException as error:
            self._fail(tickets, error, before, lasting=False)
            raise
        self._pending += entries
        self._pending_bytes += sum(map(len, entries))
        for ticket in tickets:
            ticket.finish()
        if len(self._pending) >= _MOST_PENDING or self._pending_bytes >= _MOST_PENDING_BYTES:
            try:
                self._integrate()
            except OSError:
                # The entries are safe in the journal; the next commit or checkpoint tries again.
                pass

    def _fail(self, tickets: list[Ticket], error: BaseException, before: int, *, lasting: bool) -> None:
        """Tell everybody who waits, and take back what was half written.

        After a failed synchronization (`lasting`) nobody knows what the disk holds: only opening anew finds out.
        """
        with self._group.locked:
            self._group.fail(tickets, error, self.size)
            self._broken = error if lasting else None
            try:
                self._journal.truncate(before)
            except OSError as second:
                self._broken = second

    def _integrate(self) -> None:
        """Move pending entries into tiles and sign. Raises OSError; then the last checkpoint still holds."""
        step = self._tiles.step(self._pending)
        self._folder.replace(step.files)
        note = signed(Checkpoint(self.origin, step.size, step.root).text, self._key)
        self._folder.replace({CHECKPOINT: bytes(note)})
        self._tiles.done(step)
        self._note = note
        self._pending, self._pending_bytes = [], 0
        try:
            if self._journal.size:
                self._journal.truncate(0)
            self._remove_partials(step)
        except OSError:
            # What stays is passed over by readers.
            pass

    def _remove_partials(self, step: Step) -> None:
        for tile in step.superseded:
            folder = tile.path.rpartition("/")[0]
            names = [f"{folder}/{name}" for name in self._folder.names(folder)]
            self._folder.remove([name for name in names if name not in step.files])
            self._folder.remove_empty_folder(folder)


def verified_by(note: Note, verifier: Verifier) -> bool:
    """Tell whether a checkpoint is signed by a key."""
    try:
        return bool(verified(note, [verifier])) and checkpoint_of(note.text).size >= 0
    except ValueError:
        return False
