from pathlib import Path

import pytest
from tests.samples.shipments import LOWER, UPPER, docker_save, oci_layout, tar, write

from weighbridge.host.real import RealMachine
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.run import scan
from weighbridge.pipeline.shipped_images import LAYER_FACT, with_layers


def notes(folder: Path) -> dict[str, list[str]]:
    machine = RealMachine()
    roots = (bytes(folder),)
    artifacts = with_layers(machine, roots, scan(machine, Options(roots=roots, cache=False)).artifacts)
    return {one.format: [str(fact.value) for fact in one.facts if fact.name == LAYER_FACT] for one in artifacts}


@pytest.mark.parametrize("kind", ["saved", "unpacked", "oci", "oci in tar", "plain oci"])
def test_a_deleted_file_still_ships(tmp_path: Path, kind: str) -> None:
    saved = docker_save(LOWER, UPPER)
    layout = oci_layout(LOWER, UPPER, packed=kind != "plain oci")
    if kind == "saved":
        write(tmp_path, {"image.tar": saved})
    elif kind == "unpacked":
        manifest = b'[{"RepoTags": ["app:1"], "Layers": ["1/layer.tar", "2/layer.tar"]}]'
        write(tmp_path, {"i/manifest.json": manifest, "i/1/layer.tar": LOWER, "i/2/layer.tar": UPPER})
    elif kind == "oci in tar":
        write(tmp_path, {"image.tar": tar(layout)})
    else:
        write(tmp_path / "layout", layout)
    found = notes(tmp_path)
    assert len(found["pickle"]) == 1
    assert "layer 1 of 2" in found["pickle"][0]
    assert "deleted in layer 2, and it still ships in layer 1" in found["pickle"][0]
    assert "ships" not in found["safetensors"][0]


def test_a_tar_that_is_no_image(tmp_path: Path) -> None:
    write(tmp_path, {"files.tar": tar({"layer.tar": LOWER})})
    assert notes(tmp_path) == {"pickle": [], "safetensors": []}
