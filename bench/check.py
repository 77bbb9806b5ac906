"""`wb check` of saved images beside reading, inflating and hashing them: `python -m bench.check SCRATCH`.

One image with plain layers, one with gzip layers. Both programs in processor seconds, in turn, in one process each
round; the budget is a ratio of 1.5. `--megabytes` makes it small enough for a quick look.
"""

import argparse
import gzip
import hashlib
import json
import os
import random
import shutil
import statistics
import struct
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path
from resource import RUSAGE_SELF

from bench.digest import processor
from bench.paired import save

from weighbridge.host.real import RealMachine
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.ship import weigh_shipment

LAYERS = 4
MEGABYTES = 512
ROUNDS = 3
_CHUNK = 1 << 20


def image(folder: Path, megabytes: int, *, packed: bool) -> Path:
    """Write a `docker save` of seeded weights and small files, once."""
    target = folder / f"image-{megabytes}{'-gz' if packed else ''}.tar"
    if target.exists():
        return target
    names = []
    with tarfile.open(folder / "part.tar", "w") as archive:
        for number in range(LAYERS):
            layer = _layer(folder, number, megabytes)
            if packed:
                plain, layer = layer, folder / "layer.tar.gz"
                with plain.open("rb") as source, gzip.open(layer, "wb", 1) as sink:
                    shutil.copyfileobj(source, sink, _CHUNK)
                plain.unlink()
            archive.add(layer, f"{number}/layer.tar")
            names.append(f"{number}/layer.tar")
            layer.unlink()
        manifest = folder / "manifest.json"
        manifest.write_text(json.dumps([{"RepoTags": ["app:1"], "Layers": names}]))
        archive.add(manifest, "manifest.json")
    (folder / "part.tar").rename(target)
    return target


def _layer(folder: Path, number: int, megabytes: int) -> Path:
    size = megabytes << 20
    weights, code, layer = folder / "weights.safetensors", folder / "module.py", folder / "layer.tar"
    header = json.dumps({"w": {"dtype": "U8", "shape": [size], "data_offsets": [0, size]}}).encode()
    noise = random.Random(number).randbytes(_CHUNK)
    with weights.open("wb") as file:
        file.write(struct.pack("<Q", len(header)) + header)
        for _ in range(megabytes):
            file.write(noise)
    shutil.copyfile(__file__, code)
    with tarfile.open(layer, "w") as inner:
        for at in range(500):
            inner.add(code, f"usr/lib/app/{at}.py")
        inner.add(weights, f"opt/m{number}/model.safetensors")
    weights.unlink()
    return layer


def read_and_hash(path: Path) -> None:
    """Read the file once and hash it."""
    with path.open("rb") as file:
        hashlib.file_digest(file, "sha256")


def inflate_and_hash(path: Path) -> None:
    """Read every layer once, inflate it and hash what comes out."""
    with tarfile.open(path) as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file is None or not member.name.endswith("layer.tar"):
                continue
            digest, decoder = hashlib.sha256(), zlib.decompressobj(31)
            while block := file.read(_CHUNK):
                digest.update(decoder.decompress(block))
            digest.update(decoder.flush())


def check(path: Path) -> None:
    """Weigh the image."""
    found = weigh_shipment(RealMachine(), Options(roots=(bytes(path),), policy="balanced", cache=False))
    assert len(found.scan.artifacts) == LAYERS


def ratio(path: Path, floor: Callable[[Path], None]) -> float:
    """Return the median over rounds of what a check costs divided by what `floor` costs."""
    ratios = []
    for _ in range(ROUNDS):
        start = processor(RUSAGE_SELF)
        floor(path)
        middle = processor(RUSAGE_SELF)
        check(path)
        ratios.append((processor(RUSAGE_SELF) - middle) / (middle - start))
    return round(statistics.median(ratios), 3)


def main() -> None:
    """Measure, and save if the images have their full size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--megabytes", type=int, default=MEGABYTES, help="of weights in each layer")
    chosen = parser.parse_args()
    folder: Path = chosen.scratch.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["WEIGHBRIDGE_STATE"] = str(folder / "state")
    measured = {
        "times reading and hashing": ratio(image(folder, chosen.megabytes, packed=False), read_and_hash),
        "times reading, inflating and hashing": ratio(image(folder, chosen.megabytes, packed=True), inflate_and_hash),
        "budget": 1.5,
    }
    print(json.dumps(measured))
    if chosen.megabytes == MEGABYTES:
        save("check", measured)


if __name__ == "__main__":
    main()
