"""Making an inventory anew from a snapshot, in parts, when it differs from the endpoint's.

The server asks at most every few hours, so that a difference that no snapshot heals does not become a flood.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from weighbridge.fleet import agents, findings, inventory, projection
from weighbridge.fleet.inventory import Asked, Change, Known
from weighbridge.sync.inventory_sum import digest

ASK_AGAIN_AFTER = 6 * 3_600_000
CHECK = "inventory-differs"


def compare(connection: Connection, endpoint_id: str, stated: bytes, now: int, known: Known) -> bool:
    """Compare the endpoint's sum with ours; return whether to ask for a snapshot.

    Args:
        connection: within a write.
        endpoint_id: whose.
        stated: the sum over everything that the endpoint has, by the same records.
        now: milliseconds since 1970.
        known: of its inventory here.
    """
    asked = known.asked
    if digest(known.total) == stated:
        if asked.at:
            inventory.note_asked(connection, endpoint_id, Asked(asked.round, 0, True))
            findings.end_server_finding(connection, endpoint_id, CHECK, now)
        return False
    if asked.at and not asked.answered:
        return True
    if asked.at and now - asked.at < ASK_AGAIN_AFTER:
        return False
    inventory.note_asked(connection, endpoint_id, Asked(asked.round, now, False))
    findings.open_server_finding(connection, endpoint_id, CHECK, now)
    return True


def take(
    connection: Connection, endpoint_id: str, number: int, last: bool, changes: Sequence[Change], now: int
) -> None:
    """Take one part of a snapshot; with the last one, end whatever was in none.

    Args:
        connection: within a write.
        endpoint_id: whose.
        number: 0 for the first part.
        last: whether it is the last one.
        changes: the last record of each thing.
        now: milliseconds since 1970.
    """
    asked = inventory.known(connection, endpoint_id).asked
    this = asked.round + (number == 0)
    inventory.note_asked(connection, endpoint_id, Asked(this, asked.at or now, last))
    projection.apply(connection, endpoint_id, inventory.news(connection, endpoint_id, changes))
    inventory.mark(connection, endpoint_id, changes, this)
    if last:
        inventory.end_unmarked(connection, endpoint_id, this, now)
        agents.renew(connection, endpoint_id)
