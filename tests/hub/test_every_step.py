"""Everything that changes a hub, failing at each of its steps in each way: nothing half done, nothing wrong served.

What failed is done again, as its client would: it ends well. Then jobs are done and garbage is collected, and nothing
is left over. Without `--deep` a few of the steps are tried, with it more; with WEIGHBRIDGE_STEPS=all, each in each way.
"""

import os
import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from obstore.store import LocalStore, MemoryStore
from tests.hub.faulty import ENDS, KILLED, LOST, POWER, REFUSALS, TORN, DeadError, Ground
from tests.hub.lying_server import Liar, lying
from tests.hub.soundness import clean, settled, sound
from tests.hub.step_work import BODY, DOINGS, SMALL, Doing, World

from weighbridge.hub import hf_lfs_parts, upstream
from weighbridge.model.errors import WeighbridgeError

FEW, MANY = 1, 10
"""Tries of each kind of work in each place, without `--deep` and with it."""
WAYS = {"folder": (KILLED, TORN, POWER, LOST, *REFUSALS), "bucket": (KILLED, TORN, LOST, "EIO")}
_MOST_STEPS = 200


@pytest.fixture
def ground(monkeypatch: pytest.MonkeyPatch) -> Ground:
    monkeypatch.setattr(hf_lfs_parts, "PART", 4_096)
    monkeypatch.setattr(upstream, "_PAUSES", (0.0,) * 5)
    return Ground(monkeypatch)


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest) -> str:
    return request.param


class Places:
    """Makes worlds, each on ground of its own."""

    def __init__(self, folder: Path, tables: bytes, ground: Ground, place: str, origin: str) -> None:
        self._origin = origin
        self._folder, self._tables, self._ground, self._place = folder, tables, ground, place
        self._count = 0

    def world(self) -> World:
        self._count += 1
        folder = self._folder / str(self._count)
        objects = LocalStore(str(folder / "hub"), mkdir=True) if self._place == "folder" else MemoryStore()
        return World(folder, self._tables, self._ground, objects, upstream=self._origin)


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """Where models are fetched from."""
    with lying() as server:
        server.liar = Liar({"model.bin": BODY, "README.md": SMALL}, seed=0, most=0)
        yield f"http://127.0.0.1:{server.server_address[1]}"


@pytest.fixture
def places(tmp_path: Path, _full_sqlite: bytes, ground: Ground, place: str, origin: str) -> Places:
    return Places(tmp_path, _full_sqlite, ground, place, origin)


def steps_of(places: Places, doing: Doing) -> int:
    """Do something well; return how many steps it has."""
    world = places.world()
    doing.before(world)
    world.ground.steps.fail(0, "")
    doing.act(world)
    count = world.ground.steps.count
    ends_well(world, doing)
    assert 0 < count < _MOST_STEPS
    return count


def ends_well(world: World, doing: Doing) -> None:
    assert doing.is_done(world)
    world.work()
    settled(world.running)
    world.collect()
    settled(world.running)
    clean(world.running)
    world.close()


def try_one(places: Places, doing: Doing, at: int, how: str) -> None:
    """Let something fail at a step, look, do it again, and look."""
    world = places.world()
    doing.before(world)
    world.ground.steps.fail(at, how)
    with suppress(DeadError, WeighbridgeError, AssertionError):
        doing.act(world)
    steps = world.ground.steps
    if not steps.where:
        # Files that are fetched at the same time share the making of folders, not always alike.
        assert at > 1
        ends_well(world, doing)
        return
    said = f"{how} at step {at}, {steps.where}"
    try:
        assert steps.is_dead == (how in ENDS)
        unclear = [line for line in world.running.lines if "request failed" in line and "DeadError" not in line]
        assert unclear == [], "refused without a word"
        world.end(at)
        sound(world.running)
        doing.act(world)
        ends_well(world, doing)
    except (AssertionError, WeighbridgeError) as error:
        raise AssertionError(f"{said}: {error}") from error


def tries(count: int, ways: tuple[str, ...], *, deep: bool, chance: random.Random) -> Iterator[tuple[int, str]]:
    every = [(at, how) for at in range(1, count + 1) for how in ways]
    if os.environ.get("WEIGHBRIDGE_STEPS") == "all":
        return iter(every)
    return iter(chance.sample(every, min(MANY if deep else FEW, len(every))))


@pytest.mark.parametrize("name", DOINGS)
def test_whatever_fails_nothing_is_half_done_and_it_can_be_done_again(
    places: Places, place: str, name: str, request: pytest.FixtureRequest
) -> None:
    deep, doing = request.config.getoption("--deep"), DOINGS[name]
    if not deep and list(DOINGS).index(name) % 2 != list(WAYS).index(place):
        pytest.skip("in this place with --deep")
    count = steps_of(places, doing)
    for at, how in tries(count, WAYS[place], deep=deep, chance=random.Random(name)):
        try_one(places, doing, at, how)
