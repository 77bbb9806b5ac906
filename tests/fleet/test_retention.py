"""What is too old goes, by itself and a little at a time; what it led to stays."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from sqlalchemy import Connection, func, select, text, update
from tests.fleet.small_fleet import AT, DESKTOP, LAPTOP, LLAMA, fill
from tests.fleet.things import tell
from tests.fleet.told import tell_records

from weighbridge.fleet import (
    audit,
    finding_counts,
    fleet_settings,
    outbox,
    processes,
    records,
    retention,
    sightings,
    triage,
)
from weighbridge.fleet.audit import ENTRIES
from weighbridge.fleet.findings import FINDINGS
from weighbridge.fleet.fleet_settings import FleetSettings
from weighbridge.fleet.inventory import THINGS
from weighbridge.fleet.logs import Log
from weighbridge.fleet.metrics import Metrics
from weighbridge.fleet.permissions import EVERYTHING
from weighbridge.fleet.processes import PROCESSES, USAGE, WEIGHTS
from weighbridge.fleet.records import RECORD_DIGESTS, RECORDS
from weighbridge.fleet.retention import AT_ONCE, DAY, RULES, retain
from weighbridge.fleet.store import Store
from weighbridge.fleet.triage import TRIAGE


def counted(store: Store, *tables) -> list[int]:
    """Return how many rows there are."""
    return [
        store.read_now(lambda connection, one=one: connection.execute(select(func.count()).select_from(one)).scalar())
        for one in tables
    ]


def server(store: Store, now: int) -> SimpleNamespace:
    """Return as much of a server as retention asks for."""
    return SimpleNamespace(
        store=store, clock=lambda: now, metrics=Metrics(), log=Log(lambda _: None, "text", lambda: now)
    )


def pass_days(store: Store, days: int) -> dict[str, int]:
    """Let so many days pass and retention do its work."""
    return asyncio.run(retain(server(store, AT + days * DAY), pause=0.0))


def run(pid: int, **more: object) -> dict[str, object]:
    weights = [{"sha256": LLAMA, "path": "/m/llama.gguf", "name": "llama"}]
    return {"pid": pid, "started": float(pid), "name": "ollama", "runtime": "ollama", "weights": weights} | more


ENDED: tuple[str, dict[str, object]] = ("process-end", {"pid": 1, "started": 1.0})


def test_every_kind_has_a_setting_that_people_can_read_about() -> None:
    assert [rule.kind for rule in RULES] == sorted(rule.kind for rule in RULES)
    for rule in RULES:
        assert rule.setting in FleetSettings.__struct_fields__
        assert rule.setting in fleet_settings.ABOUT


def test_processes_that_ended_go_and_their_counts_stay(store: Store) -> None:
    store.write_now(fill)
    store.write_now(lambda connection: tell(connection, DESKTOP, [("process", run(1)), ("process", run(2))]))
    store.write_now(lambda connection: tell(connection, DESKTOP, [ENDED], first=2))
    before = counted(store, PROCESSES, WEIGHTS, THINGS, USAGE)
    assert before == [4, 4, 2, 1]
    kept = store.read_now(fleet_settings.current).processes_days
    assert "processes" not in pass_days(store, kept - 1)
    # What the fixture ended went as well, and what runs stays.
    assert pass_days(store, kept + 1)["processes"] == 2
    assert counted(store, PROCESSES, WEIGHTS, THINGS, USAGE) == [2, 2, 1, 1]
    usage = store.read_now(lambda connection: connection.execute(select(func.sum(USAGE.c.processes))).scalar())
    assert int(usage) == 2
    again = [("process", run(1))]
    store.write_now(lambda connection: tell(connection, DESKTOP, again, first=3))
    assert counted(store, PROCESSES, WEIGHTS, THINGS) == [3, 3, 2]


def test_records_go_with_what_finds_them_and_sightings_stay(store: Store) -> None:
    store.write_now(fill)
    store.write_now(lambda connection: tell(connection, LAPTOP, [("process", run(1)), ("heartbeat", {})]))
    assert counted(store, RECORDS, RECORD_DIGESTS) == [2, 1]
    assert pass_days(store, 189).get("records") is None
    assert pass_days(store, 191)["records"] == 2
    assert counted(store, RECORDS, RECORD_DIGESTS) == [0, 0]
    assert len(store.read_now(lambda connection: sightings.of_digest(connection, LLAMA))) == 3


def test_counts_by_day_go_after_years(store: Store) -> None:
    store.write_now(fill)
    store.write_now(lambda connection: tell(connection, LAPTOP, [("process", run(1))]))
    assert "usage" not in pass_days(store, 1096)
    assert pass_days(store, 1098)["usage"] == 1
    assert counted(store, USAGE) == [0]


def test_findings_that_ended_go_with_what_was_decided_and_those_that_hold_stay(store: Store) -> None:
    store.write_now(fill)
    row = {"endpoint_id": LAPTOP, "finding_id": "f3", "state": "accepted", "reason": "r", "by_id": "", "by_name": "ada"}
    store.write_now(lambda connection: connection.execute(TRIAGE.insert().values(**row, at=AT, change_id="c")))
    held = store.read_now(lambda connection: finding_counts.held(connection, EVERYTHING))
    assert pass_days(store, 1097)["findings"] == 1
    assert counted(store, FINDINGS, TRIAGE) == [2, 0]
    assert store.read_now(lambda connection: finding_counts.held(connection, EVERYTHING)) == held


def test_the_audit_trail_goes_only_if_somebody_says_so(store: Store) -> None:
    for at in (AT, AT + DAY):
        store.write_now(lambda connection, at=at: audit.note(connection, at, None, "fleet.something", "x"))
    assert "audit" not in pass_days(store, 5000)
    store.write_now(lambda connection: fleet_settings.change(connection, AT, {"audit_days": 10}))
    assert pass_days(store, 11)["audit"] == 1
    assert counted(store, ENTRIES) == [1]


def test_what_is_set_to_for_ever_stays(store: Store) -> None:
    store.write_now(fill)
    store.write_now(lambda connection: tell_records(connection, 0, 4, AT))
    store.write_now(lambda connection: fleet_settings.change(connection, AT, {"records_days": None}))
    assert "records" not in pass_days(store, 5000)


@contextmanager
def writes_of(store: Store) -> Iterator[list[object]]:
    """Collect what writes return, in their order."""
    done: list[object] = []
    submit = store.database.submit

    def noted(job):
        future = submit(job)
        future.add_done_callback(lambda one: done.append(one.result()))
        return future

    store.database.submit = noted
    yield done
    store.database.submit = submit


def test_a_removal_is_many_small_writes_and_messages_pass_between_them(store: Store) -> None:
    store.write_now(fill)
    number = 4 * AT_ONCE + 7
    for first in range(0, number, 500):
        count = min(500, number - first)
        store.write_now(lambda connection, first=first, count=count: tell_records(connection, first, count, AT))

    async def both() -> None:
        removal = asyncio.create_task(retain(server(store, AT + 400 * DAY), pause=0.0))
        while not removal.done():
            await store.write(lambda connection: "a message")
            await asyncio.sleep(0)
        assert (await removal)["records"] == number

    with writes_of(store) as done:
        asyncio.run(both())
    removed = [index for index, one in enumerate(done) if isinstance(one, int) and 0 < one <= AT_ONCE]
    assert all(one == "a message" or (isinstance(one, int) and one <= AT_ONCE) for one in done)
    messages = [index for index, one in enumerate(done) if one == "a message"]
    assert any(removed[0] < index < removed[-1] for index in messages)


@pytest.mark.parametrize("prune", [one.prune for one in RULES], ids=[one.kind for one in RULES])
def test_what_is_oldest_is_found_by_an_index(store: Store, prune) -> None:
    """A removal that looked at every row would be repeated for every few hundred of them."""
    store.write_now(fill)
    asked = []

    def job(connection: Connection) -> None:
        explain = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        execute = connection.execute

        def explained(statement, *values):
            if isinstance(statement, select(1).__class__):
                compiled = statement.compile(connection, compile_kwargs={"literal_binds": True})
                asked.append([row[-1] for row in execute(text(explain + str(compiled)))])
            return execute(statement, *values)

        connection.execute = explained
        prune(connection, AT - 10_000 * DAY, 10)

    store.write_now(job)
    assert asked
    for plan in asked:
        lines = "\n".join(map(str, plan))
        if store.dialect == "sqlite":
            assert "SCAN" not in lines or "USING" in lines, lines
            assert "SEARCH" in lines, lines
        else:
            assert "Index" in lines, lines
            assert "Seq Scan" not in lines, lines


def test_an_older_end_is_not_taken_back_by_a_stranger(store: Store) -> None:
    """A thing that is there again is not removed with the process that it once was."""
    store.write_now(fill)
    store.write_now(lambda connection: tell(connection, DESKTOP, [("process", run(1))]))
    store.write_now(lambda connection: tell(connection, DESKTOP, [ENDED], first=1))
    store.write_now(lambda connection: connection.execute(update(THINGS).values(ended_at=None)))
    assert store.write_now(lambda connection: processes.prune(connection, AT + DAY, 100)) == 2
    assert counted(store, THINGS) == [1]


def test_a_target_learns_what_it_missed(store: Store) -> None:
    store.write_now(fill)
    store.write_now(lambda connection: tell_records(connection, 0, 4, AT))
    store.write_now(outbox.number)
    assert store.write_now(lambda connection: retention.prune_outbox(connection, AT + 1, 10)) == 1
    assert store.write_now(lambda connection: retention.prune_outbox(connection, AT + 1, 10)) == 0
    assert store.write_now(lambda connection: records.prune(connection, AT + 1, 3)) == 3
    assert store.write_now(lambda connection: triage.prune(connection, AT, 3)) == 0
