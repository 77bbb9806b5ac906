"""Sends what stands in the outbox to its targets, while the server runs: at least once, in order, with patience.

What fails is tried again after a time that grows and is drawn by lot, so that many servers do not come back at once.
Where a target refuses what it was sent, the rows go one by one, and those that it refuses are kept as dead letters.
Killed at any moment, this loses nothing: a cursor moves only after its target has taken everything up to there.

Source: AWS Architecture Blog, "Exponential Backoff And Jitter" (full jitter).
"""

import asyncio
import secrets
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection

from weighbridge.fleet import dead_letters, export_digest, export_targets, outbox, tickets
from weighbridge.fleet.export_targets import ExportTarget
from weighbridge.fleet.outbox import Row
from weighbridge.fleet.outbox_events import Outgoing, is_wanted, names_of, outgoing
from weighbridge.fleet.server import Server
from weighbridge.fleet.target import Destination, UndeliveredError
from weighbridge.fleet.target_registry import TARGETS
from weighbridge.fleet.tickets import Ticket
from weighbridge.fleet.triage import Which
from weighbridge.host.outgoing import Dialer, OutgoingError
from weighbridge.host.outgoing_http import Poster
from weighbridge.model.errors import WeighbridgeError

WORKERS = 4
"""Targets that are spoken to at the same time."""
ROWS_AT_ONCE = 100
EVENTS_AT_ONCE = 200
FIRST_WAIT, LONGEST_WAIT, LONGEST_ASKED = 2.0, 300.0, 3_600.0
"""Seconds after a failure: at most these after the first, after many, and where the target asks for it."""
_PIECE_SECONDS = 120.0
"""Shorter than a claim lasts."""
_LOOK_SECONDS = 1.0
_LOT = secrets.SystemRandom()


class Piece(NamedTuple):
    """What one target is sent at once."""

    target: ExportTarget
    destination: Destination
    rows: Sequence[Row]
    are_letters: bool
    """Whether the rows are dead letters that are sent again."""


class Outcome(NamedTuple):
    """What came of a piece."""

    taken: int
    """Rows from its beginning that are done with: taken or refused."""
    events: int
    refused: Sequence[tuple[Row, str]]
    error: str
    """Why the rows after those were not taken; empty if there are none."""
    retry_after: float
    tickets: Sequence[Ticket] = ()
    """Issues that findings have in the target."""
    digest: str | None = None
    """What waits for the next message from now on; None: as before."""


