"""Targets, kinds of targets and dead letters as faces show them: everything but secrets."""

from typing import Literal

from msgspec import Struct
from sqlalchemy import Connection

from weighbridge.fleet import dead_letters, export_targets, outbox, tickets
from weighbridge.fleet.export_targets import ExportTarget
from weighbridge.fleet.problem import not_found
from weighbridge.fleet.target_registry import TARGETS


class ShownTarget(Struct, kw_only=True):
    """One target. Times are milliseconds since 1970, UTC."""

    target_id: str
    name: str
    kind: str
    address: str
    format: str
    topics: list[str]
    severity: str
    made_at: int
    state: Literal["sending", "failing", "paused"]
    behind: int
    """Rows of the outbox that it has not taken yet."""
    sent: int
    """Events that it took."""
    dead_letters: int
    lost: int
    """Rows that retention removed before it took them."""
    attempts: int
    next_at: int
    last_sent_at: int | None
    error: str
    digest_minutes: int = 0
    options: dict[str, str] = {}
    cursor: int = 0
    """Position in the outbox of the last row that it took."""
    secret: str | None = None
    """One that the server made, in the answer that made the target and never again."""


class ShownLetter(Struct, kw_only=True):
    """One row that a target refused."""

    endpoint_id: str
    row_id: str
    at: int
    waits: bool
    """Whether it is about to be sent again."""
    error: str


class ShownTicket(Struct, kw_only=True):
    """One finding's issue in a tracker."""

    endpoint_id: str
    finding_id: str
    ticket: str
    url: str


class ShownOption(Struct, kw_only=True):
    """Something that a kind of target asks for."""

    name: str
    about: str
    usual: str
    needed: bool


class Kind(Struct, kw_only=True):
    """One kind of target."""

    kind: str
    title: str
    address: str
    """An example."""
    needs_secret: bool
    formats: list[str]
    topics: list[str]
    severity: str
    takes_digests: bool
    options: list[ShownOption]


def kinds() -> list[Kind]:
    """Return what targets there can be."""
    return [
        Kind(
            kind=one.id,
            title=one.title,
            address=one.address,
            needs_secret=one.needs_secret,
            formats=list(one.formats),
            topics=list(one.topics),
            severity=one.severity,
            takes_digests=one.digest is not None,
            options=[
                ShownOption(name=name, about=option.about, usual=option.usual, needed=option.needed)
                for name, option in one.options.items()
            ],
        )
        for one in TARGETS.values()
    ]


def listed(connection: Connection) -> list[ShownTarget]:
    """Return the targets, by name, with how far each is."""
    letters = dead_letters.counts(connection)
    return [shown(connection, one, letters.get(one.target_id, 0)) for one in export_targets.listed(connection)]


def one_target(connection: Connection, target_id: str) -> ShownTarget:
    """Return how far a target is. Raises RefusedError, 404."""
    target = there(connection, target_id)
    return shown(connection, target, dead_letters.counts(connection).get(target_id, 0))


def letters_of(connection: Connection, target_id: str) -> list[ShownLetter]:
    """Return what a target refused, the latest first. Raises RefusedError, 404."""
    there(connection, target_id)
    return [
        ShownLetter(endpoint_id=one.endpoint_id, row_id=one.row_id, at=one.at, waits=one.again, error=one.error)
        for one in dead_letters.listed(connection, target_id)
    ]


def tickets_of(connection: Connection, target_id: str) -> list[ShownTicket]:
    """Return the issues that findings have in a tracker, the latest first. Raises RefusedError, 404."""
    there(connection, target_id)
    return [ShownTicket(**one._asdict()) for one in tickets.of_target(connection, target_id)]


def there(connection: Connection, target_id: str) -> ExportTarget:
    """Return a target. Raises RefusedError, 404."""
    found = export_targets.by_id(connection, target_id)
    if found is None:
        raise not_found("target")
    return found


def shown(connection: Connection, target: ExportTarget, letters: int = 0) -> ShownTarget:
    """Return a target as it is shown."""
    state: Literal["sending", "failing", "paused"] = "failing" if target.attempts else "sending"
    return ShownTarget(
        target_id=target.target_id,
        name=target.name,
        kind=target.kind,
        address=target.shown_address,
        format=target.format,
        topics=list(target.topics),
        severity=target.severity,
        made_at=target.made_at,
        state="paused" if target.paused else state,
        behind=outbox.count_after(connection, target.cursor) + outbox.count_unnumbered(connection),
        sent=target.sent,
        dead_letters=letters,
        lost=target.lost,
        attempts=target.attempts,
        next_at=target.next_at,
        last_sent_at=target.last_sent_at,
        error=target.error,
        digest_minutes=target.digest_minutes,
        options=dict(target.options),
        cursor=target.cursor,
    )
