import asyncio

import pytest
from tests.cli_runs import wb
from tests.ledger.logs import KEY
from textual.widgets import DataTable, Static

from weighbridge.cli.top import last_records, top
from weighbridge.host.fake import FakeMachine
from weighbridge.ledger.log import Log
from weighbridge.ledger.recorder import Recorder
from weighbridge.tui.top import Top


def shown(app: Top) -> tuple[int, str]:
    async def run() -> tuple[int, str]:
        async with app.run_test(size=(150, 40)) as pilot:
            await app.workers.wait_for_complete()
            await pilot.pause()
            return app.query_one(DataTable).row_count, str(app.query_one("#records", Static).content)

    return asyncio.run(run())


def test_without_a_terminal_it_names_the_command_that_prints() -> None:
    code, out, err = wb("top", "--demo")
    assert (code, out) == (2, "")
    assert "wb ps" in err


def test_the_sample_machine_is_shown_with_its_last_records() -> None:
    rows, records = shown(top("balanced", 3600, demo=True))
    assert rows > 0
    assert "tiny-poet" in records


def test_this_machine_is_looked_at(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path))
    _, records = shown(top("observe", 3600, demo=False))
    assert records == ""


def test_the_last_records_worth_showing() -> None:
    machine = FakeMachine()
    read = last_records(machine)
    assert read() == ()
    with Recorder(Log.open(machine.durable_folder("ledger"), KEY), machine.now, machine.boot, lambda: "") as recorder:
        for number in range(5):
            recorder.record("network", {"connectivity": f"state {number}"})
            recorder.record("heartbeat", {})
        lines = read()
    assert [line.split()[-1] for line in lines] == ["1", "2", "3", "4"]
