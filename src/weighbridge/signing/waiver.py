"""Waivers: somebody answers, with a signature and until a day, for one rule not to hold for one artifact.

A waiver is a DSSE envelope over canonical JSON. Source: DSSE 1.0.
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from weighbridge.model.record import record
from weighbridge.signing.dsse import Envelope, envelope_document, read_envelope, signed_bytes
from weighbridge.signing.keys import fingerprint, signature_fits
from weighbridge.signing.sign import signed_envelope
from weighbridge.signing.strict_json import canonical, parse

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey

PAYLOAD_TYPE = "application/vnd.weighbridge.waiver.v1+json"
LARGEST_BYTES = 64 << 10
NEVER = frozenset({"deny-malicious", "deny-hostile", "deny-hostile-repository", "revoked-model"})
"""Rules that nobody can waive."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_RULE = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")


@record
class Waiver:
    """What was waived, by whom, why and until when."""

    sha256: str
    rule: str
    owner: str
    reason: str
    expires: datetime.date
    """The last day on which it holds."""
    signer: str = ""
    """Whose key signed it, as the policy names its owner; no part of the file."""

    @property
    def answerable(self) -> str:
        """Who answers for it, and who signed if that is somebody else."""
        return self.owner if self.signer in ("", self.owner) else f"{self.owner}, signed by {self.signer}"


def checked(waiver: Waiver) -> Waiver:
    """Return `waiver` if it is well formed. Raises ValueError with a reason otherwise."""
    if not _DIGEST.fullmatch(waiver.sha256):
        raise ValueError("names no SHA-256")
    if not _RULE.fullmatch(waiver.rule):
        raise ValueError("names no rule")
    if waiver.rule in NEVER:
        raise ValueError(f"is for {waiver.rule}, which nobody can waive")
    if not waiver.owner.strip() or not waiver.reason.strip():
        raise ValueError("has no owner or no reason")
    return waiver


def waiver_file(waiver: Waiver, key: "EllipticCurvePrivateKey") -> bytes:
    """Return a waiver, signed. Raises ValueError if it is not well formed."""
    checked(waiver)
    payload = canonical(
        {
            "digest": {"sha256": waiver.sha256},
            "rule": waiver.rule,
            "owner": waiver.owner,
            "reason": waiver.reason,
            "expires": waiver.expires.isoformat(),
        }
    )
    envelope = signed_envelope(PAYLOAD_TYPE, payload, key, with_key_id=True)
    return canonical(envelope_document(envelope)) + b"\n"


def read_waivers(
    content: bytes,
    keys: "Mapping[str, EllipticCurvePublicKey]",
    today: datetime.date,
    owners: Mapping[str, str] = MappingProxyType({}),
) -> list[Waiver | str]:
    """Return the waivers of a file, one envelope or a list of them; a text for each that does not hold says why not.

    Args:
        content: the file.
        keys: who may waive, by fingerprint.
        today: waivers that ended before do not hold.
        owners: whose the keys are, by fingerprint.
    """
    try:
        document = parse(content, LARGEST_BYTES * 16)
    except ValueError as error:
        return [str(error)]
    every = document if isinstance(document, list) else [document]
    return [_read(one, keys, today, owners) for one in every]


def _read(
    document: object, keys: "Mapping[str, EllipticCurvePublicKey]", today: datetime.date, owners: Mapping[str, str]
) -> Waiver | str:
    try:
        envelope = read_envelope(document)
        if envelope.payload_type != PAYLOAD_TYPE:
            return "is no waiver"
        signer = _signer(envelope, keys)
        if signer is None:
            return "is not signed by a key that the policy lists"
        waiver = replace(checked(_waiver(envelope.payload)), signer=owners.get(signer, ""))
    except ValueError as error:
        return str(error)
    return f"expired on {waiver.expires}" if waiver.expires < today else waiver


def _signer(envelope: Envelope, keys: "Mapping[str, EllipticCurvePublicKey]") -> str | None:
    content = signed_bytes(envelope.payload_type, envelope.payload)
    return next((name for name, key in keys.items() if signature_fits(key, envelope.signature, content)), None)


def _waiver(payload: bytes) -> Waiver:
    value = parse(payload, LARGEST_BYTES)
    names = {"digest", "rule", "owner", "reason", "expires"}
    if not isinstance(value, dict) or set(value) != names or not isinstance(value["digest"], dict):
        raise ValueError("has unknown or missing fields")
    texts = [value["digest"].get("sha256"), *(value[name] for name in ("rule", "owner", "reason", "expires"))]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("has a field that is no text")
    digest, rule, owner, reason, expires = texts
    try:
        day = datetime.date.fromisoformat(expires)
    except ValueError:
        raise ValueError("has an end that is no date") from None
    return Waiver(sha256=digest, rule=rule, owner=owner, reason=reason, expires=day)


def key_ids(keys: "tuple[EllipticCurvePublicKey, ...]") -> "dict[str, EllipticCurvePublicKey]":
    """Return keys by fingerprint."""
    return {fingerprint(key): key for key in keys}
