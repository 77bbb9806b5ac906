"""Three nodes of PostgreSQL under Patroni, two servers before them: losing the primary loses nothing acknowledged."""

import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.fleet.cluster import Cluster
from tests.fleet.nursery import Nursery, until
from tests.fleet.postgresql import UnavailableError
from tests.fleet.test_kill import Endpoint, Served, Watched

from weighbridge.fleet import enrollment
from weighbridge.fleet.store import Store

pytestmark = [pytest.mark.deep, pytest.mark.skipif(sys.platform != "linux", reason="packages of Debian")]
BEFORE, WHILE = 3, 10


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    try:
        made = Cluster()
    except UnavailableError as error:
        pytest.skip(str(error))
    yield made
    made.close()


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()


def test_losing_the_primary_loses_nothing_acknowledged(cluster: Cluster, nursery: Nursery, tmp_path: Path) -> None:
    servers = [Served(nursery, cluster.url, tmp_path / f"server-{number}") for number in range(2)]
    for server in servers:
        server.start()
        server.ready()
    store = Store.open(cluster.url)
    endpoint = Endpoint(nursery, tmp_path / "endpoint", tmp_path / "endpoint.log")
    token = store.write_now(lambda c: enrollment.make_token(c, 1, made_by="test", expires_at=1 << 52))
    assert endpoint.wb("enroll", servers[0].origin, "--token", token) == 0
    watched = Watched(store, endpoint)
    for number in range(BEFORE):
        assert nursery.wait(endpoint.works(f"before-{number}")) == 0
    watched.holds()
    sending = endpoint.works("while", 2000)
    cluster.kill_primary()
    # Until another node leads, whoever asks is told to come again; nothing hangs, nobody falls.
    refused = [_asked(server) for server in servers]
    nursery.wait(sending)
    for number in range(WHILE):
        nursery.wait(endpoint.works(f"while-{number}"))
    assert refused == [(503, True)] * len(servers)
    cluster.primary()
    for server in servers:
        until(lambda server=server: _asked(server)[0] == 401)
        assert nursery.lives(server.pid), "it was never started again"
    until(lambda: endpoint.wb("sync") == 0)
    watched.holds(whole=True)
    assert watched.size == len(endpoint.entries())
    assert endpoint.wb("ledger", "verify", "--against", str(endpoint.state / "membership/witnessed")) == 0
    store.close()
    for server in servers:
        server.kill()


def _asked(server: Served) -> tuple[int, bool]:
    """Try to sign in, which needs the database; return the status, and whether it says when to come again."""
    words = {"name": "nobody", "password": "wrong horse battery"}
    answer = httpx.post(f"{server.origin}/api/v1/session", json=words, timeout=120, trust_env=False)
    return answer.status_code, "retry-after" in answer.headers
