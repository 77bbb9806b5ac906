"""A real disk that is full or may only be read, under the server and under an endpoint; two processes in one folder."""

import ctypes
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.fleet.nursery import Nursery, until
from tests.fleet.test_kill import Endpoint, Served, Watched

from weighbridge.fleet import enrollment
from weighbridge.fleet.store import Store

pytestmark = pytest.mark.skipif(sys.platform != "linux" or not hasattr(os, "pidfd_open"), reason="mounts of Linux")
_READ_ONLY, _REMOUNT = 1, 32


class Disk:
    """A small file system in memory, mounted for real."""

    def __init__(self, folder: Path, size: int) -> None:
        folder.mkdir()
        self.folder = folder
        self._c = ctypes.CDLL(None, use_errno=True)
        if self._c.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", 0, f"size={size},mode=700".encode()):
            pytest.skip(f"this account may not mount: {os.strerror(ctypes.get_errno())}")

    def fill(self) -> None:
        """Leave no room at all."""
        with (self.folder / "ballast").open("wb", buffering=0) as ballast:
            for size in (1 << 16, 1 << 12):
                try:
                    while True:
                        ballast.write(bytes(size))
                except OSError:
                    continue

    def empty(self) -> None:
        """Give the room back."""
        (self.folder / "ballast").unlink()

    def remount(self, *, read_only: bool) -> None:
        """Forbid, or allow, any change; what is open for writing keeps a disk from that (EBUSY)."""
        flags = _REMOUNT | (_READ_ONLY if read_only else 0)
        if self._c.mount(b"none", os.fsencode(self.folder), None, flags, None):
            raise OSError(ctypes.get_errno(), "mount")

    def close(self) -> None:
        """Take it away, whoever still uses it."""
        self._c.umount2(os.fsencode(self.folder), 2)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    made = Disk(tmp_path / "disk", 24 << 20)
    yield made
    made.close()


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()


@pytest.fixture
def served(nursery: Nursery, tmp_path: Path) -> Iterator[Served]:
    """A server on an ordinary disk."""
    made = Served(nursery, f"sqlite:///{tmp_path}/fleet.db", tmp_path / "server")
    made.start()
    made.ready()
    yield made
    made.kill()


def joined(nursery: Nursery, served: Served, folder: Path) -> Endpoint:
    endpoint = Endpoint(nursery, folder, folder.parent.parent / "endpoint.log")
    store = Store.open(served.database)
    token = store.write_now(lambda c: enrollment.make_token(c, 1, made_by="t", expires_at=1 << 52, most_uses=9))
    store.close()
    assert endpoint.wb("enroll", served.origin, "--token", token) == 0
    return endpoint


def test_a_full_disk_under_the_server(nursery: Nursery, disk: Disk, tmp_path: Path) -> None:
    served = Served(nursery, f"sqlite:///{disk.folder}/fleet.db", tmp_path / "server")
    served.start()
    served.ready()
    endpoint = joined(nursery, served, tmp_path / "state" / "one")
    assert nursery.wait(endpoint.works("before")) == 0
    store = Store.open(served.database)
    watched = Watched(store, endpoint)
    watched.holds()
    disk.fill()
    refused = 0
    for number in range(6):
        refused += nursery.wait(endpoint.works(f"during-{number}", 300)) != 0
        watched.holds()
    assert refused, "the room was enough"
    assert httpx.get(f"{served.origin}/health/live", timeout=120, trust_env=False).status_code == 200
    disk.empty()
    until(lambda: endpoint.wb("sync") == 0)
    watched.holds(whole=True)
    assert watched.size == len(endpoint.entries())
    store.close()
    served.kill()


def test_a_full_disk_under_an_endpoint(nursery: Nursery, served: Served, disk: Disk) -> None:
    endpoint = joined(nursery, served, disk.folder / "one")
    assert nursery.wait(endpoint.works("before")) == 0
    store = Store.open(served.database)
    watched = Watched(store, endpoint)
    disk.fill()
    failed = [nursery.wait(endpoint.works(f"during-{number}", 300)) for number in range(3)]
    assert all(failed), "nothing is sent that is not stored here"
    watched.holds()
    disk.empty()
    assert nursery.wait(endpoint.works("after")) == 0
    watched.holds(whole=True)
    assert watched.size == len(endpoint.entries())
    assert endpoint.wb("ledger", "verify", "--against", str(endpoint.state / "membership/witnessed")) == 0
    store.close()


def test_a_disk_under_an_endpoint_that_may_only_be_read(nursery: Nursery, served: Served, disk: Disk) -> None:
    endpoint = joined(nursery, served, disk.folder / "one")
    assert nursery.wait(endpoint.works("before")) == 0
    before = endpoint.entries()
    disk.remount(read_only=True)
    assert nursery.wait(endpoint.works("during")) not in (0, 99), "refused, and not by a traceback"
    assert endpoint.wb("sync") not in (0, 99)
    assert endpoint.wb("ledger", "show") == 0, "what is there can be read"
    assert endpoint.entries() == before
    disk.remount(read_only=False)
    assert nursery.wait(endpoint.works("after")) == 0


def test_a_disk_under_the_server_that_may_only_be_read(nursery: Nursery, disk: Disk, tmp_path: Path) -> None:
    served = Served(nursery, f"sqlite:///{disk.folder}/fleet.db", tmp_path / "server")
    served.start()
    served.ready()
    endpoint = joined(nursery, served, tmp_path / "state" / "one")
    assert nursery.wait(endpoint.works("before")) == 0
    served.kill()
    disk.remount(read_only=True)
    served.start()
    code = nursery.wait(served.pid)
    assert code == 1
    said = (tmp_path / "server.log").read_text()
    assert "error[E-" in said
    assert "Traceback" not in said
    assert endpoint.wb("sync") == 1
    disk.remount(read_only=False)
    served.start()
    served.ready()
    assert nursery.wait(endpoint.works("after")) == 0
    store = Store.open(served.database)
    Watched(store, endpoint).holds(whole=True)
    store.close()
    served.kill()


def test_two_processes_in_one_state_folder_send_everything_once(
    nursery: Nursery, served: Served, tmp_path: Path
) -> None:
    endpoint = joined(nursery, served, tmp_path / "state" / "one")
    store = Store.open(served.database)
    watched = Watched(store, endpoint)
    for number in range(5):
        both = [endpoint.works(f"{number}-{which}", 60) for which in "ab"]
        codes = [nursery.wait(pid) for pid in both]
        assert 0 in codes
        assert 99 not in codes, (tmp_path / "endpoint.log").read_text()[-2000:]
        watched.holds()
    until(lambda: endpoint.wb("sync") == 0)
    watched.holds(whole=True)
    assert watched.size == len(endpoint.entries())
    assert endpoint.wb("ledger", "verify", "--against", str(endpoint.state / "membership/witnessed")) == 0
    store.close()
