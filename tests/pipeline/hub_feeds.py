"""Feeds as a hub signs them, for tests of who reads them."""

import msgspec

from weighbridge.ledger.note import signed
from weighbridge.ledger.note_keys import PrivateKey
from weighbridge.sync.catalog_feed import SCHEMA, DeprecatedModel, Feed, SignedFeed, statement
from weighbridge.sync.rulings import RevokedModel

KEY, OTHER_KEY = (PrivateKey("weighbridge/catalog/test", bytes([number]) * 32) for number in (1, 2))


def revoked(sha256: str, reason: str = "it leaks", replacement: str = "acme/good") -> RevokedModel:
    """Return a revocation."""
    one = {"id": "0" * 16, "by": "grace", "at": "2026-11-21"}
    return RevokedModel(sha256=sha256, reason=reason, replacement=replacement, **one)


def deprecated(sha256: str) -> DeprecatedModel:
    """Return a deprecation."""
    return DeprecatedModel(
        sha256=sha256, model="acme/old", reason="it is slow", at="2026-11-20", replacement="acme/new"
    )


def text_of(*, gone: tuple[RevokedModel, ...] = (), old: tuple[DeprecatedModel, ...] = ()) -> bytes:
    """Return a feed before it is signed."""
    return msgspec.json.encode(Feed(schema=SCHEMA, revoked=gone, deprecated=old))


def answer(body: bytes, at: int, key: PrivateKey = KEY, *, short: bool = False) -> dict[str, str]:
    """Return what a hub answers. `short`: for a machine that has the feed."""
    note = bytes(signed(statement(body, at), key)).decode()
    said = SignedFeed(body="" if short else body.decode(), note=note, key=key.public.text)
    found: dict[str, str] = msgspec.to_builtins(said)
    return found
