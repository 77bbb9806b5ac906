"""How often packed layers are expanded by the gate: once."""

import gzip
import json
import random
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from tests.samples.shipments import CARD, docker_save, oci_layout, tar, write

from weighbridge.host.real import RealMachine
from weighbridge.model.budget import Budget
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.ship import Shipment, weigh_shipment
from weighbridge.pipeline.shipped_images import LAYER_FACT

MODEL_BYTES = 6 << 20


def model(seed: int) -> bytes:
    header = json.dumps({"w": {"dtype": "U8", "shape": [MODEL_BYTES], "data_offsets": [0, MODEL_BYTES]}}).encode()
    return struct.pack("<Q", len(header)) + header + random.Random(seed).randbytes(1 << 20) * (MODEL_BYTES >> 20)


def layer(number: int) -> bytes:
    files = {f"usr/lib/app/{at}.py": b"import os\n" * 30 + b"# %d" % at for at in range(200)}
    folder = f"opt/m{number}"
    weights = {f"{folder}/{at}.safetensors": model(10 * number + at) for at in range(2)}
    return tar({**files, f"{folder}/README.md": CARD % b"apache-2.0", **weights, "etc/os-release": b"x" * 5000})


@pytest.fixture(scope="module")
def layers() -> list[bytes]:
    return [layer(0), layer(1), tar({"opt/m0/.wh.0.safetensors": b"", "opt/m1/.wh..wh..opq": b""})]


@pytest.fixture
def expanded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[int]:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    counts: list[int] = []
    spend = Budget.spend_unpacking

    def counting(self: Budget, amount: int, *, nested: bool) -> None:
        counts.append(amount)
        spend(self, amount, nested=nested)

    monkeypatch.setattr(Budget, "spend_unpacking", counting)
    return counts


def check(path: Path, *, cache: bool = False) -> Shipment:
    return weigh_shipment(RealMachine(), Options(roots=(bytes(path),), policy="balanced", cache=cache))


def notes(found: Shipment) -> list[str]:
    return sorted(
        str(fact.value) for artifact in found.scan.artifacts for fact in artifact.facts if fact.name == LAYER_FACT
    )


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
@pytest.mark.parametrize("kind", ["docker save", "OCI folder", "OCI in a tar"])
def test_a_packed_image_is_expanded_once(
    tmp_path: Path, layers: list[bytes], expanded: list[int], pack: Callable[[bytes], bytes], kind: str
) -> None:
    packed = [pack(layer) for layer in layers]
    if kind == "docker save":
        write(tmp_path / "image", {"image.tar": docker_save(*packed)})
    elif kind == "OCI folder":
        write(tmp_path / "image", oci_layout(*packed, packed=False))
    else:
        write(tmp_path / "image", {"image.tar": tar(oci_layout(*packed, packed=False))})
    found = check(tmp_path / "image")
    assert len(found.scan.artifacts) == 4
    assert all(artifact.sha256 for artifact in found.scan.artifacts)
    assert sum("still ships in layer 1" in note for note in notes(found)) == 1
    assert sum("still ships in layer 2" in note for note in notes(found)) == 2
    assert sum(expanded) < 1.1 * sum(map(len, layers))


def test_an_image_packed_as_a_whole(tmp_path: Path, layers: list[bytes], expanded: list[int]) -> None:
    write(tmp_path / "image", {"image.tar.gz": gzip.compress(docker_save(*layers))})
    found = check(tmp_path / "image")
    assert len(found.scan.artifacts) == 4
    assert sum(expanded) < 3 * sum(map(len, layers))


def test_what_an_earlier_run_remembers_says_the_same(tmp_path: Path, layers: list[bytes], expanded: list[int]) -> None:
    write(tmp_path / "image", oci_layout(*layers))
    first, again = check(tmp_path / "image", cache=True), check(tmp_path / "image", cache=True)
    assert notes(first) == notes(again)
    assert len(notes(first)) == 4
