"""`wb fleet policy sign`, with keys of either kind."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from tests.cli.policy_fleet import fleet  # noqa: F401  (a fixture)
from tests.cli.ruling_fleet import rulings  # noqa: F401  (a fixture)
from tests.fleet.small_fleet import LLAMA

PASSPHRASE = "correct horse"
PEM, PKCS8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8


def write_key(folder, name, key, passphrase=""):
    """Write a key pair as `openssl genpkey -algorithm ed25519` does."""
    hidden = serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
    (folder / name).write_bytes(key.private_bytes(PEM, PKCS8, hidden))
    public = key.public_key().public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (folder / f"{name}.pub").write_bytes(public)


@pytest.fixture
def ed25519_bob(fleet, monkeypatch):  # noqa: F811
    """Bob has an encrypted Ed25519 key, Ada keeps one on P-256."""
    write_key(fleet.folder, "bob", ed25519.Ed25519PrivateKey.generate(), PASSPHRASE)
    typed = fleet.signed

    def signed(file):
        fleet.well("sign", file, "--key", "ada")
        monkeypatch.setenv("WEIGHBRIDGE_KEY_PASSPHRASE", PASSPHRASE)
        fleet.well("sign", file, "--key", "bob")
        monkeypatch.delenv("WEIGHBRIDGE_KEY_PASSPHRASE")

    fleet.signed = signed
    yield fleet
    fleet.signed = typed


def test_a_person_signs_what_they_read_and_nothing_else(fleet):  # noqa: F811
    fleet.trusted()
    fleet.well("upload", "policy")
    said = fleet.well("sign", "policy-1.sign.json", "--key", "ada", "--policy", "policy")
    assert "signatures: 1" in said
    assert "policy 1  " in said
    changed = fleet.folder / "policy" / "policy.yaml"
    changed.write_text(changed.read_text() + "\n")
    before = (fleet.folder / "policy-1.sign.json").read_bytes()
    code, _, err = fleet("sign", "policy-1.sign.json", "--key", "bob", "--policy", "policy")
    assert (code, "is not the policy in policy" in err) == (1, True)
    assert (fleet.folder / "policy-1.sign.json").read_bytes() == before


def test_what_cannot_be_signed_is_said(fleet):  # noqa: F811
    fleet.trusted()
    for file in ("missing.json", "policy/policy.yaml"):
        code, _, err = fleet("sign", file, "--key", "ada")
        assert (code, "E-policy-metadata" in err) == (2, True)
    assert fleet("sign", "root.sign.json", "--key", "ada", "--policy", "policy")[0] == 2
    assert fleet("sign", "root.sign.json", "--key", "ada.pub")[0] == 2


def test_people_with_keys_of_both_kinds_publish_policies(ed25519_bob):
    ed25519_bob.trusted()
    ed25519_bob.published("--ring", "100:0")
    assert "1 " in ed25519_bob.well("status")


def test_they_sign_revocations_too(rulings, ed25519_bob):  # noqa: F811
    rulings.policies.trusted()
    rulings.policies.well("delegate")
    rulings.policies.signed("delegation.sign.json")
    rulings.policies.well("publish", "delegation.sign.json")
    rulings.well("revoke", LLAMA, "--reason", "It phones home.", "--yes")
    rulings.well("revocations", "--sign", "rev.sign.json")
    rulings.policies.signed("rev.sign.json")
    assert "revocations 1 are published" in rulings.policies.well("publish", "rev.sign.json")
    assert f"{LLAMA}  in force" in rulings.well("revocations")


def test_an_encrypted_key_needs_its_passphrase_and_other_kinds_are_refused(ed25519_bob):
    ed25519_bob.well("root", "--signer", "ada.pub", "--signer", "bob.pub", "--threshold", "2")
    before = (ed25519_bob.folder / "root.sign.json").read_bytes()
    write_key(ed25519_bob.folder, "wide", ec.generate_private_key(ec.SECP384R1()))
    for key, said in (("bob", "is encrypted"), ("bob.pub", "is a public key"), ("wide", "no key on P-256")):
        code, _, err = ed25519_bob("sign", "root.sign.json", "--key", key)
        assert (code, said in err) == (2, True), err
    assert (ed25519_bob.folder / "root.sign.json").read_bytes() == before
    code, _, err = ed25519_bob("root", "--signer", "wide.pub", "--threshold", "1")
    assert (code, "Ed25519 and P-256 alone" in err) == (2, True)
