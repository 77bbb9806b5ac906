"""Sigstore bundles as OpenSSF Model Signing uses them: verification material beside one DSSE envelope.

Source: OMS 1.0, sections 4 and 11 (fields that differ across versions); Sigstore bundle format.
"""

import re
from enum import StrEnum
from typing import Any

from weighbridge.model.record import record
from weighbridge.signing.base64_text import decoded, encoded
from weighbridge.signing.dsse import Envelope, envelope_document, read_envelope
from weighbridge.signing.strict_json import parse

MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"
LARGEST_BYTES = 64 << 20
_KNOWN_TYPES = re.compile(
    r"application/vnd\.dev\.sigstore\.bundle(\.v0\.3\+json|\+json;version=0\.[123])"  # two spellings, by version
)
_FIELDS = {"mediaType", "verificationMaterial", "dsseEnvelope"}
_BESIDE = {"tlogEntries", "timestampVerificationData"}
_METHODS = ("publicKey", "x509CertificateChain", "certificate")


class Method(StrEnum):
    """How a bundle says who signed."""

    KEY = "key"
    CERTIFICATE = "certificate"
    SIGSTORE = "sigstore"
    """Keyless: a certificate of minutes, vouched for by a public log."""


@record
class Bundle:
    """One signature with what its verification needs."""

    method: Method
    envelope: Envelope
    hint: str | None = None
    """Fingerprint of the key; None in bundles from before 1.1."""
    certificates: tuple[bytes, ...] = ()
    """DER, the leaf first."""


def read_bundle(content: bytes) -> Bundle:
    """Return the bundle of a signature file. Raises ValueError with a reason for a person."""
    document = parse(content, LARGEST_BYTES)
    if not isinstance(document, dict) or set(document) != _FIELDS:
        raise ValueError("is no Sigstore bundle of mediaType, verificationMaterial and dsseEnvelope")
    media_type = document["mediaType"]
    if not isinstance(media_type, str) or not _KNOWN_TYPES.fullmatch(media_type):
        raise ValueError("has an unknown media type")
    material = document["verificationMaterial"]
    named = [name for name in _METHODS if isinstance(material, dict) and name in material]
    if len(named) != 1 or not isinstance(material[named[0]], dict) or set(material) - {*_BESIDE, *named}:
        raise ValueError("must name one key, certificate chain or certificate")
    envelope = read_envelope(document["dsseEnvelope"])
    value = material[named[0]]
    if named[0] == "publicKey":
        hint = value.get("hint")
        if not isinstance(hint, str | None) or (not hint and not isinstance(value.get("rawBytes"), str)):
            raise ValueError("has a key with neither hint nor rawBytes")
        return Bundle(method=Method.KEY, envelope=envelope, hint=hint or None)
    if named[0] == "certificate":
        entries = material.get("tlogEntries")
        if not isinstance(entries, list) or not entries:
            raise ValueError("is keyless and has no transparency log entry")
        return Bundle(method=Method.SIGSTORE, envelope=envelope, certificates=(_der(value),))
    listed = value.get("certificates")
    if not isinstance(listed, list) or not listed:
        raise ValueError("has an empty certificate chain")
    return Bundle(method=Method.CERTIFICATE, envelope=envelope, certificates=tuple(_der(one) for one in listed))


def bundle_document(bundle: Bundle) -> dict[str, Any]:
    """Return a key or certificate bundle as a JSON object."""
    if bundle.method is Method.KEY:
        material: dict[str, Any] = {"publicKey": {"hint": bundle.hint}}
    else:
        material = {"x509CertificateChain": {"certificates": [{"rawBytes": encoded(c)} for c in bundle.certificates]}}
    return {
        "mediaType": MEDIA_TYPE,
        "verificationMaterial": material | {"tlogEntries": []},
        "dsseEnvelope": envelope_document(bundle.envelope),
    }


def _der(value: object) -> bytes:
    try:
        content = decoded(value.get("rawBytes") if isinstance(value, dict) else None)
    except ValueError as error:
        raise ValueError(f"has a certificate that {error}") from None
    if not content:
        raise ValueError("has an empty certificate")
    return content
