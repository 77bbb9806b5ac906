"""How fast a model comes: `wb pull` in turn with `hf download`, one large file from the same hub on loopback.

`wb pull` compares every byte with its SHA-256, and `hf download` does not. Each run begins with an empty cache. The
ratio is of one run to its neighbor: less than 1 is faster than `hf download`.
"""

import argparse
import json
import os
import shutil
import statistics
import sys
from pathlib import Path
from typing import Any

from bench.hub_serving import MODEL, SIZE, prepared, weighbridge
from bench.paired import WEIGHBRIDGE, Run, paired, save

HF = Path(sys.executable).with_name("hf")
LIMIT = 1.0
"""The median ratio of seconds that is allowed."""


def compared(results: dict[str, list[Run]]) -> dict[str, Any]:
    """Return the medians of both, and of the ratios of neighbors."""
    own, other = results["wb pull"], results["hf download"]
    if any(one.code for one in (*own, *other)):
        raise SystemExit("a pull failed")
    medians = {
        name: {
            "seconds": round(statistics.median(one.seconds for one in runs), 2),
            "processor": round(statistics.median(one.processor for one in runs), 2),
        }
        for name, runs in results.items()
    }
    pairs = list(zip(own, other, strict=True))
    return medians | {
        "ratio_seconds": round(statistics.median(mine.seconds / theirs.seconds for mine, theirs in pairs), 3),
        "ratio_processor": round(statistics.median(mine.processor / theirs.processor for mine, theirs in pairs), 3),
        "rounds": len(own),
    }


def main() -> int:
    """Measure and write the result; 1 if the ratio of seconds is above `LIMIT`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--size", type=int, default=SIZE, help="bytes")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--dry-run", action="store_true", help="write no result")
    chosen = parser.parse_args()
    folder = chosen.scratch.resolve() / "hub-pull"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    database, _ = prepared(folder, chosen.size)
    home = folder / "home"
    server = weighbridge(folder, database, ())
    origin = server.address.split(f"/{MODEL}/", 1)[0]
    environment = {"HOME": str(home), "HF_HOME": str(home / "hf"), "HF_ENDPOINT": origin, "WEIGHBRIDGE_HUB": origin}
    environment |= {"WEIGHBRIDGE_STATE": str(home / "state"), "HF_HUB_DISABLE_UPDATE_CHECK": "1"}
    for name in ("HF_TOKEN", "HF_HUB_CACHE", "OLLAMA_MODELS"):
        os.environ.pop(name, None)

    def before() -> None:
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()

    commands = {"wb pull": [*WEIGHBRIDGE, "pull", MODEL], "hf download": [str(HF), "download", MODEL]}
    try:
        found = compared(paired(commands, chosen.rounds, environment=environment, before=before))
    finally:
        server.end()
        shutil.rmtree(folder, ignore_errors=True)
    found["bytes"] = chosen.size
    print(json.dumps(found, indent=1))
    if not chosen.dry_run:
        save("hub_pull", found)
    return int(found["ratio_seconds"] > LIMIT)


if __name__ == "__main__":
    raise SystemExit(main())
