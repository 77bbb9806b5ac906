"""One exchange with an endpoint: who is it, what does it bring, does it hold, what is answered.

Everything that a message leads to is one write: records, projections, position, cosigned checkpoint. It is acknowledged
after the database has committed, and a message that came before changes nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple, TypeVar

from sqlalchemy import Connection

from weighbridge.fleet import endpoints, enrollment, epoch, findings, witness
from weighbridge.fleet.admission import Admission
from weighbridge.fleet.delivery import Delivered, Delivery, allowed
from weighbridge.fleet.endpoints import ACTIVE, Identity, Moment, Presence
from weighbridge.fleet.enrollment import RefusedError
from weighbridge.fleet.policy_choice import PolicyChoice
from weighbridge.fleet.store import Store
from weighbridge.fleet.untrusted import milliseconds, text
from weighbridge.ledger.batch import Batch
from weighbridge.ledger.cosignature import EdCosigner
from weighbridge.ledger.entry import timestamp
from weighbridge.ledger.note_keys import PublicKey
from weighbridge.sync.carrying import batch_of
from weighbridge.sync.envelope import LARGEST_CONTENT, EnvelopeError, unpacked
from weighbridge.sync.messages import Enroll, Enrolled, Message, Sync, Synced, endpoint_id_of, hash_of
from weighbridge.sync.signature import Nonces, SignatureError, Signed, read, verify

_Kind = TypeVar("_Kind", bound=Message)
_LARGE = 1 << 16
"""Bytes of a body from which on reading it is left to a thread."""
_MOST_KNOWN = 100_000
_KNOWN_SECONDS = 3600.0
"""How long the key of an endpoint is remembered. Its key and state are looked up again in the write itself."""
_LARGEST_ENROLL = 1 << 16


class Request(NamedTuple):
    """What came in over HTTP."""

    method: str
    path: str
    fields: Sequence[tuple[str, str]]
    """Header fields, names in lower case."""
    body: bytes
    encoded: bool
    """Whether the body is Zstandard."""


class Clocks(NamedTuple):
    """The server's clocks."""

    wall: Callable[[], float]
    """POSIX time."""
    steady: Callable[[], float]
    """Seconds that never step."""


