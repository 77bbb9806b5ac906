"""What one message leads to in the database: all of it in one transaction, or nothing."""

from typing import NamedTuple

from sqlalchemy import Connection

from weighbridge.fleet import endpoints, findings, inventory, projection, resync, witness
from weighbridge.fleet.endpoints import ACTIVE, FORKED, PENDING, REVOKED
from weighbridge.fleet.enrollment import RefusedError
from weighbridge.fleet.inventory import Known
from weighbridge.fleet.projection import Projected
from weighbridge.fleet.untrusted import milliseconds, text
from weighbridge.ledger.batch import Batch, Refused, Taken
from weighbridge.ledger.cosignature import EdCosigner
from weighbridge.ledger.entry import decode
from weighbridge.sync.messages import Sync, hash_of


class Delivered(NamedTuple):
    """What a write decided."""

    copy: witness.Copy
    accepted: bool
    remaining: bool
    """Whether the endpoint has more."""
    resync: bool
    """Whether a snapshot is asked for."""
    network: str = ""
    """How far the endpoint reached by what it sent; empty if that does not say."""


class Delivery:
    """One message within a write.

    Args:
        connection: of the write.
        endpoint_id: whose; its signature holds.
        cosigner: the server's key as a witness.
        message: what it sent.
        now: milliseconds since 1970.
    """

    def __init__(self, connection: Connection, endpoint_id: str, cosigner: EdCosigner, message: Sync, now: int) -> None:
        self._connection, self._endpoint_id, self._cosigner = connection, endpoint_id, cosigner
        self._message, self._now = message, now

    def take(self, public_key: bytes, batch: Batch) -> Delivered | witness.Rewritten:
        """Take the batch; return what came of it.

        Args:
            public_key: that the signature of the message was verified with.
            batch: in the message.

        Raises:
            RefusedError: it is not taken, and nothing is to be stored.
        """
        sender = witness.sender(self._connection, self._endpoint_id)
        allowed(REVOKED if sender is None else sender.identity.state)
        if sender is None or sender.identity.public_key != public_key:
            raise RefusedError("signature", "the endpoint goes on with a new key")
        before = sender.copy
        found = witness.rolled_back(batch, before) if self._message.behind else None
        outcome = found or witness.compared(batch, before)
        if isinstance(outcome, witness.Rewritten):
            self._accuse(outcome)
            return outcome
        if isinstance(outcome, Refused):
            return self._not_taken(outcome, before)
        return self._taken(outcome, before)

    def _accuse(self, found: witness.Rewritten) -> None:
        place = f"records {found.first} to {found.last}"
        findings.open_server_finding(self._connection, self._endpoint_id, found.kind, self._now, found.reason, place)
        endpoints.set_state(self._connection, self._endpoint_id, FORKED, found.reason, self._now)

    def _not_taken(self, refused: Refused, before: witness.Copy) -> Delivered:
        if refused.status == 409:
            # The same message again, because its answer was lost: what it asked for is done.
            again = bool(before.checkpoint) and witness.checkpoint_text(before.checkpoint) == self._signed_text()
            asked = inventory.known(self._connection, self._endpoint_id).asked
            return Delivered(before, again, before.position.cosigned > before.position.size, asked.waits)
        if refused.status in (403, 404):
            raise RefusedError("ledger", "the checkpoint is not signed with the key of this endpoint's ledger")
        raise RefusedError("body", text(refused.reason) or "")

    def _taken(self, taken: Taken, before: witness.Copy) -> Delivered:
        connection, endpoint_id, now = self._connection, self._endpoint_id, self._now
        stated = milliseconds(self._message.device_time)
        offset = 0 if stated is None else now - stated
        copy = before
        if not before.cosignature or taken.position != before.position:
            copy = witness.advance(
                connection,
                endpoint_id,
                before,
                taken,
                batch=self._message.batch,
                now=now,
                cosign=lambda signed_text, seconds: self._cosigner.cosign(signed_text, seconds).line,
            )
        if copy.skipped > before.skipped:
            missing = f"records {before.position.size} to {taken.first - 1}"
            findings.open_server_finding(connection, endpoint_id, "records-missing", now, place=missing)
        projected = Projected("", None)
        if taken.entries:
            projected = projection.take(
                connection, endpoint_id, taken.first, taken.entries, received_at=now, offset=offset
            )
        wanted = self._compared(taken, offset, projected.known)
        return Delivered(copy, True, taken.remaining > 0, wanted, projected.network)

    def _compared(self, taken: Taken, offset: int, known: Known | None) -> bool:
        """Take a part of a snapshot, compare inventories; return whether a snapshot is wanted."""
        connection, endpoint_id, message = self._connection, self._endpoint_id, self._message
        known = known or inventory.known(connection, endpoint_id)
        if taken.remaining:
            return known.asked.waits
        if message.snapshot is not None and known.asked.waits:
            entries = [one.encode() for one in message.snapshot.entries]
            decoded = [(entry, decode(entry)) for entry in entries]
            changes = projection.changes_of(decoded, received_at=self._now, offset=offset)
            resync.take(connection, endpoint_id, message.snapshot.part, message.snapshot.last, changes, self._now)
            if not message.snapshot.last:
                return True
            known = inventory.known(connection, endpoint_id)
        if message.inventory_digest is None:
            return known.asked.waits
        return resync.compare(connection, endpoint_id, hash_of(message.inventory_digest), self._now, known)

    def _signed_text(self) -> str:
        try:
            return witness.checkpoint_text(self._message.checkpoint.encode())
        except ValueError:
            return ""


def allowed(state: str) -> None:
    """Let an endpoint in this state send. Raises RefusedError: `approval`, `forked`, `revoked`."""
    if state == ACTIVE:
        return
    code, reason = {
        PENDING: ("approval", "the enrollment waits for somebody's approval"),
        FORKED: ("forked", "this ledger is not the one that was sent before"),
    }.get(state, ("revoked", "this endpoint was taken out of the fleet"))
    raise RefusedError(code, reason)
