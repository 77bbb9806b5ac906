import gzip
import json

from tests.samples.shipments import docker_save, oci_layout, tar

from weighbridge.model.budget import Budget
from weighbridge.model.source import BytesSource
from weighbridge.pipeline.images import Fate, Names, fates, images, names_in, opener

LOWER = {"opt/a": b"aa", "opt/sub/b": b"bb", "opt/c": b"cc", "opt2/d": b"dd"}
WANTED = [(0, name) for name in LOWER]


def fate(*layers: dict[str, bytes]) -> dict[str, Fate]:
    return {name: found for (_, name), found in fates(named(LOWER, *layers), WANTED).items()}


def named(*layers: dict[str, bytes]) -> list[Names]:
    return [lambda files=files: files for files in layers]


def test_whiteouts() -> None:
    assert fate({"opt/.wh.a": b""}) == {"opt/a": Fate(layer=1, by=2, replaced=False)}
    assert set(fate({"x": b"x"}, {".wh.opt": b""})) == {"opt/a", "opt/sub/b", "opt/c"}
    assert fate({"x": b"x"}, {".wh.opt": b""})["opt/a"].by == 3
    assert set(fate({"opt/sub/.wh..wh..opq": b""})) == {"opt/sub/b"}
    assert fate({"./opt/c": b"new"}) == {"opt/c": Fate(layer=1, by=2, replaced=True)}
    assert fate({"opt/.wh.other": b"", "opt/sub2/b": b"xx"}) == {}
    assert set(fate({"opt": b"a file instead of the folder"})) == {"opt/a", "opt/sub/b", "opt/c"}


def test_names_of_packed_and_broken_layers() -> None:
    upper = tar({"opt/.wh.a": b"", "b": b"b"})
    for layer in (upper, gzip.compress(upper)):
        assert names_in(BytesSource(layer)) == ["opt/.wh.a", "b"]
    assert names_in(BytesSource(b"broken" * 200)) == names_in(None) == []
    assert fates([], []) == {}


def test_both_kinds_of_image() -> None:
    saved = images(opener(BytesSource(docker_save(b"1" * 10, b"2" * 10)), Budget()))
    assert [(image.name, image.layers) for image in saved] == [("app:1", ("1/layer.tar", "2/layer.tar"))]
    files = {name: BytesSource(content) for name, content in oci_layout(b"1", b"2").items()}
    (image,) = images(files.get)
    assert len(image.layers) == 2
    assert all(layer in files for layer in image.layers)


def test_hostile_manifests() -> None:
    for content in (b"", b"{", b"[" * 100_000, b"[1]", json.dumps([{"Layers": [1]}]).encode(), b'{"manifests": 3}'):
        assert images({"manifest.json": BytesSource(content), "index.json": BytesSource(content)}.get) == ()
    circle = {"manifests": [{"digest": "sha256:aa"}], "layers": "x"}
    files = {name: BytesSource(json.dumps(circle).encode()) for name in ("index.json", "blobs/sha256/aa")}
    assert images(files.get) == ()
    assert images({"index.json": BytesSource(b'{"manifests": [{"digest": "sha256:../../x"}]}')}.get) == ()
