import datetime
import io
import json
import tarfile
from pathlib import Path

import pytest
from tests.samples.safetensors_file import small
from tests.samples.shipments import CARD, LOWER, MALICIOUS, POINTER, docker_save, oci_layout, tar, write, zipped

from weighbridge.host.real import RealMachine
from weighbridge.model.artifact import Artifact
from weighbridge.model.finding import Assessment
from weighbridge.model.verdict import Decision
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.ship import Shipment, weigh_shipment
from weighbridge.signing.waiver import Waiver


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))


def shipment(folder: Path, *waivers: Waiver) -> Shipment:
    return weigh_shipment(RealMachine(), Options(roots=(bytes(folder),), policy="balanced"), waivers)


def only(found: Shipment) -> Artifact:
    (artifact,) = found.scan.artifacts
    return artifact


def denied_by(artifact: Artifact) -> list[str]:
    assert artifact.verdict is not None
    return [rule.id for rule in artifact.verdict.rules if rule.decision is Decision.DENY]


def test_a_model_with_a_free_license_may_ship(tmp_path: Path) -> None:
    folder = write(tmp_path / "x", {"m.safetensors": small(), "README.md": CARD % b"apache-2.0"})
    artifact = only(shipment(folder))
    assert artifact.verdict is not None
    assert artifact.verdict.decision is Decision.ALLOW


@pytest.mark.parametrize(
    ("files", "rule"),
    [
        ({"m.safetensors": small(), "README.md": CARD % b"cc-by-nc-4.0"}, "deny-noncommercial"),
        ({"m.safetensors": small()}, "deny-build-unknown-license"),
        ({"m.safetensors": POINTER}, "deny-build-incomplete"),
        ({"m.pkl": MALICIOUS}, "deny-malicious"),
        ({"a.whl": zipped({"p/m.safetensors": small(), "p/README.md": CARD % b"cc-by-nc-4.0"})}, "deny-noncommercial"),
        ({"a.tgz": tar({"p/m.safetensors": POINTER})}, "deny-build-incomplete"),
        ({"i.tar": docker_save(tar({"m.safetensors": small()}))}, "deny-build-unknown-license"),
    ],
)
def test_what_may_not(tmp_path: Path, files: dict[str, bytes], rule: str) -> None:
    assert rule in denied_by(only(shipment(write(tmp_path / "x", files))))


def test_a_pointer_is_what_it_points_at(tmp_path: Path) -> None:
    artifact = only(shipment(write(tmp_path / "x", {"m.safetensors": POINTER})))
    assert (artifact.sha256, artifact.claimed_sha256) == (None, "ab" * 32)


def test_license_texts_inside_an_image_count(tmp_path: Path) -> None:
    found = shipment(write(tmp_path / "x", {"i.tar": docker_save(LOWER)}))
    decisions = {one.format: one.verdict.decision for one in found.scan.artifacts if one.verdict is not None}
    assert decisions == {"pickle": Decision.DENY, "safetensors": Decision.ALLOW}


def waiver(artifact: Artifact, rule: str) -> Waiver:
    assert artifact.sha256 is not None
    day = datetime.date(2999, 1, 1)
    return Waiver(sha256=artifact.sha256, rule=rule, owner="Ada", reason="trial", expires=day)


def test_a_waiver_lets_one_artifact_pass_one_rule(tmp_path: Path) -> None:
    folder = write(tmp_path / "x", {"m.safetensors": small(), "README.md": CARD % b"cc-by-nc-4.0"})
    artifact = only(shipment(folder))
    found = shipment(folder, waiver(artifact, "deny-noncommercial"))
    verdict = only(found).verdict
    assert verdict is not None
    assert verdict.decision is Decision.WARN
    assert "Ada" in verdict.rules[0].reason
    assert found.waived == ((artifact.sha256, "deny-noncommercial"),)
    other = shipment(folder, waiver(artifact, "deny-build-unknown-license"))
    assert denied_by(only(other)) == ["deny-noncommercial"]


def test_an_attack_is_never_waived(tmp_path: Path) -> None:
    folder = write(tmp_path / "x", {"m.pkl": MALICIOUS})
    artifact = only(shipment(folder))
    assert artifact.assessment is Assessment.MALICIOUS
    every = [waiver(artifact, rule) for rule in denied_by(artifact)]
    assert denied_by(only(shipment(folder, *every))) == denied_by(artifact)


@pytest.mark.parametrize("kind", ["layout", "saved", "below"])
def test_a_layer_that_is_not_here_is_said(tmp_path: Path, kind: str) -> None:
    layout = oci_layout(LOWER, tar({"etc/x": b"text"}))
    lost = json.loads(layout[_manifest(layout)])["layers"][1]["digest"].replace("sha256:", "blobs/sha256/")
    assert shipment(write(tmp_path / "whole", layout)).scan.unexamined == ()
    del layout[lost]
    if kind == "saved":
        folder = write(tmp_path / "x", {"image.tar": tar(layout)})
    else:
        folder = tmp_path / "x"
        write(folder / "deep" if kind == "below" else folder, layout)
    for _ in range(2):  # from memory too
        (gap,) = shipment(folder).scan.unexamined
        assert gap.reason == "layer 2 of 2 of image is not here"
        assert lost in (gap.member or gap.path.decode())


def test_a_layer_that_is_a_link_to_another_is_here(tmp_path: Path) -> None:
    saved = io.BytesIO(docker_save(LOWER, LOWER))
    out = io.BytesIO()
    with tarfile.open(fileobj=saved) as old, tarfile.open(fileobj=out, mode="w") as new:
        for entry in old:
            content = old.extractfile(entry)
            if entry.name == "2/layer.tar":
                entry.type, entry.linkname, entry.size, content = tarfile.SYMTYPE, "../1/layer.tar", 0, None
            new.addfile(entry, content)
    assert shipment(write(tmp_path / "x", {"image.tar": out.getvalue()})).scan.unexamined == ()


@pytest.mark.parametrize("kind", ["saved", "layout"])
def test_an_absolute_link_in_a_layer_means_the_root_of_the_image(tmp_path: Path, kind: str) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        link = tarfile.TarInfo("app/current.safetensors")
        link.type, link.linkname = tarfile.SYMTYPE, "/opt/m/model.safetensors"
        archive.addfile(link)
    lower = tar({"opt/m/model.safetensors": small(), "opt/m/README.md": CARD % b"apache-2.0"})
    layers = (lower, out.getvalue())
    files = {"image.tar": docker_save(*layers)} if kind == "saved" else oci_layout(*layers)
    folder = write(tmp_path / "x", files)
    for _ in range(2):  # from memory too
        assert only(shipment(folder)).format == "safetensors"
    assert only(shipment(write(tmp_path / "y", {"a.tar": out.getvalue()}))).format == "tar"


def _manifest(layout: dict[str, bytes]) -> str:
    return "blobs/sha256/" + json.loads(layout["index.json"])["manifests"][0]["digest"].removeprefix("sha256:")
