"""What a message costs: processor time of the server, and of PostgreSQL where it stands on that.

Processor time hardly changes with what else the machine does, so the share of a core that a fleet needs follows from
it. Latency is told as a ratio to that of a bare answer of the same server (`/health/live`) in the same seconds.
"""

import argparse
import asyncio
import random
import statistics
from pathlib import Path

from bench.fleet_client import all_at_once, at_share
from bench.fleet_devices import SimulatedDevice, fleet
from bench.fleet_paced import EVENTS, REGULAR_SECONDS
from bench.fleet_server import enroll, kept, used
from tests.fleet.server_process import ServerProcess

ROUNDS = 3
PER_SECOND = 10_000 / REGULAR_SECONDS


def measure(scratch: Path, chosen: argparse.Namespace) -> dict[str, object]:
    """Let 2,000 endpoints send their first message and then usual ones, as fast as the server answers."""
    folder = scratch / "cost"
    folder.mkdir(parents=True)
    database = f"sqlite:///{folder}/fleet.db"
    server = ServerProcess(database, folder / "state")
    devices = list(fleet(min(2_000, chosen.devices)))
    enroll(database, devices)
    chance = random.Random(1)
    first = _phase(server, devices, chance)
    usual = []
    for _ in range(ROUNDS):
        for device in devices:
            device.work(EVENTS)
        usual.append(_phase(server, devices, chance))
    peak = used(server.process.pid).peak
    server.stop()
    each = statistics.median(one["processor_per_message"] for one in usual)
    return {
        "devices": len(devices),
        "first": first,
        "usual": usual,
        "processor_per_message": each,
        "share_of_a_core_for_10000": each * PER_SECOND,
        "peak_bytes": peak,
        **kept(database, devices),
    }


def _phase(server: ServerProcess, devices: list[SimulatedDevice], chance: random.Random) -> dict[str, float]:
    before = used(server.process.pid).processor
    took, bare = asyncio.run(all_at_once(server.port, devices, chance))
    return {
        "processor_per_message": (used(server.process.pid).processor - before) / len(took),
        "p50_ratio": at_share(took, 0.5) / at_share(bare, 0.5),
        "p99_ratio": at_share(took, 0.99) / at_share(bare, 0.99),
        "p99_seconds": at_share(took, 0.99),
    }