class Exchange:
    """Answers endpoints.

    Args:
        store: the fleet's.
        clocks: the server's.
        cosigner: the server's key as a witness; by default that of the store.
        policy: returns the number of the policy that an endpoint should have, by its id and what it says that it has.
    """

    def __init__(
        self,
        store: Store,
        clocks: Clocks,
        cosigner: EdCosigner | None = None,
        policy: Callable[[str, str], Awaitable[str]] | None = None,
    ) -> None:
        self._store, self._cosigner, self._clocks = store, cosigner, clocks
        self._choice = PolicyChoice(store, clocks.steady)
        self._policy = policy or self._choice
        self.admission = Admission()
        self.presence = Presence()
        self._nonces = Nonces()
        self._known: dict[str, tuple[float, bytes]] = {}
        """When each active endpoint was looked up, and its key; the first is the oldest."""
        self._epoch = ""

    @property
    def now(self) -> int:
        """Milliseconds since 1970."""
        return int(self._clocks.wall() * 1000)

    @property
    def server_time(self) -> str:
        """The time as messages state it."""
        return time_text(self.now)

    @property
    def retry_in(self) -> float:
        """Seconds after which a request that was not let in may come again."""
        return self.admission.retry_in(self._store.waiting)

    async def enroll(self, request: Request) -> Enrolled:
        """Let an endpoint into the fleet.

        Raises:
            RefusedError: why not.
        """
        if len(request.body) > _LARGEST_ENROLL:
            raise RefusedError("body", "the body is too large")
        signed = _read(request)
        message = _message(request, Enroll, _LARGEST_ENROLL)
        try:
            public = hash_of(message.public_key)
            PublicKey.parse(message.ledger_key)
        except ValueError as error:
            raise RefusedError("body", f"a key {error}") from None
        if endpoint_id_of(public) != signed.key_id:
            raise RefusedError("signature", "the request is signed with another key than it states")
        self._verify(request, signed, public)
        now = self.now
        admitted = await self._store.write(lambda connection: _admitted(connection, now, message, signed.key_id))
        if isinstance(admitted, RefusedError):
            raise admitted
        self._known.pop(admitted.endpoint_id, None)
        return Enrolled(
            version=message.version,
            endpoint_id=admitted.endpoint_id,
            state=admitted.state,
            epoch=await self._current_epoch(),
            witness_key=(await self._witness()).text,
            next_sync_in=self.admission.pace(self._store.waiting, remaining=True),
            server_time=self.server_time,
        )

    async def sync(self, request: Request) -> Synced:
        """Take what an endpoint sends.

        Raises:
            RefusedError: why not.
        """
        signed = _read(request)
        public_key, state = await self._key_and_state(signed.key_id)
        self.admission.enter(signed.key_id, self._store.waiting)
        try:
            if len(request.body) > _LARGE:
                message, batch = await asyncio.to_thread(self._opened, request, signed, public_key)
            else:
                message, batch = self._opened(request, signed, public_key)
            self._nonces.take(signed.key_id, signed.nonce, self._clocks.steady())
            allowed(state)
            outcome = await self._write(signed.key_id, public_key, message, batch)
        except SignatureError as error:
            raise RefusedError(error.code, error.reason) from None
        finally:
            self.admission.leave(signed.key_id)
        self.presence.note(self._moment(signed.key_id, message, outcome.network))
        return Synced(
            version=message.version,
            acknowledged=outcome.copy.position.size,
            cosigned=outcome.copy.position.cosigned,
            accepted=outcome.accepted,
            cosignature=outcome.copy.cosignature if outcome.accepted else "",
            server_time=self.server_time,
            epoch=await self._current_epoch(),
            resync=outcome.resync,
            policy_version=await self._policy(signed.key_id, message.policy_version),
            rulings=self._choice.rulings,
            catalog=self._choice.catalog,
            next_sync_in=self.admission.pace(self._store.waiting, remaining=outcome.remaining or outcome.resync),
        )

    async def heard(self, request: Request, kind: type[_Kind], limit: int) -> tuple[str, _Kind]:
        """Return which active endpoint of the fleet asks, and what: for small messages without a ledger.

        Raises:
            RefusedError: why not.
        """
        if len(request.body) > limit:
            raise RefusedError("body", "the body is too large")
        signed = _read(request)
        identity = await self._identity(signed.key_id)
        self._verify(request, signed, identity.public_key)
        message = _message(request, kind, limit)
        try:
            self._nonces.take(signed.key_id, signed.nonce, self._clocks.steady())
        except SignatureError as error:
            raise RefusedError(error.code, error.reason) from None
        allowed(identity.state)
        return signed.key_id, message

    def look_again(self) -> None:
        """Look again which policy endpoints should have, after somebody changed a roll-out."""
        self._choice.forget()

    def forget(self, endpoint_id: str) -> None:
        """Forget what is remembered of an endpoint, after somebody changed it."""
        self._known.pop(endpoint_id, None)

    async def _write(self, endpoint_id: str, public_key: bytes, message: Sync, batch: Batch) -> Delivered:
        now, witness_key = self.now, await self._witness()
        delivery = partial(Delivery, endpoint_id=endpoint_id, cosigner=witness_key, message=message, now=now)
        try:
            outcome = await self._store.write(lambda connection: delivery(connection).take(public_key, batch))
        except RefusedError:
            # Another server may have changed what is remembered here.
            self.forget(endpoint_id)
            raise
        if isinstance(outcome, witness.Rewritten):
            self.forget(endpoint_id)
            raise RefusedError("forked", outcome.reason)
        return outcome

    def _opened(self, request: Request, signed: Signed, public_key: bytes) -> tuple[Sync, Batch]:
        self._verify(request, signed, public_key)
        message = _message(request, Sync)
        try:
            if message.inventory_digest is not None:
                hash_of(message.inventory_digest)
            return message, batch_of(message)
        except ValueError as error:
            raise RefusedError("body", f"the batch {error}") from None

    def _verify(self, request: Request, signed: Signed, public: bytes) -> None:
        key = PublicKey("device", public)
        try:
            verify(
                signed,
                request.method,
                request.path,
                request.fields,
                request.body,
                now=self._clocks.wall(),
                holds=key.holds_on,
            )
        except SignatureError as error:
            # Another server may have given the endpoint another key.
            self.forget(signed.key_id)
            raise RefusedError(error.code, error.reason) from None

    async def _identity(self, endpoint_id: str) -> Identity:
        found = await self._store.read(lambda connection: endpoints.identity(connection, endpoint_id))
        if found is None:
            raise RefusedError("unknown", "no endpoint has this key")
        return found

    async def _key_and_state(self, endpoint_id: str) -> tuple[bytes, str]:
        """Return the key and state of an endpoint, as far as is known here. Raises RefusedError."""
        now = self._clocks.steady()
        looked_up, public_key = self._known.get(endpoint_id, (float("-inf"), b""))
        if now - looked_up < _KNOWN_SECONDS:
            return public_key, ACTIVE
        found = await self._identity(endpoint_id)
        self.forget(endpoint_id)
        if found.state == ACTIVE:  # else somebody may let it in any moment, perhaps at another server
            self._known[endpoint_id] = now, found.public_key
        while len(self._known) > _MOST_KNOWN:
            del self._known[next(iter(self._known))]
        return found.public_key, found.state

    async def _witness(self) -> EdCosigner:
        if self._cosigner is None:
            now = self.now
            self._cosigner = await self._store.write(lambda connection: witness.cosigner(connection, now))
        return self._cosigner

    async def _current_epoch(self) -> str:
        if not self._epoch:
            found = await self._store.read(lambda connection: epoch.current(connection))
            self._epoch = found or ""
        return self._epoch

    def _moment(self, endpoint_id: str, message: Sync, network: str) -> Moment:
        now = self.now
        stated = milliseconds(message.device_time)
        return Moment(
            endpoint_id=endpoint_id,
            last_seen_at=now,
            clock_offset=0 if stated is None else now - stated,
            policy_version=text(message.policy_version) or "",
            rulings=text(message.rulings, 64) or "",
            sensor=text(message.sensor, 64) or "",
            boot=text(message.boot, 64) or "",
            network=network,
        )


def time_text(now: int) -> str:
    """Return a time in milliseconds since 1970 as messages state it."""
    return timestamp(datetime.fromtimestamp(now / 1000, UTC))


def _admitted(
    connection: Connection, now: int, message: Enroll, endpoint_id: str
) -> enrollment.Admitted | RefusedError:
    try:
        return enrollment.admit(connection, now, message)
    except RefusedError as refused:
        if refused.code != "ledger-changed":
            raise
        findings.open_server_finding(connection, endpoint_id, "ledger-replaced", now)
        return refused  # not raised: what was found is to be stored


def _read(request: Request) -> Signed:
    try:
        return read(request.fields)
    except SignatureError as error:
        raise RefusedError(error.code, error.reason) from None


def _message(request: Request, kind: type[_Kind], limit: int = LARGEST_CONTENT) -> _Kind:
    try:
        return unpacked(request.body, kind, encoded=request.encoded, limit=limit)
    except EnvelopeError as error:
        raise RefusedError(error.code, str(error)) from None
