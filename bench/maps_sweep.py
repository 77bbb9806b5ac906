"""Every mapped file of 400 processes, beside a bare loop that reads the same texts: `python -m bench.maps_sweep`.

Both in this process, in turn; processor seconds, as other work on the machine changes those least. The processes are
shells asleep, Python interpreters asleep, and some that have a file mapped. The budget is 20 ms for all of them.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from resource import RUSAGE_SELF

from bench.digest import processor
from bench.paired import save

from weighbridge.discover.process_view import look
from weighbridge.host.linux_live import LinuxLive

BUDGET_MS = 20.0
PROCESSES, INTERPRETERS, HOLDERS = 400, 30, 10
ROUNDS = 15
_ASLEEP = "import sys; print(flush=True); sys.stdin.read()"
_HOLDING = "import mmap, sys; f = open(sys.argv[1], 'rb'); m = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ); "


@contextmanager
def population(count: int) -> Iterator[list[int]]:
    """Run `count` processes that do nothing while the block runs; yield their ids."""
    with tempfile.NamedTemporaryFile() as weights:
        weights.truncate(64 << 20)
        commands = [[sys.executable, "-c", _HOLDING + _ASLEEP, weights.name]] * min(HOLDERS, count)
        commands += [[sys.executable, "-c", _ASLEEP]] * min(INTERPRETERS, count - len(commands))
        commands += [["sh", "-c", "echo; read line"]] * (count - len(commands))
        children = [subprocess.Popen(one, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for one in commands]
        try:
            for child in children:
                assert child.stdout is not None
                child.stdout.readline()
            yield [child.pid for child in children]
        finally:
            for child in children:
                child.kill()
                child.communicate()


def bare(pids: Sequence[int]) -> None:
    """Read every text and do nothing with it."""
    for pid in pids:
        descriptor = os.open(f"/proc/{pid}/maps", os.O_RDONLY)
        while os.read(descriptor, 1 << 16):
            pass
        os.close(descriptor)


def timed(work: Callable[[], object]) -> float:
    """Return processor seconds."""
    start = processor(RUSAGE_SELF)
    work()
    return processor(RUSAGE_SELF) - start


def measure(count: int, rounds: int) -> dict[str, float]:
    """Return medians in milliseconds, and the ratio of pairs."""
    live = LinuxLive()
    found: dict[str, list[float]] = {"bare": [], "sweep": [], "first look": [], "second look": []}
    with population(count) as pids:
        for _ in range(rounds):
            found["bare"].append(timed(lambda: bare(pids)))
            found["sweep"].append(timed(lambda: [live.mapped_files(pid) for pid in pids]))
        for _ in range(max(3, rounds // 3)):
            found["first look"].append(timed(lambda: look(live)))
            found["second look"].append(timed(partial(look, live, look(live))))
    ratio = statistics.median(ours / theirs for ours, theirs in zip(found["sweep"], found["bare"], strict=True))
    return {"ratio": round(ratio, 2)} | {name: round(statistics.median(of) * 1000, 2) for name, of in found.items()}


def main() -> None:
    """Measure, print and save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=PROCESSES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    result = {"processes": options.processes, **measure(options.processes, options.rounds), "budget_ms": BUDGET_MS}
    print(json.dumps(result, indent=1))
    if options.processes == PROCESSES:
        save(Path(__file__).stem, result)


if __name__ == "__main__":
    main()
