"""Ten thousand endpoints at the pace of real ones: a message every five minutes each, a person at the console beside.

The same for half an hour is the soak: memory and open files of the server must not grow.
"""

import argparse
import asyncio
import random
import statistics
import sys
import threading
import time
from pathlib import Path

from bench.fleet_client import all_at_once, at_share, paced
from bench.fleet_devices import SimulatedDevice, fleet
from bench.fleet_server import Used, enroll, kept, used
from tests.fleet.server_process import ServerProcess

EVENTS = 4
"""Records of one endpoint between two messages: about 1,000 a day, a message every five minutes."""
REGULAR_SECONDS = 300
_LOOK_SECONDS = 5.0
_PERSON_SECONDS = 2.0
PAGES = ("/", "/artifacts", "/endpoints", "/findings", "/agents", "/ledger", "/audit", "/api/v1/artifacts")


def begun(database: str, folder: Path, devices: list[SimulatedDevice], *arguments: str) -> ServerProcess:
    """Return a server that has the first, large message of every device."""
    server = ServerProcess(database, folder / "state", "--log", "json", *arguments)
    enroll(database, devices)
    chance = random.Random(1)
    asyncio.run(all_at_once(server.port, devices, chance, lost=0.0))
    return server


def measure(scratch: Path, chosen: argparse.Namespace) -> dict[str, object]:
    """Run the fleet for so many minutes and return what it cost."""
    folder = scratch / "paced"
    folder.mkdir(parents=True)
    database = f"sqlite:///{folder}/fleet.db"
    devices = list(fleet(chosen.devices))
    server = begun(database, folder, devices)
    looks = Looks(server)
    chance = random.Random(2)
    rate = chosen.devices / REGULAR_SECONDS
    seconds = chosen.minutes * 60.0
    before = used(server.process.pid)
    result = asyncio.run(paced([server.port], devices, chance, per_second=rate, seconds=seconds, events=EVENTS))
    after = used(server.process.pid)
    samples = looks.end()
    server.stop()
    return {
        "devices": chosen.devices,
        "minutes": chosen.minutes,
        "messages": len(result.seconds),
        "per_second": len(result.seconds) / seconds,
        "refused": result.refused,
        "failed": result.failed,
        "p50_seconds": at_share(result.seconds, 0.5),
        "p99_seconds": at_share(result.seconds, 0.99),
        "simulator_late_p99_seconds": at_share(result.late, 0.99),
        "share_of_a_core": (after.processor - before.processor) / seconds,
        "pages": looks.pages,
        "page_p95_seconds": at_share(looks.seconds, 0.95),
        "peak_bytes": after.peak,
        "database_bytes": sum(path.stat().st_size for path in folder.glob("fleet.db*")),
        **flatness(samples),
        **kept(database, devices),
    }


def flatness(samples: list[tuple[float, Used]]) -> dict[str, float]:
    """Return how memory and open files moved over the last two thirds, by the line through them."""
    settled = samples[len(samples) // 3 :]
    times = [at for at, _ in settled]
    resident = [float(one.resident) for _, one in settled]
    slope = statistics.linear_regression(times, resident).slope if len(settled) > 1 else 0.0
    files = [one.files for _, one in settled]
    return {
        "resident_bytes_at_first": resident[0],
        "resident_bytes_at_last": resident[-1],
        "growth_bytes_per_hour": slope * 3600,
        "files_fewest": min(files),
        "files_most": max(files),
    }


class Looks:
    """Looks at a server's use of the machine every few seconds, and reads its pages as a person would.

    Args:
        server: running.
    """

    def __init__(self, server: ServerProcess) -> None:
        self._server = server
        self._samples: list[tuple[float, Used]] = []
        self.seconds: list[float] = []
        """Of each page."""
        self.pages = 0
        self._stop = threading.Event()
        server.sign_in()
        self._threads = [threading.Thread(target=one) for one in (self._sample, self._read)]
        for thread in self._threads:
            thread.start()

    def end(self) -> list[tuple[float, Used]]:
        """Stop; return what was seen, with its second."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        return self._samples

    def _sample(self) -> None:
        began = time.monotonic()
        while not self._stop.wait(_LOOK_SECONDS):
            one = used(self._server.process.pid)
            self._samples.append((time.monotonic() - began, one))
            if len(self._samples) % 12 == 0:
                text = f"{self._samples[-1][0]:6.0f} s  {one.resident / (1 << 20):6.1f} MB  {one.files} files"
                sys.stderr.write(text + "\n")

    def _read(self) -> None:
        while not self._stop.wait(_PERSON_SECONDS):
            began = time.perf_counter()
            answer = self._server.client.get(PAGES[self.pages % len(PAGES)])
            self.seconds.append(time.perf_counter() - began)
            assert answer.status_code == 200, answer.text
            self.pages += 1
