"""The return storm: endpoints that recorded for three days without a network come back all at once.

Each does as it is told: who is not let in comes again after the pause that the server states, with jitter, and who has
more to send goes on after the pause of its reply. Nothing that was acknowledged may be missing, and nothing doubled.
"""

import argparse
import asyncio
import random
import time
from pathlib import Path

import msgspec
from bench.fleet_client import Connection
from bench.fleet_devices import SimulatedDevice, fleet
from bench.fleet_paced import begun
from bench.fleet_server import kept, used

from weighbridge.sync.messages import SYNC_PATH, Refused, Synced

DAYS = 3
RECORDS_A_DAY = 1_000
_MOST = 1_000
"""Records of one message: about a megabyte, as endpoints send."""
_LARGE_FLEET = 10_000


class Storm:
    """What happens meanwhile.

    Args:
        port: of the server.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._chance = random.Random(3)
        self.messages = self.refused = self.records = 0
        self.longest = 0.0
        """Seconds that one message waited for its answer."""

    async def back(self, device: SimulatedDevice) -> None:
        """Let one endpoint send all that it has."""
        while device.acknowledged < device.size:
            body, fields = device.request(int(time.time()), _MOST)
            began = time.perf_counter()
            connection = Connection(self._port)
            await connection.open()
            answer = await connection.ask("POST", SYNC_PATH, body, fields)
            connection.close()
            self.longest = max(self.longest, time.perf_counter() - began)
            if answer.status == 200:
                reply = msgspec.json.decode(answer.body, type=Synced)
                self.messages += 1
                self.records += reply.acknowledged - device.acknowledged
                device.take(reply)
                pause = reply.next_sync_in if device.acknowledged < device.size else 0.0
            else:
                refused = msgspec.json.decode(answer.body, type=Refused)
                if refused.code != "busy":
                    raise AssertionError(refused)
                self.refused += 1
                pause = refused.retry_in
            await asyncio.sleep(pause * self._chance.uniform(0.5, 1.0))


def measure(scratch: Path, chosen: argparse.Namespace) -> dict[str, object]:
    """Bring endpoints back with three days of records each, and return how that went."""
    folder = scratch / "storm"
    folder.mkdir(parents=True)
    database = f"sqlite:///{folder}/fleet.db"
    devices = list(fleet(chosen.storm))
    server = begun(database, folder, devices)
    for device in devices:
        device.work(DAYS * RECORDS_A_DAY)
    before, began = used(server.process.pid), time.perf_counter()
    storm = Storm(server.port)

    async def everybody() -> None:
        await asyncio.gather(*map(storm.back, devices))

    asyncio.run(everybody())
    seconds, after = time.perf_counter() - began, used(server.process.pid)
    server.stop()
    spent = after.processor - before.processor
    backlog = _LARGE_FLEET * DAYS * RECORDS_A_DAY
    return {
        "devices": len(devices),
        "backlog_of_each": DAYS * RECORDS_A_DAY,
        "seconds": seconds,
        "messages": storm.messages,
        "refused": storm.refused,
        "records_sent": storm.records,
        "records_per_second": storm.records / seconds,
        "records_per_processor_second": storm.records / spent,
        "longest_answer_seconds": storm.longest,
        "resident_before": before.resident,
        "peak_bytes": after.peak,
        "hours_of_a_core_for_10000": backlog * spent / storm.records / 3600,
        **kept(database, devices),
    }
