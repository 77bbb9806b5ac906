"""A hundred thousand endpoints on PostgreSQL: what a message costs in a database that knows them all.

The database holds what a hundred thousand endpoints left behind; some thousands of simulated ones send. Told for one
server process and for two behind the same database: processor time of a message, of the servers and of PostgreSQL, and
how many messages a second they take as fast as they can while simulator, servers and database share one machine. From
the processor time follows how many cores a hundred thousand endpoints need; latency is measured at a rate that leaves
half of what this machine can do.
"""

import argparse
import asyncio
import os
import random
import time
from pathlib import Path
from typing import Any

from bench.fleet_client import all_at_once, at_share, paced
from bench.fleet_devices import SimulatedDevice, fleet
from bench.fleet_paced import EVENTS, REGULAR_SECONDS
from bench.fleet_rows import Size, fill
from bench.fleet_server import enroll, kept, used
from tests.fleet.postgresql import PostgresqlServer
from tests.fleet.server_process import ServerProcess

from weighbridge.fleet.migrate import migrate
from weighbridge.fleet.store import Store

DEVICES = 6_000
_SECONDS = 40.0
SETTINGS = {"shared_buffers": "512MB", "max_wal_size": "2GB", "wal_compression": "on"}
_LEAN = {"sightings": 10, "things": 5, "verdicts": 5, "findings": 1, "processes": 2, "records": 5}


def processor(postmaster: int) -> float:
    """Return the seconds of processor time that PostgreSQL with all its processes has used, those that ended too."""
    ticks = os.sysconf("SC_CLK_TCK")
    total = 0.0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        if int(path.parent.name) == postmaster:
            total += sum(map(int, fields[11:15])) / ticks
        elif int(fields[1]) == postmaster:
            total += sum(map(int, fields[11:13])) / ticks
    return total


def measure(scratch: Path, chosen: argparse.Namespace) -> dict[str, object]:
    """Fill the database, then measure with one server and with two."""
    folder = scratch / "postgresql"
    folder.mkdir(parents=True)
    postgresql = PostgresqlServer(durable=True, **SETTINGS)
    try:
        database = postgresql.new_database()
        store = Store.open(database)
        migrate(store)
        fill(store, Size(endpoints=chosen.endpoints, **_LEAN), int(time.time() * 1000))
        store.close()
        return _measured(database, folder, postgresql.pid, chosen.endpoints)
    finally:
        postgresql.close()


def _measured(database: str, folder: Path, postmaster: int, endpoints: int) -> dict[str, Any]:
    devices = list(fleet(DEVICES))
    enroll(database, devices)
    servers = [ServerProcess(database, folder / f"state-{number}") for number in range(2)]
    pids = [server.process.pid for server in servers]
    chance = random.Random(1)
    result: dict[str, Any] = {"endpoints": endpoints, "devices": DEVICES}
    result["first"] = _as_fast_as_possible(servers[:1], devices, chance, postmaster)
    for name, some in (("one_server", servers[:1]), ("two_servers", servers)):
        for device in devices:
            device.work(EVENTS)
        result[name] = _as_fast_as_possible(some, devices, chance, postmaster)
    two = result["two_servers"]
    each = two["processor_per_message"] + two["processor_of_postgresql_per_message"]
    result["cores_for_100000"] = each * 100_000 / REGULAR_SECONDS
    rate = two["messages_per_second"] / 2
    ports = [server.port for server in servers]
    ahead = min(len(devices) // 2, int(rate * _SECONDS))
    sent = asyncio.run(paced(ports, devices, chance, per_second=rate, seconds=_SECONDS, events=EVENTS, ahead=ahead))
    result["paced"] = {
        "per_second": len(sent.seconds) / _SECONDS,
        "refused": sent.refused,
        "failed": sent.failed,
        "p50_seconds": at_share(sent.seconds, 0.5),
        "p99_seconds": at_share(sent.seconds, 0.99),
        "simulator_late_p99_seconds": at_share(sent.late, 0.99),
    }
    result["peak_bytes"] = max(used(pid).peak for pid in pids)
    for server in servers:
        server.stop()
    return result | kept(database, devices)


def _as_fast_as_possible(
    servers: list[ServerProcess], devices: list[SimulatedDevice], chance: random.Random, postmaster: int
) -> dict[str, float]:
    pids = [server.process.pid for server in servers]
    before, database_before = [used(pid).processor for pid in pids], processor(postmaster)
    parts = [devices[number :: len(servers)] for number in range(len(servers))]
    began = time.perf_counter()

    async def everybody() -> None:
        ports = [server.port for server in servers]
        await asyncio.gather(*(all_at_once(port, part, chance) for port, part in zip(ports, parts, strict=True)))

    asyncio.run(everybody())
    seconds, count = time.perf_counter() - began, len(devices)
    spent = sum(used(pid).processor - was for pid, was in zip(pids, before, strict=True))
    return {
        "messages_per_second": count / seconds,
        "processor_per_message": spent / count,
        "processor_of_postgresql_per_message": (processor(postmaster) - database_before) / count,
    }
