"""Rulings that tests sign."""

from weighbridge.sync.approvals import ApprovedModel, approvals_text
from weighbridge.sync.rulings import CATALOG, EXCEPTIONS, Exempted, RevokedModel, exceptions_text, revocations_text

BAD, WORSE = "ba" * 32, "c0" * 32


def revoked(sha256: str = BAD, ruling_id: str = "0" * 16, **values: str) -> RevokedModel:
    """Return one revocation."""
    usual = {"reason": "It holds a backdoor.", "by": "ada", "at": "2026-11-21"}
    return RevokedModel(id=ruling_id, sha256=sha256, **(usual | values))


def exempted(**values: object) -> Exempted:
    """Return one exception: from `warn-review`, for one digest, everywhere."""
    usual: dict[str, object] = {
        "id": "e" * 16,
        "rule": "warn-review",
        "sha256": BAD,
        "owner": "grace",
        "reason": "Needed for the audit.",
        "by": "ada",
        "until": "2026-12-31",
    }
    return Exempted(**(usual | values))  # type: ignore[arg-type]


GOOD = "9d" * 32


def approved(*weights: str, **values: object) -> ApprovedModel:
    """Return one approval: of one digest, for internal data."""
    usual: dict[str, object] = {"model": "acme/coder", "data_classes": ("internal",), "until": "2027-01-01"}
    return ApprovedModel(weights=weights or (GOOD,), **(usual | values))  # type: ignore[arg-type]


def text_of(role: str, number: int, *rulings: object, settled: tuple[str, ...] = ()) -> bytes:
    """Return a text of a role."""
    if role == CATALOG:
        return approvals_text(number, rulings)  # type: ignore[arg-type]
    if role == EXCEPTIONS:
        return exceptions_text(number, rulings)  # type: ignore[arg-type]
    return revocations_text(role, number, rulings, settled)  # type: ignore[arg-type]
