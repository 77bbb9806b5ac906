"""Releases that may be used, by rows alone: for tests of what is said of them."""

from datetime import UTC, datetime

from sqlalchemy import Connection
from tests.hub.holding import keep_weighed

from weighbridge.hub import models, releases
from weighbridge.hub.names import parse_name
from weighbridge.hub.states import State

DAY = 86_400_000


def add_release(connection: Connection, name: str, *weights: str, days: int = 30, **values: object) -> str:
    """Add an approved release of a new model, and return its id. It has no bytes, and no branch means it."""
    now = int(datetime.now(UTC).timestamp() * 1000)
    model = models.add(connection, now, parse_name(name), owner="ada")
    made = releases.add(
        connection, now, model.model_id, weights[0][:40], by="ada", state=State.QUARANTINED, title="files"
    )
    keep_weighed(connection, made.release_id, *weights)
    until = now + days * DAY
    made = releases.change(connection, made.release_id, until_at=until, **values)
    for after in (State.WEIGHING, State.APPROVED):
        made = releases.move(connection, now, made, after, by="grace")
    return made.release_id
