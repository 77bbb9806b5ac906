"""What a hub tells machines that belong to no fleet: which models are revoked, and which are deprecated. Pure.

The hub's own key signs it, which a machine came to know when its person set the hub up. So it can forbid and never
allow (docs/adr/0012). It is everything that holds now: what a newer one no longer lists holds no more, since no people
sign here who could take a revocation back. Each answer is signed anew with its time, so that none can be shown twice.

The answer to a machine that has this very list already holds the signature alone.
"""

import hashlib
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta, Struct

from weighbridge.ledger.note import Verifier, parse, verified
from weighbridge.sync.rulings import MOST_RULINGS, Day, Digest, RevokedModel, Sentence, check_words

FEED_PATH = "/api/v1/hub/revocations"
SCHEMA = "weighbridge.catalog-feed/1"
MOST_DEPRECATED = 2_000
_Text = Annotated[str, Meta(max_length=200)]
_EMPTY = ""


class DeprecatedModel(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A digest that is still served, and that something else should be used for."""

    sha256: Digest
    model: _Text
    """`namespace/name`."""
    reason: Sentence
    at: Day
    replacement: _Text = _EMPTY


class Feed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What holds now."""

    schema: str
    revoked: Annotated[tuple[RevokedModel, ...], Meta(max_length=MOST_RULINGS)]
    deprecated: Annotated[tuple[DeprecatedModel, ...], Meta(max_length=MOST_DEPRECATED)]


class SignedFeed(Struct, frozen=True, kw_only=True):
    """A feed, and who says so."""

    body: str
    """The feed as JSON; empty for who has it already."""
    note: str
    """A signed note of three lines: the schema, when it was made (milliseconds since 1970), SHA-256 of the feed."""
    key: str
    """The key of the note, for who sees this hub for the first time."""


class Said(NamedTuple):
    """What a signature is on."""

    at: int
    """Milliseconds since 1970, by the hub's clock."""
    sha256: str
    feed: Feed | None
    """None: the one that the machine has."""


def statement(body: bytes, at: int) -> str:
    """Return the text that is signed for a feed made at a time (milliseconds since 1970)."""
    return f"{SCHEMA}\n{at}\n{hashlib.sha256(body).hexdigest()}\n"


def opened(answer: SignedFeed, key: Verifier, known: str = "") -> Said:
    """Return what a hub says.

    Args:
        answer: of the hub.
        key: whose word counts.
        known: SHA-256 of the feed that the machine has.

    Raises:
        ValueError: it does not hold; with a reason for a person.
    """
    note = parse(answer.note.encode())
    if not verified(note, [key]):
        raise ValueError("is signed by another key than the one that this machine knows")
    lines = note.text.removesuffix("\n").split("\n")
    if len(lines) != 3 or lines[0] != SCHEMA or not (lines[1].isascii() and lines[1].isdecimal()) or len(lines[1]) > 15:
        raise ValueError("has a signature on something else")
    at, digest = int(lines[1]), lines[2]
    if not answer.body:
        if digest != known:
            raise ValueError("leaves out what was signed")
        return Said(at, digest, None)
    body = answer.body.encode()
    if hashlib.sha256(body).hexdigest() != digest:
        raise ValueError("is not what was signed")
    return Said(at, digest, _checked(body))


def _checked(body: bytes) -> Feed:
    try:
        feed = msgspec.json.decode(body, type=Feed)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(f"cannot be read: {str(error)[:150]}") from None
    if feed.schema != SCHEMA:
        raise ValueError(f"is no {SCHEMA}")
    for revoked in feed.revoked:
        check_words(revoked.reason, revoked.by, revoked.replacement)
    for deprecated in feed.deprecated:
        check_words(deprecated.model, deprecated.reason, deprecated.replacement)
    return feed
