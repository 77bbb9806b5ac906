"""Which rulings an endpoint may believe: roles that the people who sign policies delegated to. Pure.

A part of `policy_updates.refresh`: the snapshot names the version of every role, so that a server cannot mix states.

Source: TUF specification 1.0.34, section 5.6 "Update the targets role", delegations.
"""

from collections.abc import Generator, Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from weighbridge.model.record import record
from weighbridge.sync.judging import RefusalError, Wanted, judged, limit_of, plain_keys, take_held, there
from weighbridge.sync.rulings import LARGEST_RULINGS, ROLES

if TYPE_CHECKING:
    from tuf.api.metadata import Targets  # type: ignore[attr-defined]  # its documented home
    from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet

ROLE_MARK = "weighbridge-role"
"""Says in signed metadata of rulings which role's they are: what the same people sign looks alike otherwise."""
RULING_FILES = {role: f"{role}.json" for role in ROLES}
"""What metadata of a role is called, by role."""
_DIGITS = frozenset("0123456789abcdef")


@record
class SignedRuling:
    """A text of rulings that those who may have signed."""

    role: str
    """One of `sync.rulings.ROLES`."""
    number: int
    name: str
    sha256: str
    length: int
    signers: str = ""
    """Names the keys of which enough signed; the same as long as the same ones count."""


def ruling_of(role: str, targets: "Targets") -> SignedRuling | None:
    """Return the text that metadata of rulings is about; None if it is not about exactly one of its role and version.

    Args:
        role: one of `sync.rulings.ROLES`.
        targets: what the metadata says.
    """
    name = f"{role}-{targets.version}.json"
    file = targets.targets.get(name)
    if file is None or len(targets.targets) != 1 or targets.unrecognized_fields.get(ROLE_MARK) != role:
        return None
    digest = file.hashes.get("sha256", "")
    if not (len(digest) == 64 and _DIGITS.issuperset(digest)) or not 0 < file.length <= LARGEST_RULINGS:
        return None
    return SignedRuling(role=role, number=targets.version, name=name, sha256=digest, length=file.length)


def rulings(
    trusted: "TrustedMetadataSet", held: Mapping[str, bytes], keep: dict[str, bytes]
) -> Generator[Wanted, bytes | None, tuple[SignedRuling, ...]]:
    """Verify the roles that people delegated to; any that does not hold ends all of it."""
    delegations = trusted.targets.delegations
    named = {} if delegations is None or delegations.roles is None else delegations.roles
    if delegations is not None:
        plain_keys(delegations.keys.values())
    found = []
    for role in ROLES:
        name = RULING_FILES[role]
        meta = trusted.snapshot.meta.get(name)
        if role not in named or meta is None:
            continue
        if not take_held(lambda content, role=role: _delegated(trusted, role, content), held.get(name)):
            content = yield Wanted(name=f"{meta.version}.{name}", limit=limit_of(meta.length))
            with judged():
                _delegated(trusted, role, there(content, name))
            keep[name] = content or b""
        signed = ruling_of(role, _of(trusted, role))
        if signed is None:
            keep.pop(name, None)
            raise RefusalError("mixed", f"what is signed as {role} is something else")
        found.append(replace(signed, signers=_signers(named[role].keyids)))
    return tuple(found)


def _signers(keys: Iterable[str]) -> str:
    return sha256(" ".join(sorted(set(map(str, keys)))).encode()).hexdigest()


def _delegated(trusted: "TrustedMetadataSet", role: str, content: bytes) -> None:
    trusted.update_delegated_targets(content, role, "targets")


def _of(trusted: "TrustedMetadataSet", role: str) -> "Targets":
    found: Targets = trusted[role]  # type: ignore[assignment]  # what `update_delegated_targets` put there
    return found
