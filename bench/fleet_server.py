"""A running server with simulated endpoints enrolled, and what it costs: processor time, memory, open files."""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bench.fleet_devices import SimulatedDevice
from sqlalchemy import func, select
from tests.fleet.test_simulator import enrolled

from weighbridge.fleet import endpoints
from weighbridge.fleet.records import RECORDS
from weighbridge.fleet.store import Store

_ENROLLED_AT_ONCE = 500


class Used(NamedTuple):
    """What a process has used so far."""

    processor: float
    """Seconds, user and system."""
    resident: int
    """Bytes now."""
    peak: int
    """Most bytes at any time."""
    files: int
    """Open file descriptors."""


def used(pid: int) -> Used:
    """Return what a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    resident, peak = (int(lines[name].split()[0]) * 1024 for name in ("VmRSS", "VmHWM"))
    ticks = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return Used(ticks, resident, peak, len(os.listdir(f"/proc/{pid}/fd")))


def enroll(database: str, devices: Sequence[SimulatedDevice]) -> None:
    """Write simulated endpoints into the database as if they had enrolled."""

    class Made:
        now = int(time.time() * 1000)

    store = Store.open(database)
    for at in range(0, len(devices), _ENROLLED_AT_ONCE):
        rows = [enrolled(Made(), device) for device in devices[at : at + _ENROLLED_AT_ONCE]]  # type: ignore[arg-type]
        store.write_now(lambda connection, rows=rows: [endpoints.add(connection, row) for row in rows])
    store.close()


def kept(database: str, devices: Sequence[SimulatedDevice]) -> dict[str, int]:
    """Compare what the database holds with what the devices recorded: records, lost ones and doubled ones."""
    index = RECORDS.c.record_index
    counted = select(RECORDS.c.endpoint_id, func.count(), func.count(index.distinct()), func.max(index))
    store = Store.open(database)
    rows = store.read_now(lambda connection: connection.execute(counted.group_by(RECORDS.c.endpoint_id)).all())
    store.close()
    found = {row[0]: row[1:] for row in rows}
    lost = sum(max(0, device.acknowledged - found.get(device.endpoint_id, (0, 0, 0))[1]) for device in devices)
    doubled = sum(row[1] - row[2] for row in rows)
    return {"records": sum(row[1] for row in rows), "lost": lost, "doubled": doubled}
