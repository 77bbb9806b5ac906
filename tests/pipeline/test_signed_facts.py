from pathlib import Path

import pytest
from tests.samples.safetensors_file import small
from tests.samples.signed_model import NOON, private_key

from weighbridge.host.real import RealMachine
from weighbridge.model.artifact import Artifact
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.fact import Grade
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.run import scan
from weighbridge.pipeline.signatures import sign_model
from weighbridge.pipeline.signed_facts import covered_by, with_signed_facts
from weighbridge.signing.verification import Trust

TRUST = Trust(at=NOON, key=private_key().public_key())
METADATA = {"format": "pt", "license": "mit"}


def model(folder: Path, *ignored: str) -> Path:
    for name in ("a", "b"):
        file = folder / "model" / name / "weights.safetensors"
        file.parent.mkdir(parents=True)
        file.write_bytes(small(__metadata__={**METADATA, "title": name}))
    content, _ = sign_model(RealMachine(), bytes(folder / "model"), private_key(), ignored=ignored)
    (folder / "sig").write_bytes(content)
    return folder / "model"


def raised(model: Path, scanned: Path | None = None) -> dict[str, Artifact]:
    machine = RealMachine()
    signature = model.parent / "sig"
    covered = covered_by(machine, bytes(model), signature.read_bytes(), TRUST, signature=bytes(signature))
    found = with_signed_facts(machine, scan(machine, Options(roots=(bytes(scanned or model),), cache=False)), covered)
    return {Path(artifact.places[0].path.decode()).parent.name: artifact for artifact in found.artifacts}


def grades(artifact: Artifact) -> set[Grade]:
    return {fact.grade for fact in artifact.facts}


def test_what_a_signed_file_declares_is_signed_and_what_was_measured_stays(tmp_path: Path) -> None:
    found = raised(model(tmp_path))["a"]
    assert grades(found) == {Grade.MEASURED, Grade.SIGNED}
    (signature,) = [fact for fact in found.facts if fact.name == "signature"]
    assert str(signature.value).startswith("key ")
    assert signature.source == "OpenSSF Model Signing, sig"


def test_an_ignored_file_and_one_beside_the_model_stay_declared(tmp_path: Path) -> None:
    folder = model(tmp_path, "b")
    found = raised(folder)
    assert Grade.SIGNED in grades(found["a"])
    assert Grade.SIGNED not in grades(found["b"])
    (tmp_path / "c").mkdir()
    (tmp_path / "c/weights.safetensors").write_bytes(small(__metadata__={**METADATA, "title": "c"}))
    (tmp_path / "c/copy.safetensors").write_bytes((folder / "a/weights.safetensors").read_bytes())
    found = raised(folder, tmp_path)
    assert [name for name, one in found.items() if Grade.SIGNED in grades(one)] == []


def test_a_signed_file_alone(tmp_path: Path) -> None:
    file = tmp_path / "x" / "weights.safetensors"
    file.parent.mkdir()
    file.write_bytes(small(__metadata__=METADATA))
    (tmp_path / "x/sig").write_bytes(sign_model(RealMachine(), bytes(file), private_key())[0])
    assert Grade.SIGNED in grades(raised(file)["x"])


def test_a_file_that_changed_after_the_signature_was_verified_is_not_signed(tmp_path: Path) -> None:
    folder = model(tmp_path)
    machine = RealMachine()
    signature = tmp_path / "sig"
    covered = covered_by(machine, bytes(folder), signature.read_bytes(), TRUST, signature=bytes(signature))
    (folder / "a/weights.safetensors").write_bytes(small(__metadata__={**METADATA, "title": "other"}))
    found = with_signed_facts(machine, scan(machine, Options(roots=(bytes(folder),), cache=False)), covered)
    assert sorted(Grade.SIGNED in grades(artifact) for artifact in found.artifacts) == [False, True]


def test_a_signature_that_does_not_hold_is_an_error(tmp_path: Path) -> None:
    folder = model(tmp_path)
    (folder / "more").write_bytes(b"x")
    (folder / "even more").write_bytes(b"x")
    with pytest.raises(WeighbridgeError, match="even more: is there and was not signed, and 1 more") as error:
        raised(folder)
    assert error.value.code == "E-signature-fails"
    (tmp_path / "sig").write_bytes(b"{}")
    with pytest.raises(WeighbridgeError, match="is no Sigstore bundle"):
        raised(folder)
