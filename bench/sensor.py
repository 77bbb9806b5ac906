"""What the sensor costs and how fast it notices: `python -m bench.sensor SCRATCH [--minutes 10]`.

400 processes idle beside it; its own processor time and memory are read from outside, over the minutes of idling. Then
processes that map tiny weights start one after the other: the latency is from the mapping to the time that the record
states, on the clock of the machine's run.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from bench.paired import WEIGHBRIDGE, save
from tests.pipeline.test_weights_files import gguf

_MAP = (
    "import mmap, sys, time\n"
    "with open(sys.argv[1], 'rb') as file: held = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)\n"
    "print(time.clock_gettime(time.CLOCK_BOOTTIME), flush=True); time.sleep(12)\n"
)
_TICK = os.sysconf("SC_CLK_TCK")


def _seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICK


def _status(pid: int, key: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(key + ":"):
            return int(line.split()[1]) << 10
    return 0


def _tree(pid: int) -> list[int]:
    """Return a process and its children that run now."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def _idle(pid: int, minutes: float) -> dict[str, float]:
    """Return what the sensor and its helpers take while nothing happens."""
    began, at = _seconds(pid), time.monotonic()
    windows, helpers = [], 0.0
    last = began
    while time.monotonic() - at < minutes * 60:
        time.sleep(6)
        now = _seconds(pid)
        windows.append((now - last) / 6)
        last = now
        helpers = max(helpers, len(_tree(pid)) - 1)
    passed = time.monotonic() - at
    return {
        "minutes": round(passed / 60, 1),
        "share_of_a_core": round((_seconds(pid) - began) / passed, 5),
        "peak_share_over_6_s": round(max(windows), 4),
        "resident_bytes": _status(pid, "VmRSS"),
        "peak_resident_bytes": _status(pid, "VmHWM"),
        "anonymous_bytes": _status(pid, "RssAnon"),
        "helpers_at_once": helpers,
    }


def _latencies(scratch: Path, environment: dict[str, str], runs: int) -> list[float]:
    """Return the seconds from mapping to record, for each of `runs` processes with weights of their own."""
    mapped: dict[str, float] = {}
    children = []
    for number in range(runs):
        path = scratch / f"weights-{number}"
        path.write_bytes(gguf() + number.to_bytes(4, "big"))
        child = subprocess.Popen([sys.executable, "-c", _MAP, str(path)], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        mapped[str(path)] = float(child.stdout.readline())
        children.append(child)
        time.sleep(1.5)
    time.sleep(6)
    for child in children:
        child.kill()
        child.wait()
    shown = subprocess.run(
        [*WEIGHBRIDGE, "ledger", "show", "--kind", "process", "--format", "json"],
        capture_output=True, env=environment, check=True,
    ).stdout  # fmt: skip
    found: dict[str, float] = {}
    for line in shown.splitlines():
        record = json.loads(line)
        for weights in record["data"]["weights"]:
            if weights["path"] in mapped:
                found.setdefault(weights["path"], record["monotonic"] - mapped[weights["path"]])
    return [found.get(path, float("inf")) for path in mapped]


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--processes", type=int, default=400)
    parser.add_argument("--runs", type=int, default=40)
    chosen = parser.parse_args()
    scratch = chosen.scratch.resolve()
    shutil.rmtree(scratch / "state", ignore_errors=True)
    home = scratch / "home"
    home.mkdir(parents=True, exist_ok=True)
    # A home of its own: what lies in this one would be scanned while we measure idling.
    environment = {**os.environ, "WEIGHBRIDGE_STATE": str(scratch / "state"), "HOME": str(home)}
    sleepers = [subprocess.Popen(["sleep", "100000"]) for _ in range(chosen.processes)]
    sensor = subprocess.Popen([*WEIGHBRIDGE, "watch", "--quiet"], env=environment)
    try:
        time.sleep(60)
        begun = _status(sensor.pid, "VmRSS")
        idle = _idle(sensor.pid, chosen.minutes)
        latencies = sorted(_latencies(scratch, environment, chosen.runs))
    finally:
        sensor.send_signal(signal.SIGTERM)
        sensor.wait()
        for sleeper in sleepers:
            sleeper.kill()
    measured = {
        "processes": len(sleepers) + len([name for name in os.listdir("/proc") if name.isdigit()]),
        "resident_after_start_bytes": begun,
        "idle": idle,
        "latency": {
            "runs": len(latencies),
            "median_seconds": round(latencies[len(latencies) // 2], 3),
            "p99_seconds": round(latencies[min(len(latencies) - 1, int(len(latencies) * 0.99))], 3),
        },
    }
    print(json.dumps(measured, indent=2))
    save("sensor", measured)


if __name__ == "__main__":
    main()
