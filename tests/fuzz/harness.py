"""Coverage-guided fuzzing of one reader: `python -m tests.fuzz.harness READER SECONDS RUNS FOLDER`; needs atheris.

FOLDER holds the samples to start from, which whoever starts this has made once for all readers.
libFuzzer ends with a code other than 0 and prints the input when a reader raises what it may not, takes
longer than a minute for one input, or takes 500 MB more than at the start (libFuzzer's own included).
"""

import os
import resource
import sys
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["weighbridge.formats"], enable_loader_override=False):
    from weighbridge.formats.registry import READERS

from tests.fuzz.looking import look
from tests.fuzz.mutations import mutate


def peak_megabytes() -> int:
    """Return the peak memory so far: it counts what the process that started this one held, which may be a lot."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """Fuzz until the time is over, or so many inputs were tried (-1: any number)."""
    name, seconds, runs, folder = sys.argv[1:]
    reader = next(reader for reader in READERS if reader.id == name)
    samples = [path.read_bytes() for path in sorted(Path(folder).iterdir())]

    def structured(content: bytes, most: int, number: int) -> bytes:
        randomness = Random(number)
        if randomness.random() < 0.5:
            return atheris.Mutate(content, most)
        other = randomness.choice(samples) if samples else b""
        return mutate(content, other, randomness)[:most]

    options = [
        f"-max_total_time={seconds}",
        f"-runs={runs}",
        "-max_len=65536",
        "-timeout=60",
        f"-rss_limit_mb={peak_megabytes() + 500}",
        f"-artifact_prefix={folder}{os.sep}",
        "-seed=1",
        "-print_final_stats=0",
        folder,
    ]
    atheris.Setup([sys.argv[0], *options], lambda content: look(reader, content), custom_mutator=structured)
    atheris.Fuzz()


main()
