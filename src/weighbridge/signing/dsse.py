"""DSSE envelopes: a payload, its type, and signatures over both.

Source: Dead Simple Signing Envelope 1.0, protocol and envelope documents (secure-systems-lab/dsse).
"""

from typing import Any

from weighbridge.model.record import record
from weighbridge.signing.base64_text import decoded, encoded

_FIELDS = {"payload", "payloadType", "signatures"}
_SIGNATURE_FIELDS = {"sig", "keyid"}


@record
class Envelope:
    """One payload with one signature."""

    payload: bytes
    payload_type: str
    signature: bytes
    key_id: str = ""
    """A hint which key signed; never trusted."""


def signed_bytes(payload_type: str, payload: bytes) -> bytes:
    """Return what is signed: the pre-authentication encoding of type and payload (DSSE protocol, "PAE")."""
    kind = payload_type.encode("utf-8")
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def envelope_document(envelope: Envelope) -> dict[str, Any]:
    """Return the envelope as a JSON object."""
    return {
        "payload": encoded(envelope.payload),
        "payloadType": envelope.payload_type,
        "signatures": [{"sig": encoded(envelope.signature), "keyid": envelope.key_id}],
    }


def read_envelope(document: object) -> Envelope:
    """Return the envelope of a JSON object. Raises ValueError with a reason for anything else."""
    if not isinstance(document, dict) or set(document) != _FIELDS:
        raise ValueError("has no DSSE envelope of payload, payloadType and signatures")
    signatures = document["signatures"]
    if not isinstance(signatures, list) or len(signatures) != 1 or not isinstance(signatures[0], dict):
        # A bundle has one signer (Sigstore bundle format); with several, which one was checked would be a guess.
        raise ValueError("must have exactly one signature")
    signature = signatures[0]
    if "sig" not in signature or set(signature) - _SIGNATURE_FIELDS:
        raise ValueError("has a signature with unknown or missing fields")
    key_id = signature.get("keyid") or ""
    if not isinstance(document["payloadType"], str) or not isinstance(key_id, str):
        raise ValueError("has a payload type or key id that is no text")
    try:
        payload = decoded(document["payload"])
    except ValueError as error:
        raise ValueError(f"has a payload that {error}") from None
    try:
        content = decoded(signature["sig"])
    except ValueError as error:
        raise ValueError(f"has a signature that {error}") from None
    if not payload or not content:
        raise ValueError("has an empty payload or signature")
    return Envelope(payload=payload, payload_type=document["payloadType"], signature=content, key_id=key_id)
