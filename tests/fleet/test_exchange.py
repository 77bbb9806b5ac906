"""Endpoint and server under everything that a network does to messages, against what should come of it."""

import asyncio
import threading
from datetime import timedelta

import pytest
from bench.fleet_devices import SimulatedDevice
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Table
from tests.fleet.test_inventory import joined, own_sum
from tests.fleet.test_simulator import enrolled
from tests.fleet.wire import Device, Server, gone, process, sighting

from weighbridge.fleet import endpoints, epoch, findings, inventory, records
from weighbridge.fleet.store import Store
from weighbridge.host.fleet_http import HttpError, HttpReply
from weighbridge.hub.schema import METADATA
from weighbridge.ledger.note_keys import PrivateKey
from weighbridge.pipeline.ledger_open import ledger_reader, open_ledger
from weighbridge.pipeline.membership import FleetFolder
from weighbridge.sync.messages import SYNC_PATH


def own_entries(device: Device) -> list[bytes]:
    reader = ledger_reader(device.machine)
    return list(reader.entries(0, reader.head().size))


def kept(store: Store, device: Device) -> list[bytes]:
    name = device.endpoint_id
    found = store.read_now(lambda connection: records.of_endpoint(connection, name, limit=100_000))
    return [one.entry for one in found]


def backed_up(store: Store) -> list[tuple[Table, list[dict]]]:
    """Return every row of every table."""

    def job(connection: object) -> list[tuple[Table, list[dict]]]:
        tables = METADATA.sorted_tables
        return [(table, [dict(row._mapping) for row in connection.execute(table.select())]) for table in tables]

    return store.read_now(job)


def put_back(server: Server, backup: list[tuple[Table, list[dict]]]) -> None:
    """Put every row back as it was, and begin the new epoch that a server begins then."""

    def job(connection: object) -> None:
        for table, rows in backup:
            connection.execute(table.delete())
            if rows:
                connection.execute(table.insert(), rows)
        epoch.begin(connection, server.now, "put back")

    server.store.write_now(job)
    server.restart()


def step_clock(device: Device, years: int) -> None:
    """Set the wall clock, as somebody may; the run of the machine goes on."""
    device.machine.clock += timedelta(days=365 * years)
    device.machine.started += timedelta(days=365 * years)


def test_a_machine_that_was_offline_for_days_brings_everything_once_and_in_order(store: Store) -> None:
    server, device = joined(store)
    device.record(sighting())
    device.sync_all()
    device.line.fault = lambda: "lost"
    for day in range(5):
        device.machine.clock += timedelta(days=1)
        device.record(process(100 + day, network="offline"), network="offline")
        assert device.sync().code == "unreachable"
    assert FleetFolder(device.machine).progress().failures == 5
    server.clock += 5 * 86_400
    device.line.fault = lambda: ""
    assert device.sync_all().code == ""
    assert kept(store, device) == own_entries(device)
    name = device.endpoint_id
    runs = store.read_now(lambda connection: records.of_endpoint(connection, name, kinds=["process"]))
    assert [one.network for one in runs] == ["offline"] * 5
    assert FleetFolder(device.machine).progress().failures == 0


