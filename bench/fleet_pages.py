"""Every list page and page of one thing, and the hunt for a digest, at a hundred thousand endpoints and ten million
sightings; on SQLite and on PostgreSQL.

Pages are asked of a running server over HTTP by an administrator, so what is measured is all of a page: its queries,
its template, its bytes.
"""

import argparse
import random
import time
from pathlib import Path
from typing import Any

from bench.fleet_client import at_share
from bench.fleet_postgresql import SETTINGS
from bench.fleet_rows import Size, digest, endpoint_id, fill
from bench.fleet_server import used
from tests.fleet.postgresql import PostgresqlServer
from tests.fleet.server_process import ServerProcess

from weighbridge.fleet import sightings
from weighbridge.fleet.migrate import migrate
from weighbridge.fleet.store import Store

ROUNDS = 20
HUNTS = 500
PAGES = {
    "posture": "/",
    "artifacts": "/artifacts",
    "artifacts by size": "/artifacts?sort=size&down=true",
    "artifacts denied or to decide": "/artifacts?q=verdict:%3E%3Dpending",
    "endpoints": "/endpoints",
    "endpoints by name": "/endpoints?sort=name",
    "findings": "/findings",
    "findings, all": "/findings?q=",
    "findings, high and open": "/findings?q=open:yes+severity:%3E%3Dhigh",
    "agents": "/agents",
    "ledgers": "/ledger",
    "audit trail": "/audit",
    "most common artifact": f"/artifacts/{digest(0)}",
    "an endpoint": f"/endpoints/{endpoint_id(76)}",
    "artifacts as JSON": "/api/v1/artifacts",
    "findings as JSON": "/api/v1/findings?q=open:yes+state:new",
}


def sqlite(scratch: Path, chosen: argparse.Namespace) -> dict[str, Any]:
    """Measure on SQLite."""
    folder = scratch / "pages"
    folder.mkdir(parents=True)
    return _measured(f"sqlite:///{folder}/fleet.db", folder, chosen)


def postgresql(scratch: Path, chosen: argparse.Namespace) -> dict[str, Any]:
    """Measure on PostgreSQL."""
    folder = scratch / "pages-postgresql"
    folder.mkdir(parents=True)
    server = PostgresqlServer(**SETTINGS)
    try:
        return _measured(server.new_database(), folder, chosen)
    finally:
        server.close()


def _measured(database: str, folder: Path, chosen: argparse.Namespace) -> dict[str, Any]:
    began, size = time.perf_counter(), Size(endpoints=chosen.endpoints)
    store = Store.open(database)
    migrate(store)
    fill(store, size, int(time.time() * 1000))
    filled = time.perf_counter() - began
    hunt = _hunt(store, size)
    store.close()
    server = ServerProcess(database, folder / "state")
    server.sign_in()
    pages = {name: _page(server, address) for name, address in PAGES.items()}
    peak = used(server.process.pid).peak
    server.stop()
    return {
        "endpoints": size.endpoints,
        "sightings": size.endpoints * size.sightings,
        "fill_seconds": filled,
        "hunt": hunt,
        "pages": pages,
        "slowest_p95_seconds": max(one["p95_seconds"] for one in pages.values()),
        "heaviest_bytes": max(one["bytes"] for one in pages.values()),
        "peak_bytes": peak,
    }


def _page(server: ServerProcess, address: str) -> dict[str, float]:
    took, weight = [], 0
    before = 0.0
    for number in range(ROUNDS + 1):
        if number == 1:  # the first one reads from the disk what the others find in memory
            before = used(server.process.pid).processor
        began = time.perf_counter()
        answer = server.client.get(address)
        if number:
            took.append(time.perf_counter() - began)
        assert answer.status_code == 200, (address, answer.text)
        weight = len(answer.content)
    spent = used(server.process.pid).processor - before
    return {
        "p50_seconds": at_share(took, 0.5),
        "p95_seconds": at_share(took, 0.95),
        "processor_seconds": spent / ROUNDS,
        "bytes": weight,
    }


def _hunt(store: Store, size: Size) -> dict[str, float]:
    """Look for digests, common and rare, in the order in which nobody could have guessed them."""
    chance, took = random.Random(2), []
    for _ in range(HUNTS):
        wanted = digest(int(size.artifacts * chance.random() ** 3))
        began = time.perf_counter()
        store.read_now(lambda connection, wanted=wanted: sightings.of_digest(connection, wanted))
        took.append(time.perf_counter() - began)
    return {"p50_seconds": at_share(took, 0.5), "p95_seconds": at_share(took, 0.95), "slowest_seconds": max(took)}
