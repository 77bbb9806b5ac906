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
from weighbridge.sync.rulings import CATALOG, EXCEPTIONS, REVOCATIONS, ROLES, URGENT

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from tuf.api.metadata import Delegations, Key  # type: ignore[attr-defined]  # its documented home

    PublicKey = EllipticCurvePublicKey | Ed25519PublicKey

RULING_DAYS = 365
"""How long people's word on rulings is to be believed."""
SERVER_DAYS = 30
"""The same for a key that may be a server's; whoever has it signs anew."""


def delegated_by(
    root: bytes,
    *,
    urgent: "PublicKey | None" = None,
    revocations: "Sequence[PublicKey]" = (),
    threshold: int = 1,
    catalog: "PublicKey | None" = None,
) -> "Delegations":
    """Return who may sign which rulings, to be signed with the list of policies.

    Args:
        root: whose people sign rulings where nobody else is named.
        urgent: the one key whose signature is enough to revoke in haste; None: nobody's is.
        revocations: who signs revocations instead of those who sign policies.
        threshold: how many of `revocations` must.
        catalog: the one key that signs what the catalog approves instead of those who sign policies.

    Raises:
        WeighbridgeError: `E-policy-signatures`: a threshold that cannot be met; `E-policy-metadata`: it is no root.
    """
    from securesystemslib.signer import SSlibKey  # type: ignore[attr-defined]  # its documented home

    roles = _of_people(root)
    if revocations:
        own = [*map(SSlibKey.from_crypto, revocations)]
        if not 0 < threshold <= len({key.keyid for key in own}):
            raise WeighbridgeError(
                "E-policy-signatures",
                f"{threshold} of {len(own)} different keys cannot sign",
                "give each public key once, and a threshold of at most as many",
            )
        roles[REVOCATIONS] = own, threshold
    return _delegations(roles | _single(root, {URGENT: urgent, CATALOG: catalog}))


def renewed(
    root: bytes, targets: bytes | None, single: "Mapping[str, PublicKey | None] | None" = None
) -> "Delegations":
    """Return who may sign which rulings as before, with the people of a root in the place of those before them.

    Args:
        root: the newest one.
        targets: the list of policies that says who may sign so far; None: there is none.
        single: what is to be another way from now on: by role (`URGENT`, `CATALOG`) the one key that signs it, or None
            for nobody's (`URGENT`) and for people's (`CATALOG`).

    Raises:
        WeighbridgeError: `E-policy-metadata`.
    """
    roles, before = _of_people(root), None if targets is None else delegations_of(targets)
    named = {} if before is None or before.roles is None else before.roles
    if before is not None and {REVOCATIONS, EXCEPTIONS} <= named.keys():
        people = set(named[EXCEPTIONS].keyids)  # those who signed policies by then: nobody else is named for exceptions
        for name in (REVOCATIONS, URGENT, CATALOG):
            if name in named and set(named[name].keyids) != people:
                roles[name] = [before.keys[key] for key in named[name].keyids], named[name].threshold
    for name in single or ():
        roles.pop(name, None)
    return _delegations(roles | _single(root, single or {}))


def _of_people(root: bytes) -> "dict[str, tuple[Sequence[Key], int]]":
    people = _people(root)
    return {REVOCATIONS: people, EXCEPTIONS: people, CATALOG: people}


def _single(root: bytes, single: "Mapping[str, PublicKey | None]") -> "dict[str, tuple[Sequence[Key], int]]":
    """Return roles that one key alone signs; without one, `URGENT` is nobody's and `CATALOG` is people's."""
    from securesystemslib.signer import SSlibKey  # type: ignore[attr-defined]  # its documented home

    own = {name: ([SSlibKey.from_crypto(key)], 1) for name, key in single.items() if key is not None}
    people = {CATALOG: _people(root)} if CATALOG in single and CATALOG not in own else {}
    return {**own, **people}


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


def new_ruling(role: str, version: int, text: bytes, now: datetime, days: int | None = None) -> bytes:
    """Return unsigned metadata of one text.

    Args:
        role: one of `ROLES`.
        version: the number that the text has.
        text: see `sync.rulings`.
        now: when it begins.
        days: how long it is to be believed; None: as long as people's word, or as haste's.
    """
    from tuf.api.metadata import Metadata, TargetFile, Targets  # type: ignore[attr-defined]  # its documented home

    name = f"{role}-{version}.json"
    targets = Targets(
        version=version,
        expires=in_days(now, days or (SERVER_DAYS if role == URGENT else RULING_DAYS)),
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