def test_a_long_backlog_comes_in_pieces_that_the_server_paces(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weighbridge.sync.plan.LARGEST_BATCH", 2000)
    monkeypatch.setattr("weighbridge.sync.plan.SMALLEST_BATCH", 2000)
    _, device = joined(store)
    device.record(*(sighting(f"/{number}") for number in range(60)))
    first = device.sync()
    assert 0 < first.sent < 20
    assert (first.waiting, first.again) == (62 + 2 - first.sent, True)
    assert first.pause < 1
    assert device.sync_all().pause >= 100
    assert kept(store, device) == own_entries(device)


@pytest.mark.parametrize("years", [-10, 10])
def test_a_clock_ten_years_off_loses_nothing(store: Store, years: int) -> None:
    server, device = joined(store)
    step_clock(device, years)
    device.record(sighting())
    assert device.sync_all().code == ""
    assert kept(store, device) == own_entries(device)
    name = device.endpoint_id
    (thing,) = store.read_now(lambda connection: inventory.of_endpoint(connection, name, kinds=["sighting"]))
    assert abs(thing.first_at - server.now) < 10_000
    (moment,) = server.exchange.presence.taken()
    assert abs(moment.clock_offset) > 300_000_000_000
    device.machine.clock += timedelta(seconds=9)
    device.record(sighting("/b"))
    assert len(device.line.sent) == 2 + 1  # enrolled; refused once for the clock; then taken
    assert device.sync_all().code == ""
    assert len(device.line.sent) == 2 + 2


def test_a_server_that_was_put_back_from_a_backup_is_sent_what_it_lacks(store: Store) -> None:
    server, device = joined(store)
    device.record(sighting("/a"))
    device.sync_all()
    name, backup = device.endpoint_id, backed_up(store)
    device.record(sighting("/b"), gone("/a"))
    device.sync_all()
    put_back(server, backup)
    before = FleetFolder(device.machine).progress().place.epoch
    attempt = device.sync_all()
    assert attempt.code == ""
    assert kept(store, device) == own_entries(device)
    assert FleetFolder(device.machine).progress().place.epoch != before
    assert store.read_now(lambda connection: inventory.sum_of(connection, name)) == own_sum(device)
    assert store.read_now(lambda connection: findings.of_endpoint(connection, name)) == []


def test_an_endpoint_that_forgot_how_far_it_was_goes_on(store: Store) -> None:
    _, device = joined(store)
    device.record(sighting("/a"))
    device.sync_all()
    folder = device.machine.durable_folder("membership")
    folder.remove(["progress"])
    device.record(sighting("/b"))
    assert device.sync_all().code == ""
    assert kept(store, device) == own_entries(device)


def test_records_that_retention_removed_before_they_were_sent_are_a_finding(store: Store) -> None:
    _, device = joined(store)
    for number in range(3):
        device.record(*(sighting(f"/{number}/{one}") for one in range(256)))
    with open_ledger(device.machine) as recorder:
        assert recorder.prune(512, "retention") == 512
    assert device.sync_all().code == ""
    name = device.endpoint_id
    assert kept(store, device) == own_entries_from(device, 512)
    (one,) = store.read_now(lambda connection: findings.of_endpoint(connection, name))
    assert (one.check_id, one.place) == ("records-missing", "records 0 to 511")
    assert store.read_now(lambda connection: inventory.sum_of(connection, name)) == own_sum(device)


def own_entries_from(device: Device, first: int) -> list[bytes]:
    reader = ledger_reader(device.machine)
    return list(reader.entries(first, reader.head().size))


def test_the_same_message_again_gets_the_same_answer(store: Store) -> None:
    server, device = joined(store)
    device.record(sighting())
    device.sync()
    path, body, headers = device.line.sent[-1]
    first = device.line.replies[-1]
    again = server.ask(path, body, headers)
    assert (again.status, b"replayed" in again.body) == (401, True)
    server.restart()
    assert server.ask(path, body, headers).body == first.body
    assert kept(store, device) == own_entries(device)


def test_two_requests_of_one_endpoint_at_once_are_not_worked_on_together(store: Store) -> None:
    server, device = joined(store)
    device.record(sighting())
    device.line.fault = lambda: "unanswered"
    server_ask = server.ask
    taken: list[tuple] = []

    def noted(path: str, body: bytes, headers: dict) -> object:
        taken.append((path, body, headers))
        return server_ask("/v1/nothing", b"", {})

    server.ask = noted  # type: ignore[method-assign, assignment]  (this server is the test's own)
    device.sync()
    server.restart()
    del server.ask

    async def together() -> list[int]:
        replies = await asyncio.gather(*(server.answer(*taken[0]) for _ in range(2)))
        return sorted(reply.status for reply in replies)

    assert asyncio.run(together()) in ([200, 401], [200, 503])
    assert kept(store, device) == own_entries(device)


def test_a_key_that_another_server_changed_is_taken_with_the_next_message(store: Store) -> None:
    server, device = Server(store), SimulatedDevice(7)
    row = enrolled(server, device)
    store.write_now(lambda connection: endpoints.add(connection, row))
    device.install()
    assert server.ask(SYNC_PATH, *device.request(int(server.clock))).status == 200
    # The other server shares the database and not the memory.
    device.key = PrivateKey("device", b"another seed of the same device.")
    store.write_now(lambda c: endpoints.change_key(c, device.endpoint_id, device.key.public.public))
    answers = [server.ask(SYNC_PATH, *device.request(int(server.clock))).status for _ in range(2)]
    assert answers == [401, 200]


def test_two_servers_at_one_database_take_a_message_once(store: Store) -> None:
    first, device = joined(store)
    second = Server(store)
    for number in range(5):
        device.record(*(sighting(f"/{number}/{one}") for one in range(20)))
        device.line.fault = lambda: "lost"
        device.sync()
        message = sent_without_arriving(device)
        statuses: list[int] = []

        def ask(server: Server, message: tuple = message, statuses: list[int] = statuses) -> None:
            statuses.append(server.ask(*message).status)

        threads = [threading.Thread(target=ask, args=(server,)) for server in (first, second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert statuses == [200, 200]
        device.line.fault = lambda: ""
        assert device.sync_all().code == ""
        assert kept(store, device) == own_entries(device)
    name = device.endpoint_id
    assert store.read_now(lambda connection: inventory.sum_of(connection, name)) == own_sum(device)


def sent_without_arriving(device: Device) -> tuple[str, bytes, dict[str, str]]:
    """Return the message that a device would send now."""
    caught: list[tuple[str, bytes, dict[str, str]]] = []
    line = device.line

    class Catching:
        def post(self, path: str, body: bytes, headers: dict[str, str], limit: int) -> HttpReply:
            caught.append((path, body, dict(headers)))
            raise HttpError("caught")

    device.line = Catching()  # type: ignore[assignment]  (a line that carries nothing)
    device.sync()
    device.line = line
    return caught[0]


class Conversation(RuleBasedStateMachine):
    """Devices and a server, with loss, duplication, reorder, restarts, backups put back: nothing is lost or doubled."""

    @initialize(devices=st.integers(1, 2))
    def begin(self, devices: int) -> None:
        self.store = opened()
        self.server = Server(self.store)
        self.devices = [Device(self.server, f"laptop-{number}") for number in range(devices)]
        for device in self.devices:
            device.enroll(self.server.token())
            device.record()
        self.old: list[tuple] = []
        self.backup: list[tuple] | None = None

    @rule(which=st.integers(0, 1), path=st.sampled_from("abc"), there=st.booleans())
    def record(self, which: int, path: str, there: bool) -> None:
        device = self.devices[which % len(self.devices)]
        device.record(sighting(f"/{path}") if there else gone(f"/{path}"))

    @rule(which=st.integers(0, 1), fault=st.sampled_from(["", "", "lost", "unanswered", "twice"]))
    def send(self, which: int, fault: str) -> None:
        device = self.devices[which % len(self.devices)]
        device.line.fault = lambda: fault
        attempt = device.sync()
        device.line.fault = lambda: ""
        assert attempt.code in ("", "unreachable"), attempt
        self.old += device.line.sent[-1:]

    @precondition(lambda self: self.old)
    @rule(which=st.integers(0, 100))
    def an_old_message_comes_again(self, which: int) -> None:
        reply = self.server.ask(*self.old[which % len(self.old)])
        assert reply.status in (200, 401), reply

    @rule()
    def restart_server(self) -> None:
        self.server.restart()

    @rule(which=st.integers(0, 1))
    def forget_progress(self, which: int) -> None:
        device = self.devices[which % len(self.devices)]
        device.machine.durable_folder("membership").remove(["progress"])

    @rule(seconds=st.sampled_from([1, 400, 86_400]))
    def time_passes(self, seconds: int) -> None:
        self.server.clock += seconds
        for device in self.devices:
            device.machine.clock += timedelta(seconds=seconds)

    @rule(which=st.integers(0, 1), years=st.sampled_from([-10, 10]))
    def clock_jumps(self, which: int, years: int) -> None:
        device = self.devices[which % len(self.devices)]
        if device.machine.clock.year + years in range(1990, 2080):
            step_clock(device, years)

    @rule()
    def back_up(self) -> None:
        self.backup = backed_up(self.store)

    @precondition(lambda self: self.backup is not None)
    @rule()
    def put_it_back(self) -> None:
        put_back(self.server, self.backup or [])

    @invariant()
    def what_the_server_has_is_the_beginning_of_what_was_recorded(self) -> None:
        for device in getattr(self, "devices", ()):
            have = kept(self.store, device)
            assert have == own_entries(device)[: len(have)]

    def teardown(self) -> None:
        if not hasattr(self, "devices"):
            return
        try:
            for device in self.devices:
                self.settled(device)
        finally:
            self.store.close()

    def settled(self, device: Device) -> None:
        assert device.sync_all().code == ""
        assert kept(self.store, device) == own_entries(device)
        name = device.endpoint_id
        endpoint = self.store.read_now(lambda connection: endpoints.endpoint(connection, name))
        assert endpoint is not None
        assert endpoint.state == "active"
        assert self.store.read_now(lambda connection: inventory.sum_of(connection, name)) == own_sum(device)


def opened() -> Store:
    raise NotImplementedError


@pytest.fixture
def conversations(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def empty() -> Store:
        store = Store.open(database_url)
        METADATA.drop_all(store.database.engine)
        METADATA.create_all(store.database.engine)
        return store

    monkeypatch.setattr("tests.fleet.test_exchange.opened", empty)


@pytest.mark.usefixtures("conversations")
def test_any_conversation(request: pytest.FixtureRequest) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    examples = 300 if request.config.getoption("--deep") else 12
    run_state_machine_as_test(
        Conversation,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[*HealthCheck],
            derandomize=not request.config.getoption("--deep"),
        ),
    )
