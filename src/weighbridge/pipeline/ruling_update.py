"""Taking over rulings that those who may have signed: which texts to fetch, and what is in force by them here.

A revocation that came in haste stays until a text that people signed settles it. So whoever takes over the key for
haste, and the server with it, can forbid models; to allow one again takes the people who sign. What the catalog
approved is as its newest text says: what stands there no more is approved no more.
"""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

import msgspec

from weighbridge.pipeline.fleet_rulings import HeldRulings, HeldText
from weighbridge.sync.approvals import Approvals, read_approvals
from weighbridge.sync.judging import RefusalError
from weighbridge.sync.ruling_updates import SignedRuling
from weighbridge.sync.rulings import (
    CATALOG,
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

_Text = Revocations | Exceptions | Approvals
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
    new: dict[str, _Text] = {}
    for one in signed:
        held = texts.get(one.role)
        if held is not None and held.sha256 == one.sha256:
            continue
        if held is not None and one.number < held.number and not _begins_anew(one, held):
            raise RefusalError("old", f"{one.role} {one.number} is older than {held.number}, which this machine has")
        new[one.role] = _text(one, fetched(one))
        texts[one.role] = HeldText(number=one.number, sha256=one.sha256, signers=one.signers)
    if not new:
        return before
    revoked, urgent, exemptions = before.revoked, list(before.urgent), before.exemptions
    approved, left_out = before.approved, before.left_out
    if isinstance(hasty := new.get(URGENT), Revocations):
        known = {one["id"] for one in urgent}
        urgent += [_revocation(one) for one in hasty.revoked if one.id not in known]
    settled = frozenset(before.settled)
    if isinstance(people := new.get(REVOCATIONS), Revocations):
        revoked, settled = [_revocation(one) for one in people.revoked], frozenset(people.settled)
    if isinstance(granted := new.get(EXCEPTIONS), Exceptions):
        exemptions = [_exemption(one) for one in granted.exceptions if _is_for(one, endpoint_id)]
    if isinstance(catalog := new.get(CATALOG), Approvals):
        approved, left_out = [msgspec.structs.asdict(one) for one in catalog.approved], catalog.left_out
    kept = [one for one in urgent if one["id"] not in settled]
    if len(kept) > MOST_RULINGS:
        raise RefusalError("oversized", f"more than {MOST_RULINGS} models are revoked in haste")
    return HeldRulings(
        texts=texts,
        revoked=revoked,
        urgent=kept,
        settled=sorted(settled),
        exemptions=exemptions,
        approved=approved,
        left_out=left_out,
    )


def _begins_anew(signed: SignedRuling, held: HeldText) -> bool:
    """Tell whether a lower number is no older text: a single key that burnt its numbers was replaced by people.

    What people sign themselves only grows. Haste only adds, so that its older texts do no harm; an older text of the
    catalog would approve again what is approved no more, and so only other keys than before begin anew.
    """
    return signed.role == URGENT or (signed.role == CATALOG and held.signers not in ("", signed.signers))


def _text(signed: SignedRuling, content: bytes | None) -> _Text:
    if content is None or len(content) != signed.length or sha256(content).hexdigest() != signed.sha256:
        raise RefusalError("mixed", f"the server has other {signed.role} {signed.number} than those that were signed")
    try:
        read: _Text
        if signed.role == CATALOG:
            read = read_approvals(content)
        elif signed.role == EXCEPTIONS:
            read = read_exceptions(content)
        else:
            read = read_revocations(content, signed.role)
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
