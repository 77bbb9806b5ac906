"""Runs programs in turn on the same input and compares them pair by pair, so that a noisy machine hits both alike.

Ratios are of processor time (user + system, children included), which a busy machine changes least; wall time is
reported beside it.
"""

import contextlib
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).resolve().parent / "results"
_PATIENCE = 5
"""So many times its limit of processor seconds may a run take on the clock."""
WEIGHBRIDGE = [sys.executable, "-m", "weighbridge"]


@dataclass(frozen=True)
class Run:
    """One run of one program. `seconds` is wall time, `processor` user + system time, `peak` resident bytes."""

    seconds: float
    processor: float
    peak: int
    code: int


def run(command: Sequence[str], environment: Mapping[str, str] | None = None, limit: float = 600) -> Run:
    """Run `command` to its end with its output thrown away; code -9 if it took more than `limit` processor seconds."""
    start = time.perf_counter()
    child = subprocess.Popen(
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **(environment or {})},
        cwd=ROOT,
    )
    with contextlib.suppress(OSError, AttributeError):
        resource.prlimit(child.pid, resource.RLIMIT_CPU, (int(limit), int(limit)))
    while True:
        process, status, used = os.wait4(child.pid, os.WNOHANG)
        if process:
            break
        if time.perf_counter() - start > _PATIENCE * limit:
            child.kill()  # it waits for something, or its children work
        time.sleep(0.002)
    child.returncode = os.waitstatus_to_exitcode(status)
    scale = 1 if sys.platform == "darwin" else 1024
    seconds = time.perf_counter() - start
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * scale, child.returncode)


def paired(
    commands: Mapping[str, Sequence[str]],
    rounds: int = 5,
    *,
    environment: Mapping[str, str] | None = None,
    limit: float = 600,
    before: Callable[[], None] | None = None,
) -> dict[str, list[Run]]:
    """Run every command once per round, in turn, after one round that is not counted (caches, bytecode).

    A command that ran past `limit` once is not run again. `before` runs before every single run.
    """
    results: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            if any(past.code == -9 for past in results[name]):
                continue
            if before is not None:
                before()
            done = run(command, environment, limit)
            if number or done.code == -9:
                results[name].append(done)
    return results


def summarize(results: Mapping[str, Sequence[Run]], base: str = "weighbridge") -> dict[str, dict[str, float | int]]:
    """Return medians per program, and the median over rounds of its processor time divided by the base's."""
    summary: dict[str, dict[str, float | int]] = {}
    for name, runs in results.items():
        ratios = [other.processor / max(own.processor, 0.001) for other, own in zip(runs, results[base], strict=False)]
        summary[name] = {
            "seconds": round(statistics.median(one.seconds for one in runs), 4),
            "processor": round(statistics.median(one.processor for one in runs), 4),
            "peak_mb": round(statistics.median(one.peak for one in runs) / 1e6, 1),
            "ratio": round(statistics.median(ratios), 3),
            "code": runs[-1].code,
            "rounds": len(runs),
        }
    return summary


def machine() -> dict[str, str | int]:
    """Describe the machine in general words: nothing that names it."""
    model = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    return {
        "processor": model,
        "cores": os.cpu_count() or 1,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def save(name: str, measured: Mapping[str, object]) -> None:
    """Write `bench/results/<name>.json` for tools/benchmarks_page.py."""
    RESULTS.mkdir(exist_ok=True)
    document = {"machine": machine(), "measured": measured}
    (RESULTS / f"{name}.json").write_text(json.dumps(document, indent=2, sort_keys=True) + "\n")


def as_dict(results: Mapping[str, Sequence[Run]]) -> dict[str, list[dict[str, float | int]]]:
    """Return runs as plain values."""
    return {name: [asdict(one) for one in runs] for name, runs in results.items()}
