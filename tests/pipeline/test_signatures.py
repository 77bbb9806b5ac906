"""Signing and verifying folders; with the reference implementation in both directions."""

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.samples.signed_model import NOON, chain, model, private_key

from weighbridge.host.fake import FakeMachine
from weighbridge.host.real import RealMachine
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.signatures import sign_model, verify_model
from weighbridge.signing.keys import public_pem
from weighbridge.signing.verification import Kind, Outcome, Trust, Verification

TRUST = Trust(at=NOON, key=private_key().public_key())


def signed(folder: Path, *ignored: str) -> bytes:
    return sign_model(RealMachine(), bytes(folder), private_key(), ignored=ignored)[0]


def verified(folder: Path, content: bytes, trust: Trust = TRUST, **options: object) -> Verification:
    return verify_model(RealMachine(), bytes(folder), content, trust, **options)  # type: ignore[arg-type]


def kinds(found: Verification) -> list[tuple[Kind, str]]:
    assert (found.outcome is Outcome.FAILED) is bool(found.problems)
    return [(problem.kind, problem.path) for problem in found.problems]


def test_a_folder_and_everything_that_may_happen_to_it(tmp_path: Path) -> None:
    folder = model(tmp_path)
    content = signed(folder)
    assert verified(folder, content).outcome is Outcome.VERIFIED
    assert verified(folder, content).files == 4
    (folder / "a.txt").rename(folder / "b.txt")
    (folder / "config.json").write_bytes(b"[]")
    (folder / "a/z.bin").unlink()
    (folder / "more").write_bytes(b"")
    assert kinds(verified(folder, content)) == [
        (Kind.RENAMED, "a.txt"),
        (Kind.MISSING, "a/z.bin"),
        (Kind.CHANGED, "config.json"),
        (Kind.EXTRA, "more"),
    ]


def test_every_changed_byte_of_a_file_fails(tmp_path: Path) -> None:
    folder = model(tmp_path)
    content = signed(folder)
    weights = folder / "weights.bin"
    original = weights.read_bytes()
    for position in range(0, len(original), 97):
        changed = bytearray(original)
        changed[position] ^= 1
        weights.write_bytes(changed)
        assert kinds(verified(folder, content)) == [(Kind.CHANGED, "weights.bin")]
    weights.write_bytes(original[:-1])
    assert kinds(verified(folder, content)) == [(Kind.CHANGED, "weights.bin")]


def test_links_are_signed_by_content_and_never_let_in_unseen(tmp_path: Path) -> None:
    folder = model(tmp_path)
    plain = signed(folder)
    (folder / "weights.bin").rename(tmp_path / "blob")
    (folder / "weights.bin").symlink_to("../blob")
    assert kinds(verified(folder, plain)) == [(Kind.LINK, "weights.bin")]
    assert verified(folder, plain, follow_links=True).outcome is Outcome.VERIFIED
    linked = signed(folder)
    assert verified(folder, linked).outcome is Outcome.VERIFIED
    (folder / "weights.bin").unlink()
    (tmp_path / "blob").rename(folder / "weights.bin")
    assert verified(folder, linked).outcome is Outcome.VERIFIED


def test_ignored_paths(tmp_path: Path) -> None:
    folder = model(tmp_path)
    content = signed(folder, "a")
    (folder / "a/new").write_bytes(b"x")
    (folder / ".git").mkdir()
    (folder / ".git/x").write_bytes(b"x")
    assert verified(folder, content).outcome is Outcome.VERIFIED
    (folder / "b").write_bytes(b"x")
    assert kinds(verified(folder, content)) == [(Kind.EXTRA, "b")]
    assert verified(folder, content, ignored=("b",)).outcome is Outcome.VERIFIED


def test_what_cannot_be_signed(tmp_path: Path) -> None:
    with pytest.raises(WeighbridgeError, match="no files"):
        signed(tmp_path)
    (tmp_path / "folder").symlink_to("/")
    with pytest.raises(WeighbridgeError, match="link to a folder"):
        signed(tmp_path)


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    leaf, middle, root = chain()
    folder = tmp_path / "keys"
    folder.mkdir()
    for curve in ("P-256", "P-384", "P-521"):
        key = private_key(0, curve)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / curve).write_bytes(pem)
        (folder / f"{curve}.pub").write_bytes(public_pem(key.public_key()))
    for name, certificate in (("leaf", leaf), ("middle", middle), ("root", root)):
        (folder / name).write_bytes(certificate.public_bytes(Encoding.PEM))
    return folder


