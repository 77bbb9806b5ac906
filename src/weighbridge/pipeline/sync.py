"""Sending this machine's records to the fleet that it belongs to. The ledger itself is what waits to be sent.

One message, one answer: `Syncing.once`. What was acknowledged is remembered, but nothing depends on it: the server says
in every answer what it has. An answer changes numbers here and nothing else; no file, command or query can come in one.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from random import random
from typing import Protocol, TypeVar

from msgspec import structs

from weighbridge import __version__
from weighbridge.host.fleet_http import HttpError, HttpReply
from weighbridge.host.machine import Machine
from weighbridge.ledger.batch import Batch, batch_after
from weighbridge.ledger.checkpoint import checkpoint_of
from weighbridge.ledger.cosignature import CosignerKey
from weighbridge.ledger.entry import moment, timestamp
from weighbridge.ledger.note import Note, parse, signature_lines, verified
from weighbridge.ledger.reader import LogError, LogReader
from weighbridge.ledger.witness_client import RollbackError
from weighbridge.model.record import record
from weighbridge.pipeline.ledger_inventory import Inventory
from weighbridge.pipeline.ledger_open import ledger_reader
from weighbridge.pipeline.membership import FleetFolder, Membership, Progress
from weighbridge.sync.carrying import entry_texts, hashes
from weighbridge.sync.envelope import CONTENT_TYPE, ENCODING, LARGEST_REPLY, EnvelopeError, packed, unpacked
from weighbridge.sync.messages import (
    OLDEST,
    REFUSALS,
    SYNC_PATH,
    VERSION,
    Message,
    Refused,
    Snapshot,
    Sync,
    Synced,
    to_text,
)
from weighbridge.sync.plan import (
    Place,
    after_reply,
    most_bytes,
    pause_after_failure,
    pause_after_success,
    retry_after_of,
)
from weighbridge.sync.signature import sign

_Kind = TypeVar("_Kind", bound=Message)
_SNAPSHOT_ENTRIES = 1000
_SNAPSHOT_BYTES = 2 << 20
_MOST_STANDING = 3
"""Answers in a row that bring the server no further; one that goes in circles is left alone until the next time."""


class Sending(Protocol):
    """The way to the server: `host.fleet_http.FleetClient`."""

    def post(self, path: str, body: bytes, headers: Mapping[str, str], limit: int) -> HttpReply:
        """Send one POST. Raises `HttpError`."""
        ...


@record
class Attempt:
    """What came of one message."""

    code: str
    """Empty if it was answered; else one of `sync.messages.REFUSALS`, or `unreachable`."""
    reason: str
    sent: int
    """Records that were acknowledged with it."""
    waiting: int | None
    """Signed records that the server does not have yet; None if it did not say."""
    pause: float
    """Seconds after which to go on."""
    again: bool = False
    """Whether there is more to say now, and the server wants to hear it."""
    policy: str = ""
    """Number of the policy that the server has for this machine; whether it is to be believed is another matter."""
    rulings: str = ""
    """The same of rulings: `sync.rulings.numbers_text`."""
    catalog: int = 0
    """The same of what the catalog approved."""


class Syncing:
    """Sends to one fleet. Whoever uses it holds `FleetFolder.lock`.

    Args:
        machine: this machine.
        folder: what is known of the fleet.
        membership: which fleet.
        sending: the way to it.
        chance: returns numbers from 0 to 1, to spread the load of many machines.
        policy: returns which policy of the fleet is in force here, as `sync.policy_updates.held_text` says it.
        rulings: returns which rulings are, as `sync.rulings.numbers_text` says it.
    """

    def __init__(
        self,
        machine: Machine,
        folder: FleetFolder,
        membership: Membership,
        sending: Sending,
        chance: Callable[[], float] = random,
        policy: Callable[[], str] = lambda: "",
        rulings: Callable[[], str] = lambda: "",
    ) -> None:
        self._machine, self._folder, self._membership, self._sending = machine, folder, membership, sending
        self._chance, self._policy, self._rulings = chance, policy, rulings
        self._key = folder.device_key()
        self._witness = CosignerKey(membership.witness_key)
        self._progress = folder.progress()
        self._furthest, self._standing, self._new_epochs = (-1, -1), 0, 1
        self._version = VERSION
        """Which the server speaks; found out anew each time, so that a server that was upgraded is met in its own."""
        self._next_part: int | None = None
        """After which record the next part of a snapshot begins."""

    @property
    def progress(self) -> Progress:
        """What came of it so far."""
        return self._progress

    def once(self) -> Attempt:
        """Send what the server lacks, as much as fits into one message; if nothing, that this machine is there.

        Raises:
            WeighbridgeError: the ledger or the state folder cannot be read or written.
        """
        log = ledger_reader(self._machine)
        try:
            batch, behind = self._batch(log)
            message = self._message(log, batch, behind=behind)
        except (LogError, ValueError) as error:
            return self._failed("body", f"the ledger {error}")
        try:
            answer = self._answered(message)
        except HttpError as error:
            return self._failed("unreachable", str(error))
        except EnvelopeError as error:
            return self._failed("unreachable", f"the server does not speak the protocol: {error}")
        if isinstance(answer, Refused):
            return self._refused(answer)
        return self._taken(batch, message, answer)

    # What is sent

    def _batch(self, log: LogReader) -> tuple[Batch, bool]:
        """Return the next batch, and whether the server has seen more than there is here."""
        place = self._progress.place
        try:
            return batch_after(log, place.acknowledged, place.cosigned, most_bytes(self._progress.failures)), False
        except RollbackError:
            head = log.head()
            return Batch(0, 0, bytes(head.note), (), (), 0, b"", ()), True

    def _message(self, log: LogReader, batch: Batch, *, behind: bool) -> Sync:
        machine, boot = self._machine, self._machine.boot()
        texts = entry_texts(batch)
        total = checkpoint_of(parse(batch.note).text).size
        complete = not behind and batch.first + len(texts) == total
        stated, snapshot = self._inventory(log, total) if complete else (None, None)
        return Sync(
            batch=secrets.token_hex(8),
            size=batch.size,
            cosigned=batch.cosigned,
            checkpoint=batch.note.decode(),
            continues=hashes(batch.continues),
            first=batch.first,
            skipped=hashes(batch.skipped),
            entries=texts,
            covers=hashes(batch.covers),
            key_changes=tuple(one.decode() for one in batch.key_changes),
            behind=behind,
            inventory_digest=stated,
            snapshot=snapshot,
            device_time=timestamp(machine.now()),
            monotonic=max(0.0, boot.seconds),
            boot=boot.id[:64],
            policy_version=self._policy(),
            rulings=self._rulings(),
            sensor=__version__,
        )

    def _inventory(self, log: LogReader, total: int) -> tuple[str | None, Snapshot | None]:
        """Return the sum over what there is and, if asked for, a part of it; nothing while records come."""
        inventory = Inventory(self._machine, log)
        inventory.update()
        if inventory.size != total:
            return None, None
        stated = to_text(inventory.sum())
        if not self._progress.place.resync:
            return stated, None
        after = self._progress.place.part
        found, next_after = inventory.page(after, _SNAPSHOT_ENTRIES, _SNAPSHOT_BYTES)
        texts = tuple(entry.decode() for entry in found)
        self._next_part = next_after
        return stated, Snapshot(part=after, last=next_after is None, size=total, entries=texts)

    def _answered(self, message: Sync) -> Synced | Refused:
        message = structs.replace(message, version=self._version)
        answer = self._asked(message)
        if isinstance(answer, Refused) and answer.code == "clock" and (at := moment(answer.server_time)) is not None:
            # The clock here is another one than the server's. Its own clock says when a signature is of today.
            offset = (at - self._machine.now()).total_seconds()
            self._progress = replace(self._progress, clock_offset=offset)
            answer = self._asked(message)
        if isinstance(answer, Synced):
            self._version = answer.version
        return answer

    def _asked(self, message: Sync) -> Synced | Refused:
        return asked(
            self._sending,
            SYNC_PATH,
            message,
            Synced,
            signer=self._key.sign_bytes,
            key_id=self._membership.endpoint_id,
            created=int(self._machine.now().timestamp() + self._progress.clock_offset),
        )

    # What came of it

    def _taken(self, batch: Batch, message: Sync, answer: Synced) -> Attempt:
        before = self._progress.place
        note = parse(batch.note)
        witnessed = None
        if answer.accepted:
            witnessed = _cosigned(note, answer.cosignature, self._witness)
            if witnessed is None:
                return self._failed("signature", "the server's answer is not signed with the key that it enrolled with")
        next_part = None if message.snapshot is None else self._next_part
        place = after_reply(before, answer, next_part=next_part)
        signed = checkpoint_of(note.text).size
        waiting = max(0, signed - place.acknowledged)
        self._keep(
            Progress(
                place=place,
                last_success=timestamp(self._machine.now()),
                clock_offset=self._progress.clock_offset,
            ),
            None if witnessed is None else bytes(witnessed),
        )
        pause = pause_after_success(answer.next_sync_in, self._chance())
        sent = max(0, place.acknowledged - before.acknowledged)
        again = (waiting > 0 or place.resync or place.cosigned > signed) and self._goes_on(before, place, signed)
        return Attempt(
            code="",
            reason="",
            sent=sent,
            waiting=waiting,
            pause=pause,
            again=again,
            policy=answer.policy_version,
            rulings=answer.rulings,
            catalog=answer.catalog,
        )

    def _goes_on(self, before: Place, place: Place, signed: int) -> bool:
        """Tell whether the server still gets further: what it says has an end then, whoever it is."""
        if place.epoch != before.epoch and self._new_epochs:
            self._new_epochs -= 1  # it was put back from a backup, and begins where that was made
            self._furthest = (-1, -1)
        here = (min(place.acknowledged, signed), place.part)
        self._standing = 0 if here > self._furthest else self._standing + 1
        self._furthest = max(self._furthest, here)
        return self._standing < _MOST_STANDING

    def _refused(self, answer: Refused) -> Attempt:
        code = answer.code if answer.code in REFUSALS else "body"
        return self._failed(code, answer.message, answer.retry_in)

    def _failed(self, code: str, reason: str, retry_after: float = 0.0) -> Attempt:
        failures = self._progress.failures + 1
        self._keep(replace(self._progress, failures=failures, code=code, reason=reason[:255]))
        pause = pause_after_failure(failures, self._chance(), retry_after)
        return Attempt(code=code, reason=reason, sent=0, waiting=None, pause=pause)

    def _keep(self, progress: Progress, witnessed: bytes | None = None) -> None:
        self._progress = progress
        self._folder.keep(progress, witnessed)


def asked(
    sending: Sending,
    path: str,
    message: Message,
    kind: type[_Kind],
    *,
    signer: Callable[[bytes], bytes],
    key_id: str,
    created: int,
) -> _Kind | Refused:
    """Send a signed message and return its answer; to a server that does not speak its version, in one that it does.

    Raises:
        HttpError: there is none.
        EnvelopeError: it is none of the protocol.
    """
    once = partial(_asked_once, sending, path, kind=kind, signer=signer, key_id=key_id, created=created)
    answer = once(message)
    if isinstance(answer, Refused) and answer.code == "version":
        older = [one for one in answer.versions if OLDEST <= one < message.version]
        if older:
            return once(structs.replace(message, version=max(older)))
    return answer


def _asked_once(
    sending: Sending,
    path: str,
    message: Message,
    *,
    kind: type[_Kind],
    signer: Callable[[bytes], bytes],
    key_id: str,
    created: int,
) -> _Kind | Refused:
    body = packed(message)
    nonce = secrets.token_urlsafe(24)
    signature = sign("POST", path, body, key_id=key_id, created=max(0, created), nonce=nonce, signer=signer)
    headers = {"Content-Type": CONTENT_TYPE, "Content-Encoding": ENCODING, **signature}
    reply = sending.post(path, body, headers, LARGEST_REPLY)
    if reply.status == 200:
        return unpacked(reply.body, kind, encoded=False, limit=LARGEST_REPLY)
    try:
        return unpacked(reply.body, Refused, encoded=False, limit=LARGEST_REPLY)
    except EnvelopeError:
        wait = retry_after_of(reply.headers.get("retry-after", ""))
        if reply.status in (429, 502, 503, 504):
            return Refused(code="busy", message=f"the way there answers {reply.status}", server_time="", retry_in=wait)
        raise EnvelopeError("body", f"it answers {reply.status}") from None


def _cosigned(note: Note, line: str, witness: CosignerKey) -> Note | None:
    """Return a checkpoint with the server's cosignature; None if that is not the server's."""
    try:
        both = note._replace(signatures=(*note.signatures, *signature_lines(line)))
        return both if verified(both, [witness]) else None
    except ValueError:
        return None
