"""Metadata of rulings: who may sign them, and what they sign. Pure; signing happens where the key is.

Rulings are roles that the people who sign policies delegate to. A text of such a role says in itself which role it is
for: roles that the same people sign could otherwise be shown in each other's place, since the metadata of all of them
looks alike.

Source: TUF specification 1.0.34, section 4.5 "File formats: targets.json", delegations; python-tuf makes and checks it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from weighbridge.model.errors import WeighbridgeError
from weighbridge.sync.policy_metadata import in_days, metadata_bytes, read_metadata
from weighbridge.sync.ruling_updates import ROLE_MARK, ruling_of
from weighbridge.sync.rulings import EXCEPTIONS, REVOCATIONS, ROLES, URGENT

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from tuf.api.metadata import Delegations, Key  # type: ignore[attr-defined]  # its documented home

    PublicKey = EllipticCurvePublicKey | Ed25519PublicKey

RULING_DAYS = 365
"""How long people's word on rulings is to be believed."""
URGENT_DAYS = 30
"""The same for a key that may be a server's; whoever has it signs anew."""
_DAYS = {REVOCATIONS: RULING_DAYS, EXCEPTIONS: RULING_DAYS, URGENT: URGENT_DAYS}


def delegated_by(
    root: bytes, *, urgent: "PublicKey | None" = None, revocations: "Sequence[PublicKey]" = (), threshold: int = 1
) -> "Delegations":
    """Return who may sign which rulings, to be signed with the list of policies.

    Args:
        root: whose people sign rulings where nobody else is named.
        urgent: the one key whose signature is enough to revoke in haste; None: nobody's is.
        revocations: who signs revocations instead of those who sign policies.
        threshold: how many of `revocations` must.

    Raises:
        WeighbridgeError: `E-policy-signatures`: a threshold that cannot be met; `E-policy-metadata`: it is no root.
    """
    from securesystemslib.signer import SSlibKey  # type: ignore[attr-defined]  # its documented home

    people = _people(root)
    roles = {REVOCATIONS: people, EXCEPTIONS: people}
    if revocations:
        own = [*map(SSlibKey.from_crypto, revocations)]
        if not 0 < threshold <= len({key.keyid for key in own}):
            raise WeighbridgeError(
                "E-policy-signatures",
                f"{threshold} of {len(own)} different keys cannot sign",
                "give each public key once, and a threshold of at most as many",
            )
        roles[REVOCATIONS] = own, threshold
    if urgent is not None:
        roles[URGENT] = [SSlibKey.from_crypto(urgent)], 1
    return _delegations(roles)


def renewed(root: bytes, targets: bytes) -> "Delegations":
    """Return who may sign which rulings as before, with the people of a root in the place of those before them.

    Args:
        root: the newest one.
        targets: the list of policies that says who may sign so far.

    Raises:
        WeighbridgeError: `E-policy-metadata`.
    """
    before, people = delegations_of(targets), _people(root)
    roles = {REVOCATIONS: people, EXCEPTIONS: people}
    named = {} if before is None or before.roles is None else before.roles
    if before is None or not {REVOCATIONS, EXCEPTIONS} <= named.keys():
        return _delegations(roles)
    if set(named[REVOCATIONS].keyids) != set(named[EXCEPTIONS].keyids):
        roles[REVOCATIONS] = [before.keys[key] for key in named[REVOCATIONS].keyids], named[REVOCATIONS].threshold
    if URGENT in named:
        roles[URGENT] = [before.keys[key] for key in named[URGENT].keyids], named[URGENT].threshold
    return _delegations(roles)


def _people(root: bytes) -> "tuple[Sequence[Key], int]":
    trusted = read_metadata(root, "root").signed
    role = trusted.roles["targets"]
    return [trusted.keys[name] for name in role.keyids], int(role.threshold)


def _delegations(roles: "Mapping[str, tuple[Sequence[Key], int]]") -> "Delegations":
    from tuf.api.metadata import DelegatedRole, Delegations  # type: ignore[attr-defined]  # its documented home

    made = {
        name: DelegatedRole(name, sorted({key.keyid for key in keys}), threshold, True, [f"{name}-*.json"])
        for name, (keys, threshold) in roles.items()
    }
    return Delegations(keys={key.keyid: key for keys, _ in roles.values() for key in keys}, roles=made)


def delegations_of(targets: bytes) -> "Delegations | None":
    """Return who may sign which rulings by a list of policies. Raises `E-policy-metadata`: it is none."""
    found: Delegations | None = read_metadata(targets, "targets").signed.delegations
    return found


def ruling_signers(targets: bytes) -> dict[str, tuple[set[str], int]]:
    """Return whose keys count (ids) and how many must sign, by role. Raises `E-policy-metadata`."""
    found = delegations_of(targets)
    roles = {} if found is None or found.roles is None else found.roles
    return {name: (set(map(str, roles[name].keyids)), int(roles[name].threshold)) for name in ROLES if name in roles}


def new_ruling(role: str, version: int, text: bytes, now: datetime) -> bytes:
    """Return unsigned metadata of one text.

    Args:
        role: one of `ROLES`.
        version: the number that the text has.
        text: see `sync.rulings`.
        now: when it begins.
    """
    from tuf.api.metadata import Metadata, TargetFile, Targets  # type: ignore[attr-defined]  # its documented home

    name = f"{role}-{version}.json"
    targets = Targets(
        version=version,
        expires=in_days(now, _DAYS[role]),
        targets={name: TargetFile.from_data(name, text, ["sha256"])},
        unrecognized_fields={ROLE_MARK: role},
    )
    return metadata_bytes(Metadata(targets))


def role_of(content: bytes) -> str:
    """Return which role's rulings a text is; empty for every other. Raises `E-policy-metadata`: it is no metadata."""
    signed = read_metadata(content).signed
    said = signed.unrecognized_fields.get(ROLE_MARK, "") if signed.type == "targets" else ""
    return said if said in ROLES else ""


def ruling_missing(targets: bytes, content: bytes) -> int:
    """Return how many signatures that count are missing under a ruling.

    Raises:
        WeighbridgeError: `E-policy-metadata`; `E-policy-signatures`: nobody may sign rulings of this role.
    """
    role, metadata = role_of(content), read_metadata(content)
    delegator = read_metadata(targets, "targets").signed
    if role not in ruling_signers(targets):
        raise WeighbridgeError(
            "E-policy-signatures",
            f"nobody was named yet who signs {role or 'this'}",
            "`wb fleet policy delegate` says who may; the people who sign policies sign that",
        )
    said = delegator.get_verification_result(role, metadata.signed_bytes, metadata.signatures)
    return int(max(0, said.threshold - len(said.signed)))


def ruling_digest(content: bytes) -> tuple[str, int, str]:
    """Return role, version and SHA-256 of the text that metadata of a ruling is about. Raises `E-policy-metadata`."""
    role, signed = role_of(content), read_metadata(content, "targets").signed
    found = ruling_of(role, signed) if role else None
    if found is None:
        raise WeighbridgeError(
            "E-policy-metadata", "the file is no metadata of rulings", "`wb fleet revoke` writes such"
        )
    return role, signed.version, found.sha256
