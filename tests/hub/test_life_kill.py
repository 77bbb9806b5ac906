"""kill -9 of a real server while it fetches, weighs, approves and moves: nothing half done, everything goes on."""

import os
import random
import sys
import time
from pathlib import Path

import pytest
from tests.fleet.server_process import LIMIT, ServerProcess
from tests.hub.checkpoints import checkpoint, tensor
from tests.hub.upstream_server import Upstream, serving
from tests.hub.weighable import CLEAN

from weighbridge.fleet.store import Store
from weighbridge.hub import blob_index, branches, jobs, models, release_files, releases, steps
from weighbridge.hub.blob_index import RELEASED
from weighbridge.hub.blobs import path_of
from weighbridge.hub.names import parse_name
from weighbridge.hub.releases import Release

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals as on Linux")
FEW, MANY = 1, jobs.MOST_TRIES - 1
"""Kills in one life: a job whose server died more often than that is given up, rightly."""
FILES = {**CLEAN, **{f"part/{number:03}.txt": b"%d\n" % number * 2_000 for number in range(40)}}


@pytest.fixture
def there(monkeypatch):
    with serving(Upstream(FILES)) as started:
        monkeypatch.setenv("WEIGHBRIDGE_SERVE_UPSTREAM", started.origin)
        monkeypatch.setenv("WEIGHBRIDGE_SERVE_UPSTREAM_NETWORKS", "127.0.0.0/8")
        yield started


def run(kills: int, folder: Path, seed: int) -> None:
    """Ask for a model, kill the server at random moments until it was killed so often, then let it end its work."""
    chance, database = random.Random(seed), f"sqlite:///{folder}/fleet.db"
    server = ServerProcess(database, folder / "state")
    form = server.sign_in()
    cookies = dict(server.client.cookies)
    asked = server.client.post(
        "/api/v1/model-requests", json={"name": "acme/tiny", "why": "to see it survive"}, headers=form
    ).json()
    for _ in range(kills):
        time.sleep(chance.random() * 1.5)
        server.kill()
        server = ServerProcess(database, folder / "state")
    server.client.cookies.update(cookies)
    until(server, f"/api/v1/model-requests/{asked['request_id']}", is_decided)
    ends_its_work(server, database, f"/api/v1/model-requests/{asked['request_id']}")
    assert server.stop() == 0
    check(database, folder)


def check(database: str, folder: Path) -> None:
    store = Store.open(database)
    try:
        release, files, blobs, head, done = store.read_now(found)
    finally:
        store.close()
    assert release.state == "approved"
    assert {one.path: one.size for one in files} == {path: len(body) for path, body in FILES.items()}
    assert head == release.commit_id
    assert {blob.place for blob in blobs.values()} == {RELEASED}
    root = folder / "state" / "hub"
    for digest in blobs:
        assert (root / path_of(RELEASED, digest)).is_file()
    assert not [path for path in (root / "quarantine").rglob("*") if path.is_file()]
    scratch = folder / "state" / "hub-scratch"
    assert not scratch.exists() or not list(scratch.iterdir())
    assert [one.step for one in done].count("approve") == 1


def found(connection) -> tuple[Release, list, dict, str, list]:
    model = models.by_name(connection, parse_name("acme/tiny"))
    assert model is not None
    (release,) = releases.of_model(connection, model.model_id)
    files = release_files.of_release(connection, release.release_id)
    blobs = blob_index.find_all(connection, sorted({one.sha256 for one in files}))
    main = branches.find(connection, model.model_id, "main")
    assert main is not None
    return release, files, blobs, main.served, steps.about(connection, [release.release_id])


def test_a_server_that_is_killed_goes_on(there: Upstream, tmp_path: Path) -> None:
    run(FEW, tmp_path, seed=os.getpid())


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(5))
def test_a_server_that_is_killed_over_and_over_goes_on(there: Upstream, tmp_path: Path, seed: int) -> None:
    run(MANY, tmp_path, seed)


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(3))
def test_a_server_that_is_killed_while_it_converts_goes_on(tmp_path: Path, seed: int, monkeypatch) -> None:
    """The tensors are in a release that follows, once; the one that was converted is as it was."""
    numbers = bytes(4 << 20)
    names = {f"t{number}": tensor((1 << 20,), (1,), elements=1 << 20) for number in range(2)}
    chance, database = random.Random(seed), f"sqlite:///{tmp_path}/fleet.db"
    files = {"README.md": CLEAN["README.md"], "pytorch_model.bin": checkpoint(numbers, **names)}
    with serving(Upstream(files)) as there:
        monkeypatch.setenv("WEIGHBRIDGE_SERVE_UPSTREAM", there.origin)
        monkeypatch.setenv("WEIGHBRIDGE_SERVE_UPSTREAM_NETWORKS", "127.0.0.0/8")
        server = ServerProcess(database, tmp_path / "state")
        form = server.sign_in()
        cookies = dict(server.client.cookies)
        body = {"name": "acme/tiny", "why": "to see it survive"}
        asked = server.client.post("/api/v1/model-requests", json=body, headers=form).json()
        release = until(server, f"/api/v1/model-requests/{asked['request_id']}", is_weighed)["release"]
        address = f"/api/v1/releases/{release['release_id']}"
        assert server.client.post(f"{address}/convert", headers=form).status_code == 202
        for _ in range(3):
            time.sleep(chance.random())
            server.kill()
            server = ServerProcess(database, tmp_path / "state")
        server.client.cookies.update(cookies)
        shown = until(server, "/api/v1/models/acme/tiny", lambda told: told["is_main"])
        ends_its_work(server, database, address)
        assert server.stop() == 0
    assert [file["path"] for file in shown["files"]] == ["README.md", "model.safetensors"]
    assert {one["state"] for one in shown["releases"]} == {"approved", "review"}
    assert len(shown["releases"]) == 2


def is_weighed(told) -> bool:
    return told["release"] is not None and told["release"]["state"] in ("review", "failed")


def is_decided(told) -> bool:
    assert told["request"]["state"] != "refused", told
    return told["request"]["state"] == "done"


def ends_its_work(server: ServerProcess, database: str, path: str) -> None:
    """Wait for the end of all jobs; the look back that is due a minute after bytes were moved comes at once."""
    waiting = jobs.JOBS.update().where(jobs.JOBS.c.kind == jobs.SETTLE, jobs.JOBS.c.state == jobs.WAITING)
    store = Store.open(database)

    def is_over(told) -> bool:
        store.write_now(lambda connection: connection.execute(waiting.values(due_at=0)))
        return not told["jobs"]

    until(server, path, is_over)
    store.close()


def until(server: ServerProcess, path: str, holds):
    """Ask until something holds; return what was said then."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        answer = server.client.get(path)
        if answer.status_code == 200 and holds(answer.json()):
            return answer.json()
        time.sleep(0.1)
    raise AssertionError(answer.text)
