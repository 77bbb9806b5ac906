"""A folder of 50,200 files with 200 models, and one of 200,200: first scan and rescan, whole process, no digests.

`python -m bench.tree SCRATCH [--large]` runs each beside the plain Python walk of the same folder (`bench/floor.py`):
the first scan beside walk + stat + 512-byte read of every file, the rescan beside walk + stat.
"""

import argparse
import sys
from pathlib import Path

from bench.inputs import tree
from bench.paired import ROOT, WEIGHBRIDGE, paired, save, summarize

_FORGET = 'rm -rf "$0"; WEIGHBRIDGE_STATE=$0 exec "$@"'
_KEEP = 'WEIGHBRIDGE_STATE=$0 exec "$@"'


def commands_for(folder: Path, state: Path) -> dict[str, list[str]]:
    """Return what runs in turn."""
    scan = [*WEIGHBRIDGE, "scan", "--format", "json", "--no-digest", "--quiet", str(folder)]
    floor = [sys.executable, str(ROOT / "bench" / "floor.py")]
    return {
        "walk and stat": [*floor, "stat", str(folder)],
        "walk, stat and read": [*floor, "read", str(folder)],
        "first scan": ["sh", "-c", _FORGET, str(state / "first"), *scan],
        "rescan": ["sh", "-c", _KEEP, str(state / "again"), *scan],
    }


def main() -> None:
    """Write the folders that are not there yet, measure, save medians and ratios to the floors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--large", action="store_true", help="also 200,200 files")
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    scratch = chosen.scratch.resolve()
    measured = {}
    for label, files in (("50,200 files", 50_000), ("200,200 files", 200_000))[: 1 + chosen.large]:
        folder = scratch / f"tree{files}"
        if not (folder / "models0").exists():
            tree(folder, files)
        results = paired(
            commands_for(folder, scratch / f"state{files}"), chosen.rounds, environment={"HOME": str(scratch)}
        )
        summary = summarize(results, base="walk and stat")
        against_read = summarize(results, base="walk, stat and read")
        summary["first scan"]["ratio to read floor"] = against_read["first scan"]["ratio"]
        measured[label] = summary
        for name, values in summary.items():
            print(label, name, values, flush=True)
    save("tree", measured)


if __name__ == "__main__":
    main()
