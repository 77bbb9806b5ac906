from hashlib import sha256

import pytest
from tests.samples.signed_model import NOON, chain, private_key

from weighbridge.model.errors import WeighbridgeError
from weighbridge.signing.bundle import Method, read_bundle
from weighbridge.signing.manifest import Manifest, Resource
from weighbridge.signing.sign import signature_file
from weighbridge.signing.verification import Signed, Trust, open_signature

MANIFEST = Manifest(name="m", resources=(Resource(path="a", digest=sha256(b"a").hexdigest()),))


@pytest.mark.parametrize("curve", ["P-256", "P-384", "P-521"])
def test_by_key(curve: str) -> None:
    key = private_key(0, curve)
    opened = open_signature(signature_file(MANIFEST, key), Trust(at=NOON, key=key.public_key()))
    assert isinstance(opened, Signed)
    assert opened.manifest.resources == MANIFEST.resources


def test_by_certificate() -> None:
    leaf, middle, root = chain()
    content = signature_file(MANIFEST, private_key(), (leaf, middle))
    assert read_bundle(content).method is Method.CERTIFICATE
    opened = open_signature(content, Trust(at=NOON, roots=(root,)))
    assert isinstance(opened, Signed)
    assert opened.signer == "CN=signer"


def test_a_certificate_of_another_key() -> None:
    with pytest.raises(WeighbridgeError, match="not that of the key"):
        signature_file(MANIFEST, private_key(3), chain()[:2])
