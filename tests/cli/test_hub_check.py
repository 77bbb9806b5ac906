"""`wb hub check`: what differs is said in words and as data, and its exit code tells whether it matters."""

import json
import shutil

import pytest
from obstore.store import LocalStore
from tests.cli.fleet_kit import wb
from tests.fleet.serving import running
from tests.hub.approved import approved
from tests.hub.holding import sha256

from weighbridge.fleet.migrate import migrate
from weighbridge.fleet.store import Store
from weighbridge.hub.blob_index import QUARANTINE, RELEASED
from weighbridge.hub.blobs import BlobStore, path_of
from weighbridge.hub.hub import Hub

MODEL = sha256(b"weights")


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """A state folder with the catalog and the bytes of one release; and how to check it."""
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path))
    (tmp_path / "fleet").mkdir()
    store = Store.open(f"sqlite:///{tmp_path}/fleet/fleet.db")
    migrate(store)
    with running(store) as started:
        started.hub = Hub(started.server, BlobStore(LocalStore(str(tmp_path / "hub"), mkdir=True)))
        approved(started, {"model.bin": b"weights"})
    store.close()

    def check(*arguments: str) -> tuple[int, str, str]:
        return wb("hub", "check", *arguments)

    return tmp_path / "hub", check


def test_what_is_as_it_should_be_is_said(hub):
    _, check = hub
    code, _, said = check("--deep")
    assert "all bytes that the catalog names are there, with the digests" in " ".join(said.split())
    assert code == 0
    assert json.loads(check("--format", "json")[1]) == []


def test_damage_is_said_and_fails(hub):
    folder, check = hub
    (folder / path_of(RELEASED, MODEL)).write_bytes(b"WEIGHTS")
    assert check()[0] == 0
    code, _, said = check("--deep")
    assert code == 1
    assert "damaged  1 blob: restore it from a backup" in said
    assert MODEL[:16] in said
    (one,) = json.loads(check("--deep", "--format", "json")[1])
    assert (one["kind"], one["sha256"], one["size"]) == ("damaged", MODEL, 7)


def test_what_lies_in_the_wrong_place_is_put_back(hub):
    folder, check = hub
    (folder / path_of(QUARANTINE, MODEL)).parent.mkdir(parents=True, exist_ok=True)
    shutil.move(folder / path_of(RELEASED, MODEL), folder / path_of(QUARANTINE, MODEL))
    code, _, said = check()
    assert (code, "misplaced" in said) == (1, True)
    assert check("--repair")[0] == 0
    assert (folder / path_of(RELEASED, MODEL)).read_bytes() == b"weights"


def test_a_kernel_that_cannot_confine_readers_is_said(hub, monkeypatch):
    _, check = hub
    monkeypatch.setattr("weighbridge.host.confined.version", lambda: 0)
    code, _, said = check()
    assert (code, "no Landlock in this kernel" in " ".join(said.split())) == (0, True)
    monkeypatch.setattr("weighbridge.host.confined.version", lambda: 1)
    assert "Landlock" not in check()[2]


def test_what_room_there_is_is_said(hub, monkeypatch):
    _, check = hub
    assert "left on its disk, of which" in " ".join(check()[2].split())
    monkeypatch.setenv("WEIGHBRIDGE_SERVE_HUB_KEEP_FREE_GB", "1000000")
    monkeypatch.setattr("weighbridge.hub.space._MOST_OF_DISK", 1.0)
    code, _, said = check()
    assert (code, "no uploads are taken" in said) == (0, True)