def reference(*arguments: object) -> bool:
    """Run the reference implementation, `model-signing`; tell whether it is content."""
    command = [sys.executable, "-m", "model_signing", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("curve", ["P-256", "P-384", "P-521"])
def test_keys_with_the_reference_implementation(tmp_path: Path, keys: Path, curve: str) -> None:
    folder, theirs, ours = model(tmp_path), tmp_path / "theirs", tmp_path / "ours"
    assert reference("sign", "key", folder, "--signature", theirs, "--private_key", keys / curve)
    trust = Trust(at=NOON, key=private_key(0, curve).public_key())
    assert verified(folder, theirs.read_bytes(), trust).outcome is Outcome.VERIFIED
    ours.write_bytes(sign_model(RealMachine(), bytes(folder), private_key(0, curve))[0])
    check = ("verify", "key", folder, "--signature", ours, "--public_key", keys / f"{curve}.pub")
    assert reference(*check)
    (folder / "a.txt").write_text("Text")
    assert not reference(*check)
    assert kinds(verified(folder, theirs.read_bytes(), trust)) == [(Kind.CHANGED, "a.txt")]


def test_certificates_links_and_single_files_with_the_reference_implementation(tmp_path: Path, keys: Path) -> None:
    folder, theirs, ours = model(tmp_path), tmp_path / "theirs", tmp_path / "ours"
    roots = Trust(at=NOON, roots=(chain()[2],))
    signing = ("--private_key", keys / "P-256", "--signing_certificate", keys / "leaf")
    above = ("--certificate_chain", keys / "middle")
    assert reference("sign", "certificate", folder, "--signature", theirs, *signing, *above)
    assert verified(folder, theirs.read_bytes(), roots).outcome is Outcome.VERIFIED
    ours.write_bytes(sign_model(RealMachine(), bytes(folder), private_key(), chain=chain()[:2])[0])
    assert reference("verify", "certificate", folder, "--signature", ours, "--certificate_chain", keys / "root")
    (folder / "link").symlink_to(keys / "root")
    one = folder / "weights.bin"
    for model_path, options in ((folder, ("--allow_symlinks",)), (one, ())):
        bundle = sign_model(RealMachine(), bytes(model_path), private_key())[0]
        ours.write_bytes(bundle)
        check = ("verify", "key", model_path, "--signature", ours, "--public_key", keys / "P-256.pub")
        assert reference(*check, *options)
        assert reference("sign", "key", model_path, "--signature", theirs, "--private_key", keys / "P-256", *options)
        assert verified(model_path, theirs.read_bytes()).outcome is Outcome.VERIFIED


def test_ranges_and_other_digests_of_the_reference_implementation(tmp_path: Path, keys: Path) -> None:
    folder = model(tmp_path)
    (folder / "empty").write_bytes(b"")
    script = (
        "import model_signing, sys\n"
        "folder, key, out = sys.argv[1:]\n"
        "for name in ('sha256', 'blake2'):\n"
        "    way = model_signing.hashing.Config().use_shard_serialization(hashing_algorithm=name, shard_size=1000)\n"
        "    config = model_signing.signing.Config().use_elliptic_key_signer(private_key=key)\n"
        "    config.set_hashing_config(way).sign(folder, out + name)\n"
        "way = model_signing.hashing.Config().use_file_serialization(hashing_algorithm='blake3')\n"
        "config = model_signing.signing.Config().use_elliptic_key_signer(private_key=key)\n"
        "config.set_hashing_config(way).sign(folder, out + 'blake3')\n"
    )
    subprocess.run([sys.executable, "-c", script, folder, keys / "P-256", tmp_path / "sig-"], check=True)
    for name in ("sha256", "blake2", "blake3"):
        content = (tmp_path / f"sig-{name}").read_bytes()
        assert verified(folder, content).outcome is Outcome.VERIFIED, name
        (folder / "weights.bin").write_bytes(bytes(2999) + b"x")
        assert kinds(verified(folder, content)) == [(Kind.CHANGED, "weights.bin")]
        (folder / "weights.bin").write_bytes(bytes(3001))
        assert kinds(verified(folder, content)) == [(Kind.CHANGED, "weights.bin")]
        (folder / "weights.bin").write_bytes(bytes(3000))


def test_a_file_that_cannot_be_read_is_one_problem() -> None:
    machine = FakeMachine()
    machine.add_file(b"/m/weights.bin", b"weights")
    content, _ = sign_model(machine, b"/m", private_key())
    machine.forbid(b"/m/weights.bin")
    assert kinds(verify_model(machine, b"/m", content, TRUST)) == [(Kind.UNREADABLE, "weights.bin")]
