"""The ledger against the disk below it: `python -m bench.ledger SCRATCH`.

Ratios of rounds that alternate on the same disk: one record against one bare append and wait for the disk; grouped
records as records/s and as a share of what the same bytes in one bare write and wait reach. Counts beside them: how
often each waits for the disk does not depend on the machine.
"""

import argparse
import os
import shutil
import statistics
import threading
import time
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

from bench.paired import save

from weighbridge.host.durable import DurableFolder
from weighbridge.host.durable_disk import RealDisk
from weighbridge.host.fake_disk import FakeDisk
from weighbridge.ledger.log import Log
from weighbridge.ledger.note_keys import PrivateKey
from weighbridge.ledger.reader import LogReader
from weighbridge.ledger.tree import inclusion_holds, leaf_hash

KEY = PrivateKey("bench.example/ledger", bytes(32))
RECORD = b"x" * 800
ROUNDS = 7
SINGLE = 200
GROUP = 256
GROUPS = 80
THREADS = 64
PROOF_LOG = 1_000_000
PROOFS = 200


def main() -> None:
    """Measure and save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scratch", type=Path)
    folder = parser.parse_args().scratch / "ledger"
    folder.mkdir(parents=True, exist_ok=True)
    measured = {
        "single": single(folder),
        "grouped": grouped(folder),
        "threads": threads(folder),
        "waits": waits(),
        "proof": proof(folder),
        "budget": "single at most 2x of one wait for the disk; 20,000 records/s grouped; proof at most 10 ms at 1M",
    }
    save("ledger", measured)
    shutil.rmtree(folder)


def opened(folder: Path, name: str) -> Log:
    """Return a new log."""
    shutil.rmtree(folder / name, ignore_errors=True)
    return Log.open(DurableFolder(RealDisk(os.fsencode(folder / name))), KEY)


def seconds(work) -> float:
    """Return how long `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def bare(path: Path, content: bytes, count: int) -> float:
    """Return the seconds of so many plain appends, each with its wait for the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    wait = getattr(os, "fdatasync", os.fsync)

    def work() -> None:
        for _ in range(count):
            os.write(descriptor, content)
            wait(descriptor)

    try:
        return seconds(work)
    finally:
        os.close(descriptor)


def single(folder: Path) -> dict[str, float]:
    """One record at a time."""
    log = opened(folder, "single")
    ratios, ours, floor = [], [], []
    for _ in range(ROUNDS):
        floor.append(bare(folder / "bare", RECORD, SINGLE) / SINGLE)
        ours.append(seconds(lambda: [log.append([RECORD]) for _ in range(SINGLE)]) / SINGLE)
        ratios.append(ours[-1] / floor[-1])
    log.close()
    return {
        "ratio": round(statistics.median(ratios), 3),
        "microseconds": round(statistics.median(ours) * 1e6, 1),
        "bare_microseconds": round(statistics.median(floor) * 1e6, 1),
    }


def grouped(folder: Path) -> dict[str, float]:
    """Records in groups, tiles and checkpoints included."""
    rates, shares, processor = [], [], []
    for _ in range(ROUNDS):
        log = opened(folder, "grouped")
        floor = bare(folder / "bare", RECORD * GROUP, GROUPS)
        before = getrusage(RUSAGE_SELF)
        took = seconds(lambda log=log: [log.append([RECORD] * GROUP) for _ in range(GROUPS)] and log.checkpoint())
        after = getrusage(RUSAGE_SELF)
        log.close()
        rates.append(GROUP * GROUPS / took)
        shares.append(floor / took)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        processor.append(GROUP * GROUPS / used)
    return {
        "records_per_second": round(statistics.median(rates)),
        "best_records_per_second": round(max(rates)),
        "records_per_processor_second": round(statistics.median(processor)),
        "share_of_bare_writes": round(statistics.median(shares), 3),
    }


def threads(folder: Path) -> dict[str, float]:
    """Many threads that append one record each and wait for it."""
    rates, together_with = [], []
    for _ in range(5):
        log = opened(folder, "threads")
        wait = bare(folder / "bare", RECORD, 50) / 50

        def work(log: Log = log) -> None:
            for _ in range(100):
                log.append([RECORD])

        def together(work=work) -> None:
            workers = [threading.Thread(target=work) for _ in range(THREADS)]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()

        rates.append(THREADS * 100 / seconds(together))
        together_with.append(rates[-1] * wait)
        log.close()
    return {
        "threads": THREADS,
        "records_per_second": round(statistics.median(rates)),
        "records_in_the_time_of_one_wait": round(statistics.median(together_with), 1),
    }


def waits() -> dict[str, float]:
    """How often the disk is waited for: a count, the same everywhere."""
    disk = FakeDisk()
    log = Log.open(DurableFolder(disk), KEY)
    before = disk.syncs
    log.append([RECORD])
    one = disk.syncs - before
    log.checkpoint()
    before = disk.syncs
    for _ in range(GROUPS):
        log.append([RECORD] * GROUP)
    log.checkpoint()
    return {"for_one_record": one, "for_a_thousand_grouped": round((disk.syncs - before) * 1000 / (GROUP * GROUPS), 2)}


def proof(folder: Path) -> dict[str, float]:
    """A proof of any record, read from the files."""
    log = opened(folder, "proof")
    for begin in range(0, PROOF_LOG, 8192):
        log.append([b"%d" % number for number in range(begin, min(begin + 8192, PROOF_LOG))])
    log.close()
    reader = LogReader(DurableFolder(RealDisk(os.fsencode(folder / "proof"))))
    took, used = [], []
    for number in range(PROOFS):
        index = number * 999_983 % PROOF_LOG
        before = getrusage(RUSAGE_SELF)
        start = time.perf_counter()
        head = reader.head()
        (entry,) = reader.entries(index, index + 1, head)
        path = reader.inclusion(index, PROOF_LOG)
        took.append(time.perf_counter() - start)
        after = getrusage(RUSAGE_SELF)
        used.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        assert inclusion_holds(leaf_hash(entry), index, PROOF_LOG, path, head.checkpoint.root)
    return {
        "records": PROOF_LOG,
        "milliseconds": round(statistics.median(took) * 1e3, 3),
        "worst_milliseconds": round(max(took) * 1e3, 3),
        "processor_milliseconds": round(statistics.mean(used) * 1e3, 3),
    }


if __name__ == "__main__":
    main()