class Exporter:
    """Works through the outbox.

    Args:
        server: whose.
        poster: speaks to targets; None for one that reaches what the settings allow.
    """

    def __init__(self, server: Server, poster: Poster | None = None) -> None:
        self._server = server
        self._poster = poster or Poster(Dialer(server.settings.export_networks))
        self._name = secrets.token_hex(8)
        server.metrics.describe("weighbridge_export_events_total", "counter", "Events that targets took, by kind.")
        server.metrics.describe("weighbridge_export_failures_total", "counter", "Tries that failed, by kind of target.")

    async def run(self) -> None:
        """Send until cancelled."""
        if self._server.store.dialect == "sqlite":
            with suppress(WeighbridgeError):  # the claims end by themselves, later
                await self._server.store.write(export_targets.release)
        async with asyncio.TaskGroup() as group:
            for _ in range(WORKERS):
                group.create_task(self._work())

    async def step(self) -> bool:
        """Send one piece to one target; return whether there was one. Raises WeighbridgeError."""
        store, now = self._server.store, self._server.clock()
        if not await store.read(lambda connection: has_work(connection, now)):
            return False
        origin = self._server.settings.origin
        piece = await store.write(lambda connection: take(connection, now, self._name, origin))
        if piece is None:
            return False
        events = await store.read(lambda connection: events_of(connection, piece))
        outcome = await (self._digested(piece, events) if _is_digest(piece) else self._sent(piece, events))
        self._report(piece.target, outcome)
        done, wait = self._server.clock(), self._wait(piece.target, outcome)
        await store.write(lambda connection: finish(connection, done, self._name, piece, outcome, wait))
        return True

    async def _work(self) -> None:
        while True:
            worked = False
            try:
                worked = await self.step()
            except WeighbridgeError as error:  # the next time will do
                self._server.log.event("warning", "exports wait for the database", reason=error.message)
            except Exception as error:  # noqa: BLE001  (one row that nobody foresaw must not end all delivery)
                self._server.log.event("error", "an export failed", reason=repr(error)[:300])
            if not worked:
                await asyncio.sleep(_LOOK_SECONDS)

    async def _digested(self, piece: Piece, events: Sequence[Sequence[Outgoing]]) -> Outcome:
        """Put what came to what waits, and send all of that if it is time."""
        target, now = piece.target, self._server.clock()
        waits = export_digest.joined(export_digest.read(target.digest), (one for row in events for one in row))
        kept = Outcome(len(piece.rows), 0, (), "", 0.0, digest=export_digest.written(waits))
        send = TARGETS[target.kind].digest
        if not waits.events or send is None or not export_targets.is_time(target, now):
            return kept
        failure = await self._attempt(send(piece.destination, waits, self._poster, now))
        if failure is None:
            return kept._replace(events=waits.events, digest="")
        # The cursor stays, so that nothing that came now is counted twice.
        return Outcome(0, 0, (), failure.reason, failure.retry_after)

    async def _sent(self, piece: Piece, events: Sequence[Sequence[Outgoing]]) -> Outcome:
        tickets: list[Ticket] = []
        if not TARGETS[piece.target.kind].one_by_one:
            whole = [one for row in events for one in row]
            failure = await self._try(piece, whole, tickets)
            if failure is None:
                return Outcome(len(piece.rows), len(whole), (), "", 0.0, tickets)
            if not failure.is_refused:
                return Outcome(0, 0, (), failure.reason, failure.retry_after)
        refused: list[tuple[Row, str]] = []
        sent = 0
        for number, (row, of_row) in enumerate(zip(piece.rows, events, strict=True)):
            alone = await self._try(piece, of_row, tickets)
            if alone is None:
                sent += len(of_row)
            elif alone.is_refused:
                refused.append((row, alone.reason))
            else:
                return Outcome(number, sent, refused, alone.reason, alone.retry_after, tickets)
        return Outcome(len(piece.rows), sent, refused, "", 0.0, tickets)

    async def _try(self, piece: Piece, events: Sequence[Outgoing], tickets: list[Ticket]) -> UndeliveredError | None:
        """Send events; return why they were not taken, None if they were."""
        if not events:
            return None
        send = TARGETS[piece.target.kind].send(piece.destination, events, self._poster, self._server.clock())

        async def kept() -> None:
            tickets.extend(await send or ())

        return await self._attempt(kept())

    async def _attempt(self, sending: Awaitable[None]) -> UndeliveredError | None:
        try:
            async with asyncio.timeout(_PIECE_SECONDS):
                await sending
        except UndeliveredError as error:
            return error
        except OutgoingError as error:
            return UndeliveredError(str(error))
        except TimeoutError:
            return UndeliveredError(f"it took longer than {_PIECE_SECONDS:.0f} seconds")
        return None

    def _wait(self, target: ExportTarget, outcome: Outcome) -> int:
        """Return for how many milliseconds a target that failed is left alone."""
        most = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(target.attempts, 16))
        asked = min(outcome.retry_after, LONGEST_ASKED)
        return round((asked + _LOT.uniform(0, most)) * 1000)

    def _report(self, target: ExportTarget, outcome: Outcome) -> None:
        metrics, log = self._server.metrics, self._server.log
        if outcome.events:
            metrics.add("weighbridge_export_events_total", outcome.events, kind=target.kind)
        if outcome.error:
            metrics.add("weighbridge_export_failures_total", kind=target.kind)
            log.event("warning", "a target did not take what it was sent", target=target.name, reason=outcome.error)
        for row, reason in outcome.refused:
            log.event("warning", "a target refused a row", target=target.name, row=row.row_id, reason=reason)


def has_work(connection: Connection, now: int) -> bool:
    """Tell whether `take` has something to do."""
    return outbox.has_unnumbered(connection) or export_targets.is_due(connection, now)


