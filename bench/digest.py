"""SHA-256 of whole files beside OpenSSL: `python -m bench.digest SCRATCH`.

Rates are bytes per processor second, so that a busy machine does not count, and per second of wall time. `openssl
speed` hashes one block over and over; `openssl dgst` reads the same file. Two files show whether both cores are used.
"""

import argparse
import os
import random
import re
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.paired import save

from weighbridge.host.digest import digest_files

SIZE = 768 << 20


def write(path: Path) -> None:
    """Write a file of SIZE random bytes, once."""
    if not path.exists() or path.stat().st_size != SIZE:
        noise = random.Random(str(path)).randbytes(1 << 20)
        with path.open("wb") as file:
            for number in range(SIZE >> 20):
                file.write(number.to_bytes(8, "big") + noise[8:])


def processor(who: int) -> float:
    """Return the processor seconds used so far."""
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def rates(act: Callable[[], object], size: int, who: int) -> tuple[float, float]:
    """Return GB per processor second and per second of wall time."""
    wall, cpu = time.perf_counter(), processor(who)
    act()
    return size / 1e9 / (processor(who) - cpu), size / 1e9 / (time.perf_counter() - wall)


def openssl_speed() -> float:
    """Return GB per processor second of one core, as OpenSSL measures itself."""
    command = ["openssl", "speed", "-seconds", "1", "-bytes", "16384", "-evp", "sha256"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(re.findall(r"([0-9.]+)k\s*$", text.strip())[-1]) / 1e6


def middle(pairs: Sequence[tuple[float, float]]) -> dict[str, float]:
    """Return medians."""
    return {
        "GB per processor second": round(statistics.median(pair[0] for pair in pairs), 3),
        "GB per second": round(statistics.median(pair[1] for pair in pairs), 3),
    }


def main() -> None:
    """Write, measure in turn, save medians; ratios are to OpenSSL in the same run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    folder = chosen.scratch.resolve() / "digest"
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / "one", folder / "two"]
    for path in paths:
        write(path)
    files = [os.fsencode(path) for path in paths]
    own, children = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    dgst = ["openssl", "dgst", "-sha256", str(paths[0])]
    acts: dict[str, tuple[Callable[[], object], int, int]] = {
        "openssl dgst, one file": (lambda: subprocess.run(dgst, check=True, capture_output=True), SIZE, children),
        "one file": (lambda: list(digest_files(files[:1])), SIZE, own),
        "two files": (lambda: list(digest_files(files)), 2 * SIZE, own),
        "one file, BLAKE3 too": (lambda: list(digest_files(files[:1], with_blake3=True)), SIZE, own),
    }
    samples: dict[str, list[tuple[float, float]]] = {name: [] for name in acts}
    speeds = []
    for _ in range(chosen.rounds):
        speeds.append(openssl_speed())
        for name, (act, size, who) in acts.items():
            samples[name].append(rates(act, size, who))
    measured: dict[str, dict[str, float]] = {name: middle(pairs) for name, pairs in samples.items()}
    speed = statistics.median(speeds)
    measured["openssl speed, one core"] = {"GB per processor second": round(speed, 3)}
    for name in ("one file", "two files"):
        measured[name]["of openssl speed per core"] = round(measured[name]["GB per processor second"] / speed, 3)
        measured[name]["of openssl dgst"] = round(
            measured[name]["GB per processor second"] / measured["openssl dgst, one file"]["GB per processor second"], 3
        )
    for name, values in measured.items():
        print(name, values, flush=True)
    save("digest", measured)


if __name__ == "__main__":
    main()
