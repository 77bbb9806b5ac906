"""What pages and messages cost does not grow with the fleet: statements are counted, and each is answered by an index.

Times are measured by `bench/fleet.py`; here nothing depends on how fast a machine is.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import msgspec
import pytest
from bench.fleet_devices import SimulatedDevice
from bench.fleet_rows import Size, digest, endpoint_id, fill
from sqlalchemy import Connection, event
from tests.fleet.test_simulator import enrolled
from tests.fleet.wire import Server

from weighbridge.fleet import (
    agent_routes,
    artifact_page,
    endpoint_page,
    endpoints,
    list_routes,
    listed_agent_things,
    listed_agents,
    listed_ledgers,
    posture,
    sightings,
)
from weighbridge.fleet.listing import Asked, piece
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.store import Store
from weighbridge.hub.schema import METADATA
from weighbridge.sync.messages import SYNC_PATH, Synced

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
AT = round(NOW.timestamp() * 1000)
SIZE = Size(endpoints=120, artifacts=150, sightings=20, things=12, verdicts=6, findings=5, processes=6, records=6)
LAB = Scope(groups=("research", "sales"))
LARGE = ("sightings", "inventory", "verdicts", "findings", "processes", "process_weights", "records", "usage", "spread")
"""Tables of which no statement may read every row to find some."""
Read = Callable[[Connection, Scope], object]
PAGES: dict[str, tuple[int, Read]] = {
    "posture": (8, lambda connection, scope: posture.read(connection, scope, AT)),
    "artifacts": (4, lambda connection, scope: list_routes.artifacts(connection, scope, Asked(), NOW)),
    "denied": (
        4,
        lambda connection, scope: list_routes.artifacts(connection, scope, Asked(query="verdict:>=pending"), NOW),
    ),
    "endpoints": (2, lambda connection, scope: list_routes.endpoints(connection, scope, Asked(), NOW)),
    "findings": (
        2,
        lambda connection, scope: list_routes.findings(connection, scope, Asked(query="open:yes state:new"), NOW),
    ),
    "findings, high and open": (
        2,
        lambda connection, scope: list_routes.findings(connection, scope, Asked(query="open:yes severity:>=high"), NOW),
    ),
    "findings, latest": (
        2,
        lambda connection, scope: list_routes.findings(
            connection, scope, Asked(query="open:yes", sort="last", down=True), NOW
        ),
    ),
    "findings, all": (2, lambda connection, scope: list_routes.findings(connection, scope, Asked(), NOW)),
    "agents": (2, lambda connection, scope: listed_agents.summaries(connection, scope, "", NOW)),
    "agents on endpoints": (2, lambda connection, scope: piece(connection, listed_agents.listing(scope), Asked(), NOW)),
    "things of agents": (
        2,
        lambda connection, scope: piece(connection, listed_agent_things.listing(scope), Asked(), NOW),
    ),
    "agent": (8, lambda connection, scope: agent_routes.one_agent(connection, scope, "codex", Asked(), NOW)),
    "ledgers": (2, lambda connection, scope: piece(connection, listed_ledgers.listing(scope), Asked(), NOW)),
    "artifact": (12, lambda connection, scope: artifact_page.read(connection, scope, digest(0))),
    "endpoint": (12, lambda connection, scope: endpoint_page.read(connection, scope, endpoint_id(4))),
    "hunt": (1, lambda connection, scope: sightings.of_digest(connection, digest(0), groups=scope.groups)),
}
"""Most statements of each, and how to read it."""
IN_ORDER = (
    *("artifacts", "findings", "findings, high and open", "findings, latest", "findings, all"),
    *("agents on endpoints", "things of agents"),
)
"""Lists that an index holds in their order: nothing is sorted to show the first of them."""

SORTED = re.compile(r"TEMP B-TREE FOR ORDER BY|(^|->)\s*Sort +\(cost", re.MULTILINE)


@pytest.fixture
def large(database_url: str) -> Iterator[Store]:
    """A fleet with indexes and statistics as a large one has them."""
    store = Store.open(database_url)
    METADATA.create_all(store.database.engine)
    fill(store, SIZE, AT)
    yield store
    store.close()


@contextmanager
def statements(store: Store) -> Iterator[list[tuple[str, object]]]:
    """Collect what is asked of the database, reads and writes."""
    asked: list[tuple[str, object]] = []

    def note(_connection, _cursor, statement, parameters, _context, _many) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            asked.append((statement, parameters))

    engines = {store.database.engine, getattr(store.database, "_readers", store.database.engine)}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


def plan(store: Store, statement: str, parameters: object) -> str:
    """Return how the database answers a statement; PostgreSQL as if its tables were too large to read whole."""

    def job(connection: Connection) -> str:
        explain = "EXPLAIN QUERY PLAN " if store.dialect == "sqlite" else "EXPLAIN "
        if store.dialect == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            connection.exec_driver_sql("SET LOCAL enable_sort = off")
        rows = connection.exec_driver_sql(explain + statement, parameters)
        return "\n".join(str(row[-1]) for row in rows)

    return store.read_now(job)


def reads_all_of(lines: str) -> set[str]:
    """Return the large tables that a plan reads from end to end without an index."""
    whole = re.findall(r"SCAN (\w+)$|Seq Scan on (\w+)", lines, re.MULTILINE)
    return {name for pair in whole for name in pair if name} & set(LARGE)


@pytest.mark.parametrize("scope", [EVERYTHING, LAB], ids=["all", "groups"])
def test_every_page_asks_a_few_questions_that_indexes_answer(large: Store, scope: Scope) -> None:
    for name, (most, read) in PAGES.items():
        with statements(large) as asked:
            large.read_now(lambda connection, read=read: read(connection, scope))
        assert len(asked) <= most, (name, len(asked))
        for statement, parameters in asked:
            lines = plan(large, statement, parameters)
            assert not reads_all_of(lines), f"{name}: {statement}\n{lines}"
        if name in IN_ORDER and scope == EVERYTHING:
            lines = plan(large, *asked[0])
            assert not re.search(r"TEMP B-TREE FOR ORDER BY|(^|->)\s*Sort +\(cost", lines, re.MULTILINE), (
                f"{name}\n{lines}"
            )


def test_findings_that_hold_and_are_bad_enough_are_a_range_of_an_index(large: Store) -> None:
    """The rows that are shown and their number: whatever is milder is not looked at."""
    with statements(large) as asked:
        large.read_now(lambda connection: PAGES["findings, high and open"][1](connection, EVERYTHING))
    for statement, parameters in asked:
        lines = plan(large, statement, parameters)
        range_of = r"ix_findings_open_severity_rank \(severity_rank>\?\)|Index Cond: \(severity_rank >= "
        assert re.search(range_of, lines), lines


@pytest.mark.parametrize("scope", [EVERYTHING, LAB], ids=["all", "groups"])
def test_a_page_shows_something(large: Store, scope: Scope) -> None:
    """The pages above are those of a fleet in which there is something to show."""
    for name, (_, read) in PAGES.items():
        shown = large.read_now(lambda connection, read=read: read(connection, scope))
        rows = getattr(shown, "rows", shown)
        assert rows, name


def test_a_message_asks_as_much_whatever_it_brings(store: Store) -> None:
    """Statements of a message: few, and as many for two records as for two hundred."""
    server, device = Server(store), SimulatedDevice(7)
    row = enrolled(server, device)
    store.write_now(lambda connection: endpoints.add(connection, row))
    device.install()
    counts = {}
    for records in (0, 2, 200):
        device.work(records)
        body, fields = device.request(int(server.clock))
        with statements(store) as asked:
            reply = server.ask(SYNC_PATH, body, fields)
        assert reply.status == 200, reply
        device.take(_synced(reply.body))
        counts[records] = len(asked)
    assert counts[2] == counts[200] <= 10, counts
    assert counts[0] <= 30, counts


def _synced(body: bytes) -> Synced:
    return msgspec.json.decode(body, type=Synced)
