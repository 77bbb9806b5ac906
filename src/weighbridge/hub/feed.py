"""What the catalog says of digests to machines that belong to no fleet: what is revoked and deprecated.

Signed by the server's own key (`sync/catalog_feed.py`): it can only forbid. Endpoints of the fleet refuse what people
signed (`fleet/ruling_signing.py`), and let count what the catalog approved as `catalog_signing.py` tells them.
"""

from collections.abc import Collection
from datetime import UTC, datetime

import msgspec
from sqlalchemy import Connection, Row

from weighbridge.fleet import revocations
from weighbridge.hub.catalog_text import of_releases, plain, weights_of
from weighbridge.hub.release_files import digests_in
from weighbridge.hub.releases import RELEASES
from weighbridge.hub.states import State
from weighbridge.ledger.note import signed
from weighbridge.ledger.note_keys import PrivateKey
from weighbridge.sync.catalog_feed import MOST_DEPRECATED, SCHEMA, DeprecatedModel, Feed, SignedFeed, statement
from weighbridge.sync.rulings import day_of

_AT_ONCE = 400


def feed(connection: Connection, hidden: Collection[str] = ()) -> Feed:
    """Return what is revoked, and what is deprecated.

    Args:
        connection: to read with.
        hidden: namespaces (in lower case) of which the caller is to learn no more than what is revoked.
    """
    revoked = tuple(revocations.ruling_of(one) for one in revocations.active(connection))
    gone = {one.sha256 for one in revoked}
    found: dict[str, DeprecatedModel] = {}
    for row in connection.execute(of_releases([State.DEPRECATED]).order_by(RELEASES.c.state_at.desc()).limit(_AT_ONCE)):
        if row.namespace.lower() not in hidden:
            found |= {
                digest: _deprecated(row, digest) for digest in weights_of(row) if digest not in gone | found.keys()
            }
    still_good = digests_in(connection, [*found], (State.APPROVED,))
    deprecated = [one for digest, one in found.items() if digest not in still_good][:MOST_DEPRECATED]
    return Feed(schema=SCHEMA, revoked=revoked, deprecated=tuple(sorted(deprecated, key=lambda one: one.sha256)))


def signed_feed(said: Feed, key: PrivateKey, now: int, known: str = "") -> SignedFeed:
    """Return a feed with a signature; without the feed for who knows it (SHA-256 of its text) already."""
    body = msgspec.json.encode(said)
    text = statement(body, now)
    shown = "" if text.endswith(f"\n{known}\n") else body.decode()
    return SignedFeed(body=shown, note=bytes(signed(text, key)).decode(), key=key.public.text)


def _deprecated(row: Row[tuple[object, ...]], sha256: str) -> DeprecatedModel:
    return DeprecatedModel(
        sha256=sha256,
        model=f"{row.namespace}/{row.name}",
        reason=plain(row.state_why) or "it is to be replaced",
        at=day_of(datetime.fromtimestamp(row.state_at / 1000, UTC)),
        replacement=plain(row.replaced_by),
    )
