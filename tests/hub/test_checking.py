"""Catalog and store side by side: each way in which they can differ is said, and nothing where they do not."""

import asyncio

import pytest
from obstore.store import LocalStore
from tests.fleet.serving import Running, running
from tests.hub.approved import approved
from tests.hub.holding import sha256

from weighbridge.fleet.store import Store
from weighbridge.hub import blob_index
from weighbridge.hub.blob_index import QUARANTINE, RELEASED
from weighbridge.hub.blobs import BlobStore, path_of
from weighbridge.hub.checking import check, digest_of, put_back
from weighbridge.hub.hub import Hub

FILES = {"config.json": b"{}", "model.bin": b"weights"}
MODEL = sha256(b"weights")


@pytest.fixture
def at(store: Store, tmp_path):
    with running(store) as started:
        started.hub = Hub(started.server, BlobStore(LocalStore(str(tmp_path / "hub"), mkdir=True)))
        started.folder = tmp_path / "hub"
        approved(started, FILES)
        yield started


def found(at: Running, *, deep: bool = False) -> list[tuple[str, str]]:
    async def work():
        return [one async for one in check(at.store, at.hub.blobs, deep=deep)]

    return sorted((one.kind, one.sha256) for one in asyncio.run(work()))


def file(at: Running, place: str = RELEASED):
    return at.folder / path_of(place, MODEL)


def test_nothing_where_nothing_is(at: Running) -> None:
    assert found(at) == []
    assert found(at, deep=True) == []


def test_what_is_missing(at: Running) -> None:
    file(at).unlink()
    assert found(at) == [("missing", MODEL)]


def test_what_the_catalog_never_got(at: Running) -> None:
    at.store.write_now(lambda connection: blob_index.forget(connection, MODEL))
    assert found(at) == [("missing", MODEL), ("unknown", MODEL)]


def test_what_has_another_size(at: Running) -> None:
    file(at).write_bytes(b"shorter"[:3])
    assert found(at) == [("wrong-size", MODEL)]


def test_what_has_other_bytes_is_found_by_reading_them(at: Running) -> None:
    file(at).write_bytes(b"WEIGHTS")
    assert found(at) == []
    assert found(at, deep=True) == [("damaged", MODEL)]


def test_what_lies_in_the_other_place_is_put_back(at: Running) -> None:
    file(at, QUARANTINE).parent.mkdir(parents=True, exist_ok=True)
    file(at).rename(file(at, QUARANTINE))
    assert found(at) == [("misplaced", MODEL)]

    async def work():
        return [await put_back(at.store, at.hub.blobs, one) async for one in check(at.store, at.hub.blobs)]

    assert asyncio.run(work()) == [True]
    assert found(at) == []
    assert file(at).read_bytes() == b"weights"


def test_what_lies_open_and_is_served_by_nothing(at: Running) -> None:
    at.store.write_now(lambda c: c.execute(blob_index.FILES.delete().where(blob_index.FILES.c.sha256 == MODEL)))
    assert found(at) == [("exposed", MODEL)]


def test_what_the_catalog_does_not_know(at: Running) -> None:
    (at.folder / "released" / "sha256" / "README").write_bytes(b"?")
    file(at, QUARANTINE).parent.mkdir(parents=True, exist_ok=True)
    file(at, QUARANTINE).write_bytes(b"weights")
    assert found(at) == [("unknown", ""), ("unknown", MODEL)]


def test_names_in_the_store() -> None:
    assert digest_of(path_of(QUARANTINE, MODEL)) == MODEL
    for path in (f"quarantine/sha256/00/{MODEL}", f"quarantine/{MODEL}", f"quarantine/sha512/{MODEL[:2]}/{MODEL}"):
        assert digest_of(path) is None
