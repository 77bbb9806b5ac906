import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from tests.samples.signed_model import private_key

from weighbridge.model.errors import WeighbridgeError
from weighbridge.signing.keys import (
    fingerprint,
    new_private_key,
    public_pem,
    read_policy_private_key,
    read_policy_public_key,
    read_private_key,
    read_public_key,
    sign_bytes,
    signature_fits,
)


@pytest.mark.parametrize("curve", ["P-256", "P-384", "P-521"])
def test_what_a_key_signs_only_its_public_half_accepts(curve: str) -> None:
    key = private_key(0, curve)
    signature = sign_bytes(key, b"content")
    public = read_public_key(public_pem(key.public_key()), "key")
    assert signature_fits(public, signature, b"content")
    assert not signature_fits(public, signature, b"Content")
    assert not signature_fits(private_key(5, curve).public_key(), signature, b"content")
    for position in range(len(signature)):
        changed = bytearray(signature)
        changed[position] ^= 1
        assert not signature_fits(public, bytes(changed), b"content")


def test_a_new_key_reads_back() -> None:
    key = read_private_key(new_private_key(), "key")
    assert key.curve.name == "secp256r1"
    assert len(fingerprint(key.public_key())) == 64


def test_an_encrypted_key_needs_its_passphrase() -> None:
    encryption = serialization.BestAvailableEncryption(b"secret")
    pem = private_key().private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
    assert fingerprint(read_private_key(pem, "k", "secret").public_key()) == fingerprint(private_key().public_key())
    for passphrase in (None, "wrong"):
        with pytest.raises(WeighbridgeError, match=r"encrypted|wrong"):
            read_private_key(pem, "k", passphrase)
    with pytest.raises(WeighbridgeError, match="not encrypted"):
        read_private_key(new_private_key(), "k", "secret")


def _pem(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


@pytest.mark.parametrize("pem", [b"", b"text", _pem(ed25519.Ed25519PrivateKey.generate())])
def test_what_is_no_such_key(pem: bytes) -> None:
    with pytest.raises(WeighbridgeError) as raised:
        read_private_key(pem, "k")
    assert raised.value.code == "E-key-unreadable"
    with pytest.raises(WeighbridgeError):
        read_public_key(pem, "k")


def test_policies_are_signed_by_keys_of_two_kinds() -> None:
    own, spki = ed25519.Ed25519PrivateKey.generate(), serialization.PublicFormat.SubjectPublicKeyInfo
    assert isinstance(read_policy_private_key(_pem(own), "k"), ed25519.Ed25519PrivateKey)
    public = own.public_key().public_bytes(serialization.Encoding.PEM, spki)
    assert isinstance(read_policy_public_key(public, "k"), ed25519.Ed25519PublicKey)
    assert isinstance(read_policy_private_key(new_private_key(), "k"), ec.EllipticCurvePrivateKey)
    with pytest.raises(WeighbridgeError, match="P-256"):
        read_policy_private_key(_pem(ec.generate_private_key(ec.SECP384R1())), "k")
    for pem in (b"", b"text", public):
        with pytest.raises(WeighbridgeError) as raised:
            read_policy_private_key(pem, "k")
        assert raised.value.code == "E-key-unreadable"


def test_other_curves_are_refused() -> None:
    other = ec.generate_private_key(ec.SECP256K1())
    with pytest.raises(WeighbridgeError, match="P-256"):
        read_private_key(_pem(other), "k")
    with pytest.raises(WeighbridgeError, match="P-256"):
        read_public_key(public_pem(other.public_key()), "k")
