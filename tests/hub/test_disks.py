"""A real disk that is full under the bytes of a hub: each face says so, nothing stays, and afterwards it goes on."""

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from obstore.store import LocalStore
from tests.fleet.serving import Running
from tests.fleet.test_disks import Disk
from tests.hub.approved import bearer

from weighbridge.fleet.permissions import Role
from weighbridge.hub.blobs import BlobStore
from weighbridge.hub.hub import Hub

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="mounts of Linux")
BODY = os.urandom(3 << 20)
SHA256 = hashlib.sha256(BODY).hexdigest()


@pytest.fixture
def hub(served: Running, tmp_path: Path) -> Iterator[tuple[Running, Disk]]:
    """A hub whose bytes lie on a disk of 4 MB, most of which is taken."""
    disk = Disk(tmp_path / "disk", 4 << 20)
    (disk.folder / "taken").write_bytes(bytes(2 << 20))
    served.server.settings = msgspec.structs.replace(served.server.settings, hub_keep_free_gb=0.0)
    served.hub = Hub(served.server, BlobStore(LocalStore(str(disk.folder / "hub"), mkdir=True)))
    yield served, disk
    disk.close()


def kept(disk: Disk) -> list[str]:
    return [path.name for path in (disk.folder / "hub").rglob("*") if path.is_file() and path.stat().st_size]


def push(running: Running, headers: dict[str, str]):
    """Send a blob as a client of a registry does: in one request, after it was begun."""
    client = running.client()
    begun = client.post("/v2/acme/tiny/blobs/uploads/", headers=headers)
    assert begun.status_code == 202, begun.text
    address = begun.headers["location"].removeprefix("http://127.0.0.1:8480")
    return client.put(f"{address}?digest=sha256:{SHA256}", headers=headers, content=BODY)


def upload(running: Running, headers: dict[str, str]):
    """Send a file as a client of Git LFS does: where it is told to."""
    client = running.client()
    wanted = {"operation": "upload", "transfers": ["basic"], "objects": [{"oid": SHA256, "size": len(BODY)}]}
    told = client.post("/acme/tiny.git/info/lfs/objects/batch", headers=headers, json=wanted)
    if told.status_code != 200:
        return told
    action = told.json()["objects"][0]["actions"]["upload"]
    return client.put(
        action["href"].removeprefix("http://127.0.0.1:8480"), headers=action.get("header", {}), content=BODY
    )


@pytest.mark.parametrize("send", [push, upload])
def test_a_full_disk_is_said_and_nothing_stays(hub, send):
    running, disk = hub
    headers = bearer(running, role=Role.ANALYST, right="write")
    answer = send(running, headers)
    assert answer.status_code == 507, answer.text
    # Whoever says before how much will come is told before anything is sent.
    assert ("no room left" if send is push else "left on its disk") in answer.text
    assert kept(disk) == []
    (disk.folder / "taken").unlink()
    again = send(running, headers)
    assert again.status_code in (200, 201), again.text
    assert kept(disk) == [SHA256]


@pytest.mark.parametrize("send", [push, upload])
def test_a_disk_does_not_become_full(hub, send):
    running, disk = hub
    (disk.folder / "taken").write_bytes(b"")
    running.server.settings = msgspec.structs.replace(running.server.settings, hub_keep_free_gb=5.0)
    headers = bearer(running, role=Role.ANALYST, right="write")
    assert send(running, headers).status_code in (200, 201)
    room = os.statvfs(disk.folder)
    (disk.folder / "taken").write_bytes(bytes(room.f_bavail * room.f_frsize - 150_000))
    answer = running.client().post("/v2/acme/tiny/blobs/uploads/", headers=headers)
    assert (answer.status_code, "on its disk, and keeps 210 kB free" in answer.text) == (507, True), answer.text
    assert room.f_bavail > 0
