"""The hub's ledger: what was done stands in it once, also if a server died between ledger and database."""

import asyncio

import pytest
from tests.fleet.serving import Running

from weighbridge.hub import chronicle, jobs, steps
from weighbridge.hub.chronicle import HubMachine
from weighbridge.hub.worker import Progress
from weighbridge.ledger.entry import decode
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.ledger_open import ledger_reader


@pytest.fixture
def hub(served: Running, tmp_path) -> Running:
    served.hub.folder = str(tmp_path / "state")
    return served


def note(hub: Running, *named: str) -> None:
    for step in named:
        hub.store.write_now(lambda c, step=step: steps.note(c, hub.clock.now, steps.HUB, step, "r1", why="because"))


def record(hub: Running) -> int:
    """Do the job; return how many steps it wrote."""
    progress = Progress()
    asyncio.run(chronicle.record_steps(hub.hub, hub.store.read_now(lambda c: jobs.unfinished(c)[0]), progress))
    return progress.done


def recorded(hub: Running) -> list[object]:
    reader = ledger_reader(HubMachine(hub.hub.folder.encode()))
    known = (decode(entry) for entry in reader.entries(0, reader.head().size))
    return [one.data["step"] for one in known if one is not None and one.kind == chronicle.KIND]


def test_steps_are_recorded_once_and_in_order(hub: Running) -> None:
    note(hub, "fetch", "weigh")
    assert record(hub) == 2
    assert record(hub) == 0
    note(hub, "approve")
    assert record(hub) == 1
    assert recorded(hub) == ["fetch", "weigh", "approve"]


def test_a_server_that_dies_after_the_ledger_writes_no_step_twice(hub: Running, monkeypatch) -> None:
    note(hub, "fetch")

    def dies(connection, step_ids):
        raise WeighbridgeError("E-x", "the server died", "start it")

    with monkeypatch.context() as patched:
        patched.setattr(steps, "note_recorded", dies)
        with pytest.raises(WeighbridgeError):
            record(hub)
    note(hub, "weigh")
    assert record(hub) == 2
    assert recorded(hub) == ["fetch", "weigh"]


def test_a_hub_without_a_folder_keeps_no_ledger(served: Running) -> None:
    note(served, "fetch")
    assert record(served) == 1
