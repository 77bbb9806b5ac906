"""From what the catalog approved to what endpoints believe: a text for people to sign, or signed by this server itself.

People who sign policies sign it, or name this server's own key for it (`wb fleet policy delegate --catalog server`).
Then the server signs within a minute of every approval, deprecation, renewal, end and revocation.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from msgspec import Struct
from sqlalchemy import Connection, func, select

from weighbridge.fleet import revocations, ruling_signing, rulings
from weighbridge.fleet.ruling_signing import RoleState, ToSign
from weighbridge.hub import grants
from weighbridge.hub.catalog_text import Said, approvals
from weighbridge.hub.hub import Hub
from weighbridge.hub.releases import RELEASES, Release
from weighbridge.hub.states import SERVED
from weighbridge.hub.weighed import WEIGHED
from weighbridge.model.errors import WeighbridgeError
from weighbridge.sync.approvals import ApprovedModel, approvals_text, read_approvals
from weighbridge.sync.rulings import CATALOG

_SECONDS = 60.0
_DAY = 86_400_000


class Overview(Struct, kw_only=True):
    """What the catalog approved, and how far endpoints can know of it."""

    approved: list[ApprovedModel]
    left_out: int
    """Served releases for which a text has no room."""
    waiting: int
    """Approvals that endpoints are not told of yet, or are still told of."""
    role: RoleState | None
    """Who signs, and what was signed last; None as long as nobody was named."""


def overview(connection: Connection, now: int) -> Overview:
    """Return what the catalog approved, and how far endpoints can know of it."""
    said, before = approvals(connection), _signed(connection)
    role = next((one for one in ruling_signing.states(connection, now) if one.role == CATALOG), None)
    waiting = len({*said.approved} ^ {*before.approved})
    return Overview(approved=[*said.approved], left_out=said.left_out, waiting=waiting, role=role)


def to_sign(connection: Connection, now: int) -> ToSign:
    """Draft what the catalog approved now, for people to sign. Within a write."""
    number = rulings.next_number(connection, CATALOG)
    content = _text(number, approvals(connection))
    metadata = rulings.draft(connection, now, CATALOG, content)
    return ToSign(role=CATALOG, number=number, metadata=metadata.decode(), text=content.decode())


def sign_here(connection: Connection, now: int) -> int:
    """Sign what the catalog approved with this server's own key, if people named it for that. Within a write.

    Returns:
        The number of the new text; 0 if nobody named this server's key, or nothing is new.
    """
    if not rulings.is_signed_here(connection, CATALOG):
        return 0
    said = approvals(connection)
    if said == _signed(connection) and not rulings.runs_out(connection, now, CATALOG):
        return 0
    number = rulings.next_number(connection, CATALOG)
    signed = rulings.sign_here(connection, now, CATALOG, _text(number, said))
    return ruling_signing.publish(connection, now, None, signed).number


def told(connection: Connection, release: Release, weights: Sequence[str]) -> str:
    """Return whether endpoints know that a release may be used.

    Returns:
        `told`; `waits`: for a signature; `nobody`: of the fleet's people was named who signs that; empty where it may
        not be used, or no fleet is there whose people sign.
    """
    named = rulings.signers(connection)
    if not release.is_served or not weights or not named:
        return ""
    if CATALOG not in named:
        return "nobody"
    known = {digest for one in _signed(connection).approved for digest in one.weights}
    return "told" if known.issuperset(weights) else "waits"


def mark(connection: Connection, now: int) -> tuple[object, ...]:
    """Return what changes whenever `sign_here` may have something to do, and costs little to ask for."""
    joined = RELEASES.join(WEIGHED, WEIGHED.c.release_id == RELEASES.c.release_id)
    times = RELEASES.c.state_at, RELEASES.c.until_at, WEIGHED.c.weighed_at
    wanted = select(func.count(), *map(func.sum, times)).select_from(joined)
    served = connection.execute(wanted.where(RELEASES.c.state.in_([state.value for state in SERVED]))).one()
    signers = sorted(rulings.signers(connection).get(CATALOG, (set(), 0))[0])
    closed = sorted(grants.closed_namespaces(connection))
    return tuple(served), signers, closed, revocations.mark(connection), now // _DAY


async def keep_signed(hub: Hub) -> None:
    """Sign what is new within a minute, until cancelled; at once where this very process has decided it."""
    known: tuple[object, ...] = ()
    while True:
        hub.decided.clear()
        with suppress(WeighbridgeError):  # the next time will do
            now = hub.server.clock()
            new = await hub.server.store.read(partial(mark, now=now))
            if new != known:
                if await hub.server.store.write(partial(sign_here, now=now)):
                    hub.server.exchange.look_again()
                known = new
        with suppress(TimeoutError):
            await asyncio.wait_for(hub.decided.wait(), _SECONDS)


def _signed(connection: Connection) -> Said:
    """Return what endpoints are told of now."""
    before = rulings.current(connection, CATALOG)
    if before is None:
        return Said((), 0)
    read = read_approvals(before.content)
    return Said(read.approved, read.left_out)


def _text(number: int, said: Said) -> bytes:
    try:
        return approvals_text(number, said.approved, said.left_out)
    except ValueError as error:
        raise WeighbridgeError(
            "E-ruling", f"the catalog makes no text: {error}", "tell the people who look after the hub"
        ) from None
