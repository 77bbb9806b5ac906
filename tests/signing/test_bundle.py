"""The rules of the published conformance vectors, rebuilt in code (OMS 1.0, test-vectors/v1.0)."""

import json
from typing import Any

import pytest

from weighbridge.signing.bundle import MEDIA_TYPE, Bundle, Method, bundle_document, read_bundle
from weighbridge.signing.dsse import Envelope, envelope_document

ENVELOPE = Envelope(payload=b"{}", payload_type="application/vnd.in-toto+json", signature=b"s")
KEY = bundle_document(Bundle(method=Method.KEY, envelope=ENVELOPE, hint="ab" * 32))
CHAIN = bundle_document(Bundle(method=Method.CERTIFICATE, envelope=ENVELOPE, certificates=(b"leaf", b"authority")))


def read(document: Any) -> Bundle:
    return read_bundle(json.dumps(document).encode())


def with_material(material: object) -> dict[str, Any]:
    return KEY | {"verificationMaterial": material}


def test_valid_key_and_certificate_bundles() -> None:
    assert read(KEY) == Bundle(method=Method.KEY, envelope=ENVELOPE, hint="ab" * 32)
    assert read(CHAIN).certificates == (b"leaf", b"authority")


def test_a_valid_keyless_bundle_is_recognized() -> None:
    bundle = read(with_material({"certificate": {"rawBytes": "bGVhZg=="}, "tlogEntries": [{"logIndex": "1"}]}))
    assert bundle.method is Method.SIGSTORE


def test_older_bundles_name_no_fingerprint() -> None:
    old = with_material({"publicKey": {"rawBytes": "bGVhZg==", "keyDetails": "PKIX_ECDSA_P256_SHA_256"}})
    assert read(old).hint is None
    assert read(KEY | {"mediaType": "application/vnd.dev.sigstore.bundle+json;version=0.2"}).hint == "ab" * 32


@pytest.mark.parametrize(
    "document",
    [
        {},
        {name: value for name, value in KEY.items() if name != "dsseEnvelope"},
        {name: value for name, value in KEY.items() if name != "verificationMaterial"},
        with_material({"certificate": {"rawBytes": "bGVhZg=="}}),
        with_material({"certificate": {"rawBytes": "bGVhZg=="}, "tlogEntries": []}),
        with_material({}),
        with_material([]),
        with_material({"publicKey": {}}),
        with_material({"publicKey": {"hint": 3}}),
        with_material({"publicKey": {"hint": "a"}, "certificate": {"rawBytes": "bGVhZg=="}, "tlogEntries": [{}]}),
        with_material({"x509CertificateChain": {"certificates": []}}),
        with_material({"x509CertificateChain": {"certificates": [{"rawBytes": ""}]}}),
        with_material({"x509CertificateChain": {"certificates": ["bGVhZg=="]}}),
        KEY | {"mediaType": "application/json"},
        KEY | {"mediaType": MEDIA_TYPE + "x"},
        KEY | {"extra": 1},
        KEY | {"dsseEnvelope": envelope_document(ENVELOPE) | {"signatures": []}},
        [],
        None,
    ],
)
def test_anything_else_is_refused_with_a_reason(document: object) -> None:
    with pytest.raises(ValueError, match=r"^(is|has|must|lists)"):
        read(document)


def test_an_empty_file() -> None:
    with pytest.raises(ValueError, match="not JSON"):
        read_bundle(b"")
