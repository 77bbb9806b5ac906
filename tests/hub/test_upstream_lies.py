"""An upstream that lies at random: whatever it says, what comes into the catalog is what it said first, or nothing."""

import asyncio
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete
from tests.fleet.serving import Running, running
from tests.hub.lying_server import LIES, NAME, Liar, lying
from tests.hub.soundness import all_releases, sound

from weighbridge.fleet.authentication import viewer_of
from weighbridge.fleet.permissions import Role
from weighbridge.fleet.settings import Settings
from weighbridge.fleet.store import Store
from weighbridge.hub import jobs, release_files, requests, upstream
from weighbridge.hub.names import parse_name
from weighbridge.hub.schema import METADATA
from weighbridge.hub.states import State
from weighbridge.hub.worker import do_next
from weighbridge.hub.works import WORKS

FILES = {"README.md": b"# Tiny\n", "config.json": b"{}", "a/b.bin": bytes(range(256)) * 20, "c.bin": b"x" * 4_000}
TRUE = {path: hashlib.sha256(body).hexdigest() for path, body in FILES.items()}
FEW, MANY = 25, 400


@pytest.fixture(scope="module")
def there() -> Iterator:
    with lying() as server:
        yield server


@pytest.fixture
def hub(there, _full_sqlite: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    monkeypatch.setattr(upstream, "_PAUSES", (0.0,) * 5)
    (tmp_path / "fleet.db").write_bytes(_full_sqlite)
    store = Store.open(f"sqlite:///{tmp_path}/fleet.db")
    origin = f"http://127.0.0.1:{there.server_address[1]}"
    settings = Settings(hub_open=True, requests_per_minute=10**6, upstream=origin, upstream_networks=("127.0.0.0/8",))
    with running(store, settings) as started:
        started.hub.folder = str(tmp_path / "state")
        yield started
    store.close()


def fetched(hub: Running, there, seed: int) -> Liar:
    """Ask for a model, and let the hub try until it has it or gave up."""
    there.liar = Liar(FILES, seed, most=6)
    ada = hub.account(f"ada-{seed}", Role.VIEWER)
    asked = hub.store.write_now(
        lambda c: requests.ask(c, hub.clock.now, viewer_of(ada), parse_name(NAME), why="to try it", fetches=True)
    )
    for _ in range(jobs.MOST_TRIES + 1):
        while asyncio.run(do_next(hub.hub, {jobs.FETCH: WORKS[jobs.FETCH]})):
            pass
        hub.clock.pass_seconds(4_000)
    request = hub.store.read_now(lambda c: requests.by_id(c, asked.request_id))
    assert not [one for one in hub.store.read_now(jobs.unfinished) if one.kind == jobs.FETCH]
    states = {one.state for one in all_releases(hub)}
    assert request.state == requests.REFUSED or states == {State.QUARANTINED}, (request, states)
    return there.liar


def check(hub: Running) -> None:
    unclear = [line for line in hub.lines if '"error"' in line and "a job failed" in line]
    assert unclear == [], "this was not foreseen"
    sound(hub)
    for release in all_releases(hub):
        files = hub.store.read_now(lambda c, r=release: release_files.of_release(c, r.release_id))
        assert release.state in (State.QUARANTINED, State.FAILED)
        if release.state is State.FAILED:
            assert files == []
        for file in files:
            # What was only renamed, or left out of the list, is what it said; bytes are never others than it said.
            assert file.sha256 in TRUE.values()


def empty(hub: Running) -> None:
    def job(connection) -> None:
        for table in METADATA.sorted_tables:
            if table.name.startswith("hub_"):
                connection.execute(delete(table))

    hub.store.write_now(job)
    hub.lines.clear()


def test_whatever_an_upstream_says_nothing_wrong_comes_in(hub: Running, there, request: pytest.FixtureRequest) -> None:
    told = set()
    for seed in range(MANY if request.config.getoption("--deep") else FEW):
        liar = fetched(hub, there, seed)
        try:
            check(hub)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}, {liar.told}: {error}") from error
        told |= {one.partition(": ")[2] for one in liar.told}
        empty(hub)
    assert told == set(LIES)
