"""Who ran which weights."""

from sqlalchemy import select
from tests.fleet.test_inventory import joined
from tests.fleet.wire import DIGEST, process

from weighbridge.fleet import processes
from weighbridge.fleet.processes import DAY, USAGE
from weighbridge.fleet.store import Store

END = ("process-end", {"pid": 7, "started": 1.5})


def usage(store: Store) -> list[tuple[object, ...]]:
    columns = USAGE.c.sha256, USAGE.c.runtime, USAGE.c.actor, USAGE.c.network, USAGE.c.processes
    return store.read_now(lambda connection: [tuple(row) for row in connection.execute(select(*columns))])


def test_a_run_stays_when_the_process_has_ended(store: Store) -> None:
    _, device = joined(store)
    device.record(process(network="offline"))
    device.sync_all()
    (one,) = store.read_now(lambda connection: processes.of_digest(connection, DIGEST))
    assert (one.name, one.user, one.runtime, one.actor) == ("llama-server", "ada", "llama_cpp", "human")
    assert (one.network, one.ended_at) == ("offline", None)
    device.record(END)
    device.sync_all()
    (ended,) = store.read_now(lambda connection: processes.of_digest(connection, DIGEST))
    assert ended.ended_at is not None
    assert ended.first_at == one.first_at


def test_usage_counts_processes_not_records(store: Store) -> None:
    _, device = joined(store)
    kind, data = process()
    device.record((kind, data), (kind, data | {"user": "eve"}))
    device.sync_all()
    device.record((kind, data | {"user": "bob"}), process(8))
    device.sync_all()
    assert usage(store) == [(DIGEST, "llama_cpp", "human", "online", 2)]
    days = store.read_now(lambda connection: connection.execute(select(USAGE.c.day)).scalars().all())
    assert days == [int(device.machine.clock.timestamp() * 1000) // DAY]


def test_a_process_that_came_and_went_in_one_batch(store: Store) -> None:
    _, device = joined(store)
    device.record(process(), END)
    device.sync_all()
    (one,) = store.read_now(lambda connection: processes.of_digest(connection, DIGEST))
    assert one.ended_at is not None
    assert usage(store) == [(DIGEST, "llama_cpp", "human", "online", 1)]


def test_weights_without_a_digest_count_as_a_process(store: Store) -> None:
    _, device = joined(store)
    kind, data = process()
    device.record((kind, data | {"weights": [{"sha256": None, "path": "/x"}, 7, "nonsense"]}))
    device.sync_all()
    assert usage(store) == [("", "llama_cpp", "human", "online", 1)]
