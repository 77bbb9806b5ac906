"""What a message leads to is one transaction: nothing of it is there if any of it fails."""

import pytest
from sqlalchemy import func, select
from tests.fleet.test_inventory import joined
from tests.fleet.wire import sighting

from weighbridge.fleet import delivery, inventory, projection
from weighbridge.fleet.endpoints import STATES
from weighbridge.fleet.enrollment import RefusedError
from weighbridge.fleet.store import Store
from weighbridge.hub.schema import METADATA
from weighbridge.pipeline.membership import FleetFolder


def counts(store: Store) -> dict[str, int]:
    def job(connection: object) -> dict[str, int]:
        tables = METADATA.sorted_tables
        return {table.name: connection.execute(select(func.count()).select_from(table)).scalar() for table in tables}

    return store.read_now(job)


def test_a_failure_in_the_last_step_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    _, device = joined(store)
    device.record(sighting())
    device.sync_all()
    before = counts(store)

    def fails(*_: object) -> None:
        raise RuntimeError("a bug")

    device.record(sighting("/b"))
    with monkeypatch.context() as broken:
        broken.setattr(projection.processes, "take", fails)
        with pytest.raises(RuntimeError):
            device.sync()
    assert counts(store) == before
    assert device.sync_all().code == ""
    assert counts(store)["records"] > before["records"]


def test_a_message_without_news_changes_nothing(store: Store) -> None:
    server, device = joined(store)
    device.record(sighting())
    device.sync_all()
    device.sync_all()
    before = store.read_now(lambda connection: connection.execute(inventory.SUMS.select()).all()), counts(store)
    server.clock += 300
    attempt = device.sync()
    assert (attempt.code, attempt.sent) == ("", 0)
    assert store.read_now(lambda connection: connection.execute(inventory.SUMS.select()).all()) == before[0]
    assert counts(store) == before[1]
    assert FleetFolder(device.machine).progress().failures == 0


def test_only_active_endpoints_may_send() -> None:
    outcomes = {}
    for state in STATES:
        try:
            delivery.allowed(state)
            outcomes[state] = "sends"
        except RefusedError as refused:
            outcomes[state] = refused.code
    assert outcomes == {
        "active": "sends",
        "pending": "approval",
        "revoked": "revoked",
        "cloned_or_rewritten": "forked",
    }
