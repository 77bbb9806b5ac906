"""A test of a target: whether it would take what is sent there, asked now and not through the outbox."""

import asyncio
from datetime import UTC, datetime

from msgspec import Struct

from weighbridge import __version__
from weighbridge.export.event import Event
from weighbridge.fleet.export_targets import ExportTarget
from weighbridge.fleet.outbox_events import DECISION, Outgoing
from weighbridge.fleet.target import Destination, UndeliveredError
from weighbridge.fleet.target_registry import TARGETS
from weighbridge.host.outgoing import OutgoingError
from weighbridge.host.outgoing_http import Poster
from weighbridge.ledger.entry import timestamp

_SECONDS = 30.0
MESSAGE = "A test of this target by Weighbridge; nothing happened"


class Tested(Struct, kw_only=True):
    """What came of a test."""

    taken: bool
    said: str
    """What was found, in words."""


async def test_target(target: ExportTarget, destination: Destination, poster: Poster, now: int) -> Tested:
    """Ask a target whether it takes what is sent there: with an event that says so, or without a trace if it can.

    Args:
        target: which.
        destination: where, with its secret.
        poster: speaks to it.
        now: milliseconds since 1970.
    """
    kind = TARGETS[target.kind]
    try:
        async with asyncio.timeout(_SECONDS):
            if kind.probe is not None:
                return Tested(taken=True, said=await kind.probe(destination, poster))
            await kind.send(destination, [_event(now)], poster, now)
    except (UndeliveredError, OutgoingError) as error:
        return Tested(taken=False, said=str(error))
    except TimeoutError:
        return Tested(taken=False, said=f"it took longer than {_SECONDS:.0f} seconds")
    return Tested(taken=True, said="it took an event that says that it is a test")


def _event(now: int) -> Outgoing:
    event = Event(
        kind="record",
        id=f"test-{now}",
        at=timestamp(datetime.fromtimestamp(now / 1000, UTC)),
        machine="",
        tool_version=__version__,
        message=MESSAGE,
        record_kind="test",
    )
    return Outgoing(event, DECISION, "")


__test__ = False
"""For test runners that look for names: this is no test."""