def take(connection: Connection, now: int, worker: str, console: str = "") -> Piece | None:
    """Give positions to new rows, and claim what is to be sent next; None if there is nothing.

    Args:
        connection: within a write.
        now: milliseconds since 1970.
        worker: who takes it.
        console: the origin of the console, for links into it.
    """
    if outbox.has_unnumbered(connection):
        outbox.number(connection)
    while (target := export_targets.claim(connection, now, worker)) is not None:
        destination = export_targets.destination_of(connection, target)
        letters = _letters(connection, target)
        rows = letters or _bounded(outbox.after(connection, target.cursor, ROWS_AT_ONCE))
        if destination is not None and (rows or (target.digest and export_targets.is_time(target, now))):
            return Piece(target, replace(destination, console=console), rows, bool(letters))
        export_targets.idle(connection, target.target_id)
    return None


def events_of(connection: Connection, piece: Piece) -> list[list[Outgoing]]:
    """Return what a target is sent of each row: what it asks for."""
    names, target = names_of(connection, piece.rows), piece.target
    keeps_issues = TARGETS[target.kind].ends
    found = [
        [
            one
            for one in outgoing(connection, row, names.get(row.endpoint_id, ""))
            if is_wanted(one, target.topics, target.severity, ends=keeps_issues)
        ]
        for row in piece.rows
    ]
    return _with_tickets(connection, target.target_id, found) if keeps_issues else found


def _with_tickets(connection: Connection, target_id: str, events: Sequence[Sequence[Outgoing]]) -> list[list[Outgoing]]:
    def about(one: Outgoing) -> Sequence[Which]:
        return [Which(one.endpoint_id, one.finding_id)] if one.finding_id else one.about

    endpoint_ids = {which.endpoint_id for row in events for one in row for which in about(one)}
    known = tickets.known(connection, target_id, endpoint_ids) if endpoint_ids else {}
    return [
        [one._replace(tickets=tuple((which, known[which]) for which in about(one) if which in known)) for one in row]
        for row in events
    ]


def finish(connection: Connection, now: int, worker: str, piece: Piece, outcome: Outcome, wait: int) -> None:
    """Write what came of a piece, unless somebody else has the target by now."""
    target_id = piece.target.target_id
    if not export_targets.holds(connection, target_id, worker):
        return
    done = piece.rows[: outcome.taken]
    if piece.are_letters:
        for row in done:
            dead_letters.forget(connection, target_id, row.endpoint_id, row.row_id)
    for row, reason in outcome.refused:
        dead_letters.bury(connection, now, target_id, row, reason)
    tickets.keep(connection, target_id, outcome.tickets, now)
    if outcome.digest is not None:
        export_targets.keep_digest(connection, target_id, outcome.digest)
    cursor = piece.target.cursor if piece.are_letters or not done else done[-1].position
    if done or not outcome.error:
        export_targets.succeeded(connection, now, target_id, cursor=cursor, events=outcome.events)
    if outcome.error:
        attempts = 1 if done else piece.target.attempts + 1
        export_targets.failed(connection, target_id, attempts=attempts, next_at=now + wait, error=outcome.error)


def _is_digest(piece: Piece) -> bool:
    return bool(piece.target.digest_minutes) and not piece.are_letters


def _letters(connection: Connection, target: ExportTarget) -> list[Row]:
    """Return dead letters that are to be sent again; those whose rows retention removed are given up."""
    keys = dead_letters.to_send(connection, target.target_id, ROWS_AT_ONCE)
    rows = _bounded(outbox.by_key(connection, keys))
    there = {(row.endpoint_id, row.row_id) for row in outbox.by_key(connection, keys)}
    for endpoint_id, row_id in keys:
        if (endpoint_id, row_id) not in there:
            dead_letters.forget(connection, target.target_id, endpoint_id, row_id)
            export_targets.note_gone(connection, target.target_id)
    return rows


def _bounded(rows: Sequence[Row]) -> list[Row]:
    """Return rows from the beginning, about as many as hold `EVENTS_AT_ONCE`."""
    events = 0
    found = []
    for row in rows:
        if events >= EVENTS_AT_ONCE:
            break
        found.append(row)
        events += max(1, row.records)
    return found
