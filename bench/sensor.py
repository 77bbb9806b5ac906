"""What the sensor costs and how fast it notices: `python -m bench.sensor SCRATCH [--minutes 10]`.

400 processes idle beside it; its own processor time and memory are read from outside, over the minutes of idling, and
those of its helpers. On a machine where others work, run it where it sees only itself (`unshare --mount --pid --net
--fork --mount-proc`, and a root of its own): what others do is work for the sensor. Then
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

from weighbridge.host.process_events import Change, ProcessEvents

_MAP = (
    "import mmap, sys, time\n"
    "with open(sys.argv[1], 'rb') as file: held = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)\n"
    "print(time.clock_gettime(time.CLOCK_BOOTTIME), flush=True); time.sleep(12)\n"
)
_TICK = os.sysconf("SC_CLK_TCK")


def _times(pid: int) -> list[float]:
    """Return user and system time of a process, and those of its children that ended, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return [int(field) / _TICK for field in fields[11:15]]


def _seconds(pid: int) -> tuple[float, float]:
    """Return processor seconds of the sensor alone, and together with all helpers, those that still run too."""
    own = _times(pid)
    helpers = 0.0
    for child in _children(pid):
        try:
            helpers += sum(_times(child))
        except OSError:
            continue  # it ended: at the next reading it is in its parent's account
    return sum(own[:2]), sum(own) + helpers


def _status(pid: int, key: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(key + ":"):
            return int(line.split()[1]) << 10
    return 0


def _resident(pid: int) -> int:
    try:
        return _status(pid, "VmRSS")
    except OSError:
        return 0  # it ended


def _children(pid: int) -> list[int]:
    return [*map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]


def _idle(pid: int, minutes: float) -> dict[str, float]:
    """Return what the sensor and its helpers take while nothing happens."""
    at = time.monotonic()
    began = last = _seconds(pid)
    own, whole, helpers, largest, passed = [], [], 0, 0, 0.0
    while passed < minutes * 60:
        time.sleep(6)
        now = _seconds(pid)
        took, passed = time.monotonic() - at - passed, time.monotonic() - at
        own.append((now[0] - last[0]) / took)
        whole.append(max(0.0, now[1] - last[1]) / took)
        last = now
        running = _children(pid)
        helpers = max(helpers, len(running))
        largest = max(largest, sum(map(_resident, running)))
    return {
        "minutes": round(passed / 60, 1),
        "share_of_a_core": round((last[0] - began[0]) / passed, 5),
        "share_with_helpers": round((last[1] - began[1]) / passed, 5),
        "peak_share_over_6_s": round(max(own), 4),
        "peak_share_over_6_s_with_helpers": round(max(whole), 4),
        "windows_beyond_5_percent": sum(share > 0.05 for share in whole),
        "windows": len(whole),
        "resident_bytes": _status(pid, "VmRSS"),
        "peak_resident_bytes": _status(pid, "VmHWM"),
        "anonymous_bytes": _status(pid, "RssAnon"),
        "helpers_at_once": helpers,
        "helpers_resident_bytes": largest,
    }


def _short_lived(count: int = 500, seconds: float = 10.0) -> dict[str, float] | None:
    """Return how many of so many processes that live for milliseconds the process connector announces.

    None where it announces nothing, as in a container.
    """
    try:
        events = ProcessEvents()
    except OSError:
        return None
    started, seen = set(), set()
    at = time.monotonic()
    for number in range(count):
        with subprocess.Popen(["true"]) as process:
            started.add(process.pid)
        seen |= {event.pid for event in events.take() if event.change is Change.EXEC}
        time.sleep(max(0.0, at + (number + 1) * seconds / count - time.monotonic()))
    passed = time.monotonic() - at
    seen |= {event.pid for event in events.take() if event.change is Change.EXEC}
    events.close()
    return {"started": count, "seconds": round(passed, 1), "seen": len(seen & started)}


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
        processes = sum(name.isdigit() for name in os.listdir("/proc"))
        idle = _idle(sensor.pid, chosen.minutes)
        print(json.dumps(idle), flush=True)
        short_lived = _short_lived()
        latencies = sorted(_latencies(scratch, environment, chosen.runs))
    finally:
        sensor.send_signal(signal.SIGTERM)
        sensor.wait()
        for sleeper in sleepers:
            sleeper.kill()
    measured = {
        "processes": processes,
        "resident_after_start_bytes": begun,
        "idle": idle,
        "short_lived": short_lived,
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
