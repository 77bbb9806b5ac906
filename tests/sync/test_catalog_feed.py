"""What of a feed is believed: signed by the one key, about these very bytes, of the right form."""

import msgspec
import pytest

from weighbridge.ledger.note import signed
from weighbridge.ledger.note_keys import PrivateKey
from weighbridge.sync.catalog_feed import SCHEMA, DeprecatedModel, Feed, SignedFeed, opened, statement
from weighbridge.sync.rulings import RevokedModel

KEY, OTHER = PrivateKey("hub", b"1" * 32), PrivateKey("hub2", b"2" * 32)
GONE = RevokedModel(id="0" * 16, sha256="b" * 64, reason="it leaks", by="grace", at="2026-11-21")
OLD = DeprecatedModel(sha256="a" * 64, model="acme/old", reason="it is slow", at="2026-11-21", replacement="acme/new")
FEED = Feed(schema=SCHEMA, revoked=(GONE,), deprecated=(OLD,))


def answer(body: bytes, key: PrivateKey = KEY, at: int = 7, text: str = "") -> SignedFeed:
    note = signed(text or statement(body, at), key)
    return SignedFeed(body=body.decode(), note=bytes(note).decode(), key=key.public.text)


def test_what_was_signed_is_what_is_read() -> None:
    said = opened(answer(msgspec.json.encode(FEED)), KEY.public)
    assert (said.at, said.feed) == (7, FEED)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (answer(msgspec.json.encode(FEED), OTHER), "another key"),
        (msgspec.structs.replace(answer(msgspec.json.encode(FEED)), body="{}"), "not what was signed"),
        (msgspec.structs.replace(answer(msgspec.json.encode(FEED)), body=""), "leaves out"),
        (answer(b"[]"), "cannot be read"),
        (answer(b"[" * 100_000), "cannot be read"),
        (answer(msgspec.json.encode(msgspec.structs.replace(FEED, schema="else"))), "is no"),
        (answer(b"{}", text="weighbridge.catalog/1\n7\nabc\n"), "something else"),
        (answer(b"{}", text=f"{SCHEMA}\n-7\nabc\n"), "something else"),
        (answer(b"{}", text=f"{SCHEMA}\n{'9' * 400}\nabc\n"), "something else"),
        (answer(msgspec.json.encode(FEED).replace(b"it leaks", b"\\u001b[2J")), "cannot be shown"),
        (answer(msgspec.json.encode(FEED).replace(b"acme/new", b"\\u202enew")), "cannot be shown"),
        (answer(msgspec.json.encode(FEED).replace(b'"b', b'"B', 1)), "cannot be read"),
        (SignedFeed(body="{}", note="none", key=""), "signatures"),
    ],
)
def test_what_does_not_hold_is_refused_with_a_reason(given: SignedFeed, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        opened(given, KEY.public)
