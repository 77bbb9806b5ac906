"""Bytes lie where the states of their releases want them, whatever happened in between."""

import asyncio

import pytest
from tests.fleet.serving import Running
from tests.hub.approved import approved, moved
from tests.hub.holding import in_state, sha256

from weighbridge.hub import blob_index, release_files, settling
from weighbridge.hub.blob_index import QUARANTINE, RELEASED
from weighbridge.hub.states import State
from weighbridge.model.errors import WeighbridgeError


def lies(served: Running, content: bytes) -> tuple[str, set[str]]:
    """Return where bytes lie, as the catalog says and as they are."""
    digest = sha256(content)
    blob = served.store.read_now(lambda c: blob_index.find(c, digest))
    there = {place for place in blob_index.PLACES if asyncio.run(served.hub.blobs.size(place, digest)) is not None}
    return ("" if blob is None else blob.place), there


def test_bytes_of_what_is_served_no_longer_go_back(served: Running) -> None:
    release = approved(served, {"a": b"1"})
    moved(served, release, State.REVOKED)
    asyncio.run(settling.settle(served.hub, release.release_id))
    assert lies(served, b"1") == (QUARANTINE, {QUARANTINE})


def test_what_another_served_release_holds_stays(served: Running) -> None:
    approved(served, {"a": b"1"}, name="acme/other")
    release = in_state(served, State.REVIEW, {"b": b"1"})
    asyncio.run(settling.settle(served.hub, release.release_id))
    assert lies(served, b"1") == (RELEASED, {RELEASED})


@pytest.mark.parametrize("after", [QUARANTINE, RELEASED])
def test_a_move_that_the_catalog_does_not_know_of_is_repaired(served: Running, after: str) -> None:
    """A server died after it moved bytes, and before it said so."""
    make = approved if after == RELEASED else lambda s, files: in_state(s, State.REVIEW, files)
    release = make(served, {"a": b"1"})
    before = QUARANTINE if after == RELEASED else RELEASED
    asyncio.run(served.hub.blobs.move(sha256(b"1"), after, before))
    asyncio.run(settling.settle(served.hub, release.release_id))
    assert lies(served, b"1") == (after, {after})
    served.store.write_now(lambda c: blob_index.place(c, [sha256(b"1")], before))
    asyncio.run(settling.settle(served.hub, release.release_id))
    assert lies(served, b"1") == (after, {after})


def test_bytes_that_are_gone_are_said(served: Running) -> None:
    release = in_state(served, State.REVIEW, {"a": b"1"})
    asyncio.run(served.hub.blobs.remove(sha256(b"1")))
    with pytest.raises(WeighbridgeError, match="not where they should be"):
        asyncio.run(settling.bring_forward(served.hub, release.release_id))
    assert served.store.read_now(lambda c: release_files.served_digests(c, [sha256(b"1")])) == set()
