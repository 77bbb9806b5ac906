"""Taking over rulings that those who may have signed: which texts to fetch, and what is in force by them here.

A revocation that came in haste stays until a text that people signed settles it. So whoever takes over the key for
haste, and the server with it, can forbid models; to allow one again takes the people who sign.
"""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

import msgspec

from weighbridge.pipeline.fleet_rulings import HeldRulings, HeldText
from weighbridge.sync.judging import RefusalError
from weighbridge.sync.ruling_updates import SignedRuling
from weighbridge.sync.rulings import (
    EXCEPTIONS,
    MOST_RULINGS,
    REVOCATIONS,
    URGENT,
    Exceptions,
    Exempted,
    Revocations,
    RevokedModel,
    read_exceptions,
    read_revocations,
)

Fetched = Callable[[SignedRuling], bytes | None]
"""Returns a text by name; None if the server has none."""


def taken(before: HeldRulings, signed: Sequence[SignedRuling], fetched: Fetched, endpoint_id: str) -> HeldRulings:
    """Return what is in force by the texts that are signed; `before` itself if nothing is new.

    Args:
        before: what was in force.
        signed: of each role the newest; a role that is not among them stays as it was.
        fetched: gets a text.
        endpoint_id: of this machine.

    Raises:
        RefusalError: a text is not the one that was signed, is older, or cannot be read. Nothing of it counts then.
    """
    texts = dict(before.texts)
    new: dict[str, Revocations | Exceptions] = {}
    for one in signed:
        held = texts.get(one.role)
        if held is not None and held.sha256 == one.sha256:
            continue
        if held is not None and one.number < held.number and one.role != URGENT:
            # A key for haste that burnt its numbers is replaced by people; what they sign themselves only grows.
            raise RefusalError("old", f"{one.role} {one.number} is older than {held.number}, which this machine has")
        new[one.role] = _text(one, fetched(one))
        texts[one.role] = HeldText(number=one.number, sha256=one.sha256)
    if not new:
        return before
    revoked, urgent, exemptions = before.revoked, list(before.urgent), before.exemptions
    if isinstance(hasty := new.get(URGENT), Revocations):
        known = {one["id"] for one in urgent}
        urgent += [_revocation(one) for one in hasty.revoked if one.id not in known]
    settled = frozenset(before.settled)
    if isinstance(people := new.get(REVOCATIONS), Revocations):
        revoked, settled = [_revocation(one) for one in people.revoked], frozenset(people.settled)
    if isinstance(granted := new.get(EXCEPTIONS), Exceptions):
        exemptions = [_exemption(one) for one in granted.exceptions if _is_for(one, endpoint_id)]
    kept = [one for one in urgent if one["id"] not in settled]
    if len(kept) > MOST_RULINGS:
        raise RefusalError("oversized", f"more than {MOST_RULINGS} models are revoked in haste")
    return HeldRulings(texts=texts, revoked=revoked, urgent=kept, exemptions=exemptions, settled=sorted(settled))


def _text(signed: SignedRuling, content: bytes | None) -> Revocations | Exceptions:
    if content is None or len(content) != signed.length or sha256(content).hexdigest() != signed.sha256:
        raise RefusalError("mixed", f"the server has other {signed.role} {signed.number} than those that were signed")
    try:
        read: Revocations | Exceptions = (
            read_exceptions(content) if signed.role == EXCEPTIONS else read_revocations(content, signed.role)
        )
    except ValueError as error:
        raise RefusalError("unusable", str(error)) from None
    if read.number != signed.number:
        raise RefusalError("mixed", f"{signed.role} {signed.number} say of themselves that they are {read.number}")
    return read


def _revocation(one: RevokedModel) -> Mapping[str, str]:
    return {name: str(value) for name, value in msgspec.structs.asdict(one).items()}


def _exemption(one: Exempted) -> Mapping[str, str]:
    return {name: str(value) for name, value in msgspec.structs.asdict(one).items() if name != "endpoints"}


def _is_for(one: Exempted, endpoint_id: str) -> bool:
    return one.endpoints is None or endpoint_id in one.endpoints
