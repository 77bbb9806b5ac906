"""Rulings of the fleet on this machine: which digests are revoked or approved, and from what it is excepted.

One file beside the policy, `policy/rulings.json`, replaced as a whole and together with the policy. It holds what is in
force here: exceptions for other machines are left out, and what was revoked in haste stays until people settle it.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from weighbridge.host.machine import Machine
from weighbridge.ledger.canonical import canonical, parsed
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record
from weighbridge.policy.policy import Policy
from weighbridge.policy.rulings import Approval, Exemption, Revocation, Rulings
from weighbridge.sync.rulings import CATALOG

SCHEMA = "weighbridge.rulings/1"
_REVOCATION = ("sha256", "reason", "by", "at", "replacement")
_EXEMPTION = ("id", "owner", "reason", "rule", "check", "sha256", "thing")
_APPROVAL = ("model", "commit", "version", "replacement")


@record
class HeldText:
    """Which text of a role was taken last."""

    number: int
    sha256: str
    signers: str = ""
    """`SignedRuling.signers` of it."""


@record
class HeldRulings:
    """What the file says."""

    texts: Mapping[str, HeldText]
    """By role."""
    revoked: Sequence[Mapping[str, str]] = ()
    """By people."""
    urgent: Sequence[Mapping[str, str]] = ()
    """In haste, each with its `id`; never shorter until people settle them."""
    settled: Sequence[str] = ()
    """Ids of urgent ones that people decided about: they come back by nobody's haste."""
    exemptions: Sequence[Mapping[str, str]] = ()
    """For this machine."""
    approved: Sequence[Mapping[str, Any]] = ()
    """Releases of the catalog: `sync.approvals.ApprovedModel`."""
    left_out: int = 0
    """Releases for which the text of the catalog had no room."""


def to_text(held: HeldRulings) -> bytes:
    """Return the file that `read` takes."""
    return canonical(
        {
            "schema": SCHEMA,
            "texts": {role: asdict(one) for role, one in held.texts.items()},
            "revoked": [dict(one) for one in held.revoked],
            "urgent": [dict(one) for one in held.urgent],
            "settled": [*held.settled],
            "exemptions": [dict(one) for one in held.exemptions],
            "approved": [dict(one) for one in held.approved],
            "left_out": held.left_out,
        }
    )


def read(content: bytes | None) -> HeldRulings:
    """Return what the file says; nothing if there is none. Raises WeighbridgeError `E-fleet-policy`: it is damaged."""
    if content is None:
        return HeldRulings(texts={})
    document: dict[str, Any] = parsed(content) or {}
    try:
        if document["schema"] != SCHEMA:
            raise ValueError("another form")
        texts = {
            str(role): HeldText(
                number=int(one["number"]), sha256=str(one["sha256"]), signers=str(one.get("signers", ""))
            )
            for role, one in document["texts"].items()
        }
        if "approved" not in document:  # an older version, which knows no catalog, wrote it: that comes anew
            texts.pop(CATALOG, None)
        held = HeldRulings(
            texts=texts,
            approved=tuple(dict(one) for one in document.get("approved", ())),
            left_out=int(document.get("left_out", 0)),
            settled=tuple(map(str, document["settled"])),
            **{
                name: tuple({str(key): str(value) for key, value in one.items()} for one in document[name])
                for name in ("revoked", "urgent", "exemptions")
            },
        )
        _rulings(held)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WeighbridgeError(
            "E-fleet-policy",
            f"what the fleet decided about single models is damaged on this machine: {str(error)[:100]}",
            "`wb sync` fetches it anew",
        ) from None
    return held


def held_numbers(machine: Machine) -> dict[str, int]:
    """Return which text of each role is in force; none where they are damaged."""
    try:
        held = held_rulings(machine)
    except WeighbridgeError:
        return {}
    return {role: one.number for role, one in held.texts.items()}


def held_rulings(machine: Machine) -> HeldRulings:
    """Return what this machine has. Raises WeighbridgeError `E-fleet-policy`: it is damaged."""
    from weighbridge.pipeline.fleet_policy import PolicyFolder

    return read(PolicyFolder(machine).rulings())


def with_rulings(machine: Machine, policy: Policy) -> Policy:
    """Return a policy, whichever it is, with what the fleet decided for this machine. Raises `E-fleet-policy`."""
    found = _rulings(held_rulings(machine))
    return replace(policy, rulings=found) if found else policy


def _rulings(held: HeldRulings) -> Rulings:
    return Rulings(
        revoked={
            one["sha256"]: Revocation(**{name: one[name] for name in _REVOCATION})
            for one in (*held.urgent, *held.revoked)  # what people said comes last and counts
        },
        exemptions=tuple(
            Exemption(until=datetime.date.fromisoformat(one["until"]), **{name: one[name] for name in _EXEMPTION})
            for one in held.exemptions
        ),
        approved={
            digest: approval for one in held.approved for approval in (_approval(one),) for digest in one["weights"]
        },
    )


def _approval(one: Mapping[str, Any]) -> Approval:
    return Approval(
        until=datetime.date.fromisoformat(one["until"]),
        data_classes=tuple(map(str, one["data_classes"])),
        deprecated=bool(one["deprecated"]),
        **{name: str(one[name]) for name in _APPROVAL},
    )
