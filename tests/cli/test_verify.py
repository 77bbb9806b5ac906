import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.cli_runs import wb
from tests.samples.safetensors_file import small
from tests.samples.signed_model import NOON, chain, model, private_key, revocations


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    folder = model(tmp_path)
    wb("sign", "--new-key", str(tmp_path / "key"))
    wb("sign", str(folder), "--key", str(tmp_path / "key"))
    return folder


def test_what_changed_is_said(signed: Path) -> None:
    (signed / "a.txt").write_text("Text")
    (signed / "\x1b[31m").write_text("x")
    code, out, _ = wb("verify", str(signed), "--key", f"{signed.parent}/key.pub")
    assert code == 21
    assert out == (
        "✗ not verified\n  \\x1b[31m: is there and was not signed\n  a.txt: its content is not what was signed\n"
    )
    code, out, _ = wb("verify", str(signed), "--key", f"{signed.parent}/key.pub", "--format", "json")
    assert [one["kind"] for one in json.loads(out)["problems"]] == ["extra", "changed"]


def test_a_broken_or_keyless_signature(signed: Path) -> None:
    signature = signed / "model.sig"
    document = json.loads(signature.read_text())
    document["verificationMaterial"] = {"certificate": {"rawBytes": "AA=="}, "tlogEntries": [{}]}
    signature.write_text(json.dumps(document))
    code, out, _ = wb("verify", str(signed), "--key", f"{signed.parent}/key.pub")
    assert (code, out.splitlines()[0]) == (4, "✗ cannot be verified here")
    signature.write_text("{}")
    assert wb("verify", str(signed), "--key", f"{signed.parent}/key.pub")[0] == 21
    signature.unlink()
    code, _, err = wb("verify", str(signed), "--key", f"{signed.parent}/key.pub")
    assert code == 2
    assert "E-signature-missing" in err


def test_against_a_bill_of_materials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "a.safetensors").write_bytes(small())
    assert wb("bom", str(folder), "-o", str(tmp_path / "bom.json"))[0] in (0, 4)
    check = ("verify", str(folder), "--bom", str(tmp_path / "bom.json"))
    assert wb(*check)[0] == 0
    (folder / "b.safetensors").write_bytes(small())
    (folder / "a.safetensors").write_bytes(small() + b"x")
    code, out, _ = wb(*check)
    assert code == 21
    assert "a.safetensors" in out
    assert "b.safetensors" in out


def test_revocation_is_checked_by_lists_that_lie_here_and_else_said_not_to_be(tmp_path: Path) -> None:
    leaf, middle, root = chain()
    folder = model(tmp_path)
    (tmp_path / "root").write_bytes(root.public_bytes(Encoding.PEM))
    (tmp_path / "chain").write_bytes(leaf.public_bytes(Encoding.PEM) + middle.public_bytes(Encoding.PEM))
    private = private_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key").write_bytes(private)
    for name, issuer, key, revoked in (("a", "middle", 1, ()), ("b", "root", 2, ()), ("c", "middle", 1, (leaf,))):
        content = revocations(issuer, private_key(key), *revoked).public_bytes(Encoding.DER)
        (tmp_path / f"{name}.crl").write_bytes(content)
    assert wb("sign", str(folder), "--key", f"{tmp_path}/key", "--certificate", f"{tmp_path}/chain")[0] == 0
    check = ("verify", str(folder), "--certificate-roots", f"{tmp_path}/root", "--at", NOON.isoformat())
    code, out, _ = wb(*check)
    assert (code, out.splitlines()[1:]) == (
        0,
        [
            "  signed by CN=signer",
            "  whether a certificate was revoked was not checked; --crl FILE takes its authority's list",
        ],
    )
    code, out, _ = wb(*check, "--crl", f"{tmp_path}/a.crl", "--crl", f"{tmp_path}/b.crl", "--format", "json")
    assert (code, json.loads(out)["revocation"]) == (0, "checked")
    code, out, _ = wb(*check, "--crl", f"{tmp_path}/c.crl", "--crl", f"{tmp_path}/b.crl")
    assert (code, "CN=signer was revoked" in out) == (21, True)
    code, out, _ = wb(*check, "--crl", f"{tmp_path}/a.crl")
    assert (code, "no revocation list of CN=root" in out) == (21, True)
    code, _, err = wb(*check, "--crl", f"{tmp_path}/root")
    assert (code, "error[E-crl-unreadable]" in err) == (2, True)


@pytest.mark.parametrize("options", [[], ["--key", "a", "--bom", "b"], ["--key", "k", "--at", "yesterday"]])
def test_what_does_not_fit(signed: Path, options: list[str]) -> None:
    code, _, err = wb("verify", str(signed), *options)
    assert code == 2
    assert "hint" in err
