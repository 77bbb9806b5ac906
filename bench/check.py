"""`wb check` of a saved image of 2 GB beside reading and hashing it: `python -m bench.check SCRATCH`.

Both in processor seconds, in turn, in one process each round; the budget is a ratio of 1.5.
"""

import argparse
import hashlib
import json
import os
import random
import statistics
import struct
import tarfile
from pathlib import Path
from resource import RUSAGE_SELF

from bench.digest import processor
from bench.paired import save

from weighbridge.host.real import RealMachine
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.ship import weigh_shipment

LAYERS = 4
LAYER_BYTES = 512 << 20
ROUNDS = 3


def image(folder: Path) -> Path:
    """Write a `docker save` of seeded weights, once."""
    target = folder / "image.tar"
    if target.exists() and target.stat().st_size > LAYERS * LAYER_BYTES:
        return target
    names = []
    with tarfile.open(target, "w") as archive:
        for number in range(LAYERS):
            layer = folder / f"layer{number}.tar"
            weights = folder / "weights.safetensors"
            header = json.dumps(
                {"w": {"dtype": "U8", "shape": [LAYER_BYTES], "data_offsets": [0, LAYER_BYTES]}}
            ).encode()
            noise = random.Random(number).randbytes(1 << 20)
            with weights.open("wb") as file:
                file.write(struct.pack("<Q", len(header)) + header)
                for _ in range(LAYER_BYTES >> 20):
                    file.write(noise)
            with tarfile.open(layer, "w") as inner:
                inner.add(weights, f"opt/m{number}/model.safetensors")
            archive.add(layer, f"{number}/layer.tar")
            names.append(f"{number}/layer.tar")
            layer.unlink()
            weights.unlink()
        manifest = folder / "manifest.json"
        manifest.write_text(json.dumps([{"RepoTags": ["app:1"], "Layers": names}]))
        archive.add(manifest, "manifest.json")
    return target


def read_and_hash(path: Path) -> None:
    """Read the file once and hash it."""
    with path.open("rb") as file:
        hashlib.file_digest(file, "sha256")


def check(path: Path) -> None:
    """Weigh the image."""
    found = weigh_shipment(RealMachine(), Options(roots=(bytes(path),), policy="balanced", cache=False))
    assert len(found.scan.artifacts) == LAYERS


def main() -> None:
    """Measure and save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scratch", type=Path)
    folder = parser.parse_args().scratch
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["WEIGHBRIDGE_STATE"] = str(folder / "state")
    path = image(folder).resolve()
    ratios = []
    for _ in range(ROUNDS):
        start = processor(RUSAGE_SELF)
        read_and_hash(path)
        middle = processor(RUSAGE_SELF)
        check(path)
        ratios.append((processor(RUSAGE_SELF) - middle) / (middle - start))
    save("check", {"times reading and hashing": round(statistics.median(ratios), 3), "budget": 1.5})


if __name__ == "__main__":
    main()
