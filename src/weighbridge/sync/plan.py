"""What an endpoint sends next, and when: positions, sizes, pauses. Pure; chance comes in as a number.

Source of the pauses: full jitter ("Exponential Backoff And Jitter", AWS Architecture Blog, 2015); Retry-After of
RFC 9110, 10.2.3.
"""

from enum import Enum

from weighbridge.model.record import record
from weighbridge.sync.messages import Synced

LARGEST_BATCH = 1 << 20
"""Bytes of entries in one message."""
SMALLEST_BATCH = 1 << 14
REGULAR_SECONDS = 300.0
SHORTEST_SECONDS = 0.2
LONGEST_SECONDS = 86_400.0
_FIRST_FAILURE = 5.0
_LONGEST_FAILURE = 3600.0


@record
class Place:
    """What an endpoint knows of where the server stands."""

    acknowledged: int = 0
    cosigned: int = 0
    epoch: str = ""
    resync: bool = False
    """Whether the server asked for a snapshot."""
    part: int = 0
    """After which record the next part of the snapshot begins."""


class Step(Enum):
    """What to send."""

    ENTRIES = "entries"
    SNAPSHOT = "snapshot"
    PRESENCE = "presence"
    """Nothing new: the checkpoint, so that the server knows that the endpoint is there and its ledger whole."""
    NOTHING = "nothing"


def next_step(place: Place, signed: int, *, due: bool) -> Step:
    """Return what to send.

    Args:
        place: where the server stands.
        signed: entries under the endpoint's last checkpoint.
        due: whether the pause that the server asked for is over.
    """
    if place.resync and place.acknowledged >= signed:
        return Step.SNAPSHOT
    if place.acknowledged < signed:
        return Step.ENTRIES
    return Step.PRESENCE if due else Step.NOTHING


def after_reply(place: Place, reply: Synced, *, next_part: int | None = None) -> Place:
    """Return where the server stands by its reply, whatever the endpoint believed before.

    Args:
        place: before.
        reply: of the server.
        next_part: after which record the next part of the snapshot begins, if one was sent along and was not the last.
    """
    goes_on = reply.resync and place.resync and reply.accepted and next_part is not None
    part = next_part if goes_on and next_part is not None else 0
    return Place(
        acknowledged=reply.acknowledged, cosigned=reply.cosigned, epoch=reply.epoch, resync=reply.resync, part=part
    )


def most_bytes(failures: int) -> int:
    """Return how many bytes of entries to put into one message: less after failures: the link may be slow."""
    return max(SMALLEST_BATCH, LARGEST_BATCH >> min(failures, 20))


def pause_after_success(next_sync_in: float, chance: float) -> float:
    """Return the seconds until the next message, as the server paces it.

    Args:
        next_sync_in: what it said. A tenth more or less keeps endpoints that began together apart.
        chance: from 0 to 1.
    """
    bounded = min(max(next_sync_in, SHORTEST_SECONDS), LONGEST_SECONDS)
    return bounded * (0.9 + 0.2 * chance)


def pause_after_failure(failures: int, chance: float, retry_after: float = 0.0) -> float:
    """Return the seconds until the next attempt.

    Args:
        failures: in a row, this one included.
        chance: from 0 to 1.
        retry_after: least seconds, if the server said so.
    """
    if retry_after > 0:
        return min(retry_after, LONGEST_SECONDS) * (1 + 0.2 * chance)
    ceiling = min(_LONGEST_FAILURE, _FIRST_FAILURE * float(1 << min(failures, 20)))
    return max(SHORTEST_SECONDS, ceiling * chance)


def retry_after_of(value: str) -> float:
    """Return the seconds that a Retry-After field states; 0 for a date or nonsense."""
    text = value.strip()
    return float(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0.0
