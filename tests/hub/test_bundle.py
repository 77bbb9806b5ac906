"""Releases as files: out of one hub, into another; and what is not taken."""

import asyncio
import io
import tarfile
from pathlib import Path

import pytest
from tests.fleet.serving import running
from tests.hub.approved import FILES, approved
from tests.hub.holding import in_state, weighed_with

from weighbridge.fleet.store import Store
from weighbridge.fleet.witness import catalog_key
from weighbridge.hub import models, release_files
from weighbridge.hub.bundle import export_release, import_release
from weighbridge.hub.states import State
from weighbridge.ledger.note_keys import PrivateKey
from weighbridge.model.errors import WeighbridgeError


@pytest.fixture
def there(tmp_path: Path, _full_sqlite: bytes):
    """Another hub than `served`, and a bundle that it wrote."""
    path = tmp_path / "there.db"
    path.write_bytes(_full_sqlite)
    store = Store.open(f"sqlite:///{path}")
    with running(store) as started:
        yield started
    store.close()


@pytest.fixture
def bundle(there):
    release = approved(there, guidance="For drafts.")
    weighed_with(there, release)
    target = io.BytesIO()
    asyncio.run(export_release(there.hub, release.release_id, target))
    key = there.store.write_now(lambda c: catalog_key(c, there.clock.now)).public
    return release, target.getvalue(), key


def take(served, content: bytes, *keys):
    return asyncio.run(import_release(served.hub, io.BytesIO(content), keys, "import"))


def test_a_release_goes_from_hub_to_hub(served, bundle) -> None:
    release, content, key = bundle
    made = take(served, content, key)
    assert (made.state, made.commit_id) == (State.QUARANTINED, release.commit_id)
    files = served.store.read_now(lambda c: release_files.of_release(c, made.release_id))
    assert {one.path: one.size for one in files} == {path: len(body) for path, body in FILES.items()}
    assert take(served, content, key).release_id == made.release_id


def test_what_is_not_served_does_not_leave(there) -> None:
    release = in_state(there, State.REVIEW)
    with pytest.raises(WeighbridgeError, match="this release is review"):
        asyncio.run(export_release(there.hub, release.release_id, io.BytesIO()))


def test_a_bundle_that_nobody_trusted_signed_is_not_taken(served, bundle) -> None:
    _, content, _ = bundle
    with pytest.raises(WeighbridgeError, match="none of the keys"):
        take(served, content, PrivateKey("somebody", b"1" * 32).public)
    assert served.store.read_now(models.count) == 0


def changed(content: bytes, change) -> bytes:
    """Return a bundle whose members (name, bytes) went through a function."""
    target = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(content)) as old, tarfile.open(fileobj=target, mode="w") as new:
        members = [(one.name, old.extractfile(one).read()) for one in old]
        for name, body in change(members):
            entry = tarfile.TarInfo(name)
            entry.size = len(body)
            new.addfile(entry, io.BytesIO(body))
    return target.getvalue()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda m: [(n, b.replace(b"acme/tiny", b"acme/evil")) for n, b in m], "not what was signed"),
        (lambda m: [(n, b"x" * len(b) if n.startswith("blobs/") else b) for n, b in m], "are others"),
        (lambda m: [(n, b + b"x" if n.startswith("blobs/") else b) for n, b in m], "are others"),
        (lambda m: m[:-1], "1 of its contents are missing"),
        (lambda m: [(n, b + b" " if n == "bom.json" else b) for n, b in m], "bill of materials is another"),
        (lambda m: [one for one in m if one[0] != "bom.json"], "bill of materials is missing"),
        (lambda m: [*m, next(one for one in m if one[0] == "bom.json")], "does not name"),
        (lambda m: [*m, ("../../etc/passwd", b"x")], "does not name"),
        (lambda m: [one for one in m if one[0] != "manifest.note"], "does not name"),
        (lambda m: [], "no signed manifest"),
        (lambda m: list(reversed(m)), "does not name"),
    ],
    ids=[
        "manifest",
        "bytes",
        "longer",
        "missing",
        "bom",
        "no-bom",
        "two-boms",
        "stranger",
        "unsigned",
        "empty",
        "order",
    ],
)
def test_a_bundle_that_was_changed_is_not_taken(served, bundle, change, said: str) -> None:
    _, content, key = bundle
    with pytest.raises(WeighbridgeError, match=said):
        take(served, changed(content, change), key)
    assert served.store.read_now(models.count) == 0


@pytest.mark.parametrize("cut", [1, 700, 3000, -1200])
def test_a_bundle_that_was_cut_short_is_not_taken(served, bundle, cut: int) -> None:
    _, content, key = bundle
    with pytest.raises(WeighbridgeError, match="not taken"):
        take(served, content[:cut], key)
    assert served.store.read_now(models.count) == 0
