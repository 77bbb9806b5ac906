import asyncio
from collections.abc import Awaitable, Callable

from tests.tui.snapshots import EVERYTHING
from textual.pilot import Pilot
from textual.widgets import DataTable, Input, Static

from weighbridge.model.running import Snapshot
from weighbridge.tui.top import Top


def drive(steps: Callable[[Top, Pilot[None]], Awaitable[None]], app: Top | None = None) -> None:
    """Run the screen without a terminal, wait for the first look, then take the steps."""
    app = app or Top(lambda: EVERYTHING, lambda: ("12:00 sighting qwen", "12:01 verdict deny"), seconds=3600)

    async def run() -> None:
        async with app.run_test(size=(140, 40)) as pilot:
            await app.workers.wait_for_complete()
            await pilot.pause()
            await steps(app, pilot)

    asyncio.run(run())


def shown(app: Top, what: str) -> str:
    return str(app.query_one(what, Static).content)


def test_the_first_look() -> None:
    async def steps(app: Top, _: Pilot[None]) -> None:
        assert app.query_one(DataTable).row_count == 3
        assert "2 processes run weights" in shown(app, "#head")
        assert "verdict deny" in shown(app, "#records")
        assert not app.query_one("#detail").display

    drive(steps)


def test_enter_opens_and_escape_closes_the_detail() -> None:
    async def steps(app: Top, pilot: Pilot[None]) -> None:
        await pilot.press("enter")
        assert app.query_one("#detail").display
        assert "owned_by llamacpp" in shown(app, "#about")
        await pilot.press("down", "down")
        assert "phi-4" in shown(app, "#about")
        await pilot.press("escape")
        assert not app.query_one("#detail").display

    drive(steps)


def test_search_while_typing_and_back() -> None:
    async def steps(app: Top, pilot: Pilot[None]) -> None:
        await pilot.press("slash", *"phi")
        assert app.query_one(DataTable).row_count == 1
        await pilot.press(*"xyz")
        assert "Nothing runs models here that fits the search." in shown(app, "#head")
        await pilot.press("escape")
        assert app.query_one(DataTable).row_count == 3
        assert not app.query_one(Input).display

    drive(steps)


def test_sort_everything_and_pause() -> None:
    async def steps(app: Top, pilot: Pilot[None]) -> None:
        await pilot.press("s", "s")
        assert "sorted by memory" in shown(app, "#head")
        await pilot.press("a")
        assert app.query_one(DataTable).row_count == 4
        await pilot.press("p")
        assert "PAUSED" in shown(app, "#head")

    drive(steps)


def test_a_look_that_fails_is_said_and_the_next_one_counts() -> None:
    looks = iter([None, EVERYTHING])

    def look() -> Snapshot:
        found = next(looks)
        if found is None:
            raise OSError("the process list could not be read")
        return found

    async def steps(app: Top, pilot: Pilot[None]) -> None:
        assert "could not look: the process list could not be read" in shown(app, "#head")
        await pilot.press("r")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.query_one(DataTable).row_count == 3

    drive(steps, Top(look, seconds=3600))


def test_an_empty_machine_says_so() -> None:
    async def steps(app: Top, _: Pilot[None]) -> None:
        assert "Nothing runs models here now." in shown(app, "#head")

    empty = Snapshot(taken_at="2026-11-21T12:00:00Z", network=EVERYTHING.network, processes=())
    drive(steps, Top(lambda: empty, seconds=3600))


def test_the_newest_record_is_in_sight_however_long_the_lines_are() -> None:
    app = Top(lambda: EVERYTHING, lambda: [f"{number} sighting {'long ' * 60}" for number in range(9)], seconds=3600)

    async def steps(app: Top, _: Pilot[None]) -> None:
        field = app.query_one("#records", Static)
        assert [line[0] for line in shown(app, "#records").splitlines()] == ["5", "6", "7", "8"]
        assert field.content_size.height == 4

    drive(steps, app)
