"""The fleet server under a simulated fleet: `python -m bench.fleet SCRATCH` measures every part, one after the other.

    python -m bench.fleet SCRATCH cost paced storm    # some parts
    python -m bench.fleet SCRATCH --soak 30           # the paced part for half an hour, told as `soak`

Each part takes nine minutes at most on two idle cores, needs up to 12 GB below SCRATCH (or, for PostgreSQL, in the
folder for temporary files) and removes them at its end. What it measured goes into `bench/results/fleet.json` beside
what the others did; `python tools/benchmarks_page.py` writes it into the documentation.
"""

import argparse
import json
import shutil
import sys
import time
from pathlib import Path

from bench import fleet_cost, fleet_paced, fleet_pages, fleet_postgresql, fleet_storm
from bench.paired import RESULTS, save

PARTS = {
    "cost": fleet_cost.measure,
    "paced": fleet_paced.measure,
    "storm": fleet_storm.measure,
    "postgresql": fleet_postgresql.measure,
    "pages": fleet_pages.sqlite,
    "pages_postgresql": fleet_pages.postgresql,
}


def main() -> None:
    """Measure and save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"all by itself; of {', '.join(PARTS)}")
    parser.add_argument("--devices", type=int, default=10_000, help="simulated endpoints that send at their pace")
    parser.add_argument("--minutes", type=float, default=5.0, help="of the paced part")
    parser.add_argument("--soak", type=float, metavar="MINUTES", help="the paced part alone, for so long")
    parser.add_argument("--storm", type=int, default=200, help="endpoints that come back with three days of records")
    parser.add_argument("--endpoints", type=int, default=100_000, help="in the large fleet of the pages")
    chosen = parser.parse_args()
    if unknown := set(chosen.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    parts = {name: PARTS[name] for name in chosen.parts or PARTS}
    if chosen.soak:
        chosen.minutes, parts = chosen.soak, {"soak": fleet_paced.measure}
    for name, measure in parts.items():
        began, folder = time.perf_counter(), chosen.scratch / "fleet"
        sys.stderr.write(f"{name} ...\n")
        try:
            measured = measure(folder, chosen)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        path = RESULTS / "fleet.json"
        earlier = json.loads(path.read_text())["measured"] if path.exists() else {}
        known = {part: value for part, value in earlier.items() if part in (*PARTS, "soak")}
        save("fleet", known | {name: measured})
        sys.stderr.write(f"{name}: {time.perf_counter() - began:.0f} s\n")


if __name__ == "__main__":
    main()
