"""The fleet server under a simulated fleet: `python -m bench.fleet SCRATCH --devices 2000`.

One server process and one SQLite file. What a sync costs is processor time of the server, so that the share of a core
that ten thousand endpoints need follows from it whatever else the machine does. Latency is told as a ratio to that of a
bare answer of the same server (`/health/live`) in the same seconds. Loss and duplicates are counted in the database.
"""

import argparse
import asyncio
import os
import random
import sqlite3
import statistics
import time
from pathlib import Path

import msgspec
from bench.fleet_devices import CATALOG, SimulatedDevice, digest_of, fleet
from bench.paired import save
from tests.fleet.server_process import ServerProcess
from tests.fleet.test_simulator import enrolled

from weighbridge.fleet import endpoints, sightings
from weighbridge.fleet.store import Store
from weighbridge.sync.messages import SYNC_PATH, Synced

CONNECTIONS = 8
EVENTS = 4
"""Records of one endpoint between two messages: 1,000 a day, a message every five minutes."""
PER_SECOND = 10_000 / 300
ROUNDS = 3
LOST = DOUBLED = 0.02


class Connection:
    """One kept connection to the server."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def open(self) -> None:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)

    async def ask(self, method: str, path: str, body: bytes = b"", fields: dict[str, str] | None = None) -> bytes:
        """Return the body of the answer."""
        sent = {"Host": f"127.0.0.1:{self._port}", "Content-Length": str(len(body)), **(fields or {})}
        head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in sent.items())
        self._writer.write(head.encode() + b"\r\n" + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1]) for line in answer.split(b"\r\n") if line.lower().startswith(b"content-length")
        )
        content = await self._reader.readexactly(length)
        if not answer.startswith(b"HTTP/1.1 200"):
            raise AssertionError(content)
        return content


async def syncs(port: int, devices: list[SimulatedDevice], chance: random.Random) -> tuple[list[float], list[float]]:
    """Let every device send once; return seconds of syncs and of bare answers, one of those for every ten."""
    waiting = list(devices)
    took: list[float] = []
    bare: list[float] = []

    async def work() -> None:
        connection = Connection(port)
        await connection.open()
        while waiting:
            device = waiting.pop()
            body, fields = device.request(int(time.time()))
            began = time.perf_counter()
            answer = await connection.ask("POST", SYNC_PATH, body, fields)
            took.append(time.perf_counter() - began)
            if chance.random() >= LOST:
                device.take(msgspec.json.decode(answer, type=Synced))
            if len(took) % 10 == 0:
                began = time.perf_counter()
                await connection.ask("GET", "/health/live")
                bare.append(time.perf_counter() - began)

    await asyncio.gather(*(work() for _ in range(CONNECTIONS)))
    return took, bare


def main() -> None:
    """Measure and save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--devices", type=int, default=2000)
    parser.add_argument("--rows", type=int, default=2_000_000)
    chosen = parser.parse_args()
    folder = chosen.scratch / "fleet"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("fleet.db*"):
        old.unlink()
    os.nice(5)
    database = f"sqlite:///{folder}/fleet.db"
    server = ServerProcess(database, folder / "state")
    devices = list(fleet(chosen.devices))
    _enroll(database, devices)
    chance = random.Random(1)
    measured = {"devices": chosen.devices, "first": _phase(server, devices, chance), "usual": []}
    for _ in range(ROUNDS):
        for device in devices:
            device.work(EVENTS)
        measured["usual"].append(_phase(server, devices, chance))
    for device in devices:  # what was lost on the way
        device.work(1)
    asyncio.run(syncs(server.port, devices, random.Random(-1)))
    asyncio.run(syncs(server.port, devices, random.Random(-2)))
    measured["resident_bytes"] = _peak(server.process.pid)
    server.stop()
    connection = sqlite3.connect(f"{folder}/fleet.db")
    (rows, distinct) = connection.execute(
        "SELECT count(*), count(DISTINCT endpoint_id || ':' || record_index) FROM records"
    ).fetchone()
    connection.close()
    measured["records"] = rows
    measured["duplicates"] = rows - distinct
    measured["lost"] = sum(device.size for device in devices) - rows
    usual = statistics.median(one["processor_per_sync"] for one in measured["usual"])
    measured["share_of_a_core_for_10000"] = usual * PER_SECOND
    measured["hunt"] = _hunt(database, chosen.rows)
    save("fleet", measured)


def _phase(server: ServerProcess, devices: list[SimulatedDevice], chance: random.Random) -> dict[str, float]:
    before = _processor(server.process.pid)
    took, bare = asyncio.run(syncs(server.port, devices, chance))
    spent = _processor(server.process.pid) - before
    return {
        "processor_per_sync": spent / len(took),
        "p50_ratio": _at(took, 0.5) / _at(bare, 0.5),
        "p99_ratio": _at(took, 0.99) / _at(bare, 0.99),
        "p99_seconds": _at(took, 0.99),
    }


def _enroll(database: str, devices: list[SimulatedDevice]) -> None:
    class Made:
        now = int(time.time() * 1000)

    store = Store.open(database)
    for at in range(0, len(devices), 500):
        rows = [enrolled(Made(), device) for device in devices[at : at + 500]]  # type: ignore[arg-type]
        store.write_now(lambda connection, rows=rows: [endpoints.add(connection, row) for row in rows])
    store.close()


def _hunt(database: str, rows: int) -> dict[str, float]:
    """Fill sightings up to so many rows and look for digests, common and rare; beside a bare look-up by key."""
    store = Store.open(database)
    values = ["e%015d", "sha", 1, 1, 1, 1, 1, "/models/weights.gguf"]
    connection = sqlite3.connect(database.removeprefix("sqlite:///"))
    chance = random.Random(2)
    statement = "INSERT OR IGNORE INTO sightings VALUES (?,?,?,?,?,?,?,?,?)"
    per_device = 100
    for begin in range(0, rows // per_device, 2000):
        block = []
        for device in range(begin, min(begin + 2000, rows // per_device)):
            for _ in range(per_device):
                digest = digest_of(int(50 * CATALOG * chance.random()))
                block.append((f"e{device:015d}", digest, digest, *values[2:]))
        with connection:
            connection.executemany(statement, block)
    (total,) = connection.execute("SELECT count(*) FROM sightings").fetchone()
    took, bare = [], []
    for _ in range(500):
        digest = digest_of(int(50 * CATALOG * chance.random()))
        began = time.process_time()
        store.read_now(lambda one, digest=digest: sightings.of_digest(one, digest))
        took.append(time.process_time() - began)
        began = time.process_time()
        key = f"e{chance.randrange(rows // per_device):015d}", digest
        connection.execute("SELECT * FROM sightings WHERE endpoint_id = ? AND artifact = ?", key).fetchall()
        bare.append(time.process_time() - began)
    connection.close()
    store.close()
    return {"rows": total, "p95_seconds": _at(took, 0.95), "p95_ratio": _at(took, 0.95) / _at(bare, 0.95)}


def _at(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _processor(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main()
