"""What the catalog says of digests, for machines: what is revoked and deprecated; and what a policy's owner accepts.

The first is signed by the server's own key, for machines that belong to no fleet (`sync/catalog_feed.py`): it can only
forbid. Endpoints of the fleet refuse what people signed (`fleet/ruling_signing.py`), and accept what stands in a policy
that people signed; `accepted_yaml` is what those people put there.
"""

import json
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Row, Select, select

from weighbridge.fleet import revocations
from weighbridge.hub.models import MODELS
from weighbridge.hub.release_files import FILES
from weighbridge.hub.releases import RELEASES, TOMBSTONE
from weighbridge.hub.states import SERVED, State
from weighbridge.hub.weighed import WEIGHED
from weighbridge.hub.weighing import Weighing
from weighbridge.ledger.note import signed
from weighbridge.ledger.note_keys import PrivateKey
from weighbridge.sync.catalog_feed import MOST_DEPRECATED, SCHEMA, DeprecatedModel, Feed, SignedFeed, statement
from weighbridge.sync.rulings import day_of

MOST_ACCEPTED = 10_000
_AT_ONCE = 400
_LONGEST = 500


class AcceptedDigest(Struct, frozen=True, kw_only=True):
    """A file of weights that a served release holds."""

    sha256: str
    model: str
    commit: str
    until_at: int
    """When the approval of its release ends."""


def feed(connection: Connection, hidden: Collection[str] = ()) -> Feed:
    """Return what is revoked, and what is deprecated.

    Args:
        connection: to read with.
        hidden: namespaces (in lower case) of which the caller is to learn no more than what is revoked.
    """
    revoked = tuple(revocations.ruling_of(one) for one in revocations.active(connection))
    gone = {one.sha256 for one in revoked}
    found: dict[str, DeprecatedModel] = {}
    for row in connection.execute(_releases([State.DEPRECATED]).order_by(RELEASES.c.state_at.desc()).limit(_AT_ONCE)):
        if row.namespace.lower() not in hidden:
            found |= {digest: _deprecated(row, digest) for digest in _weights(row) if digest not in gone | found.keys()}
    still_good = _approved(connection, [*found])
    deprecated = [one for digest, one in found.items() if digest not in still_good][:MOST_DEPRECATED]
    return Feed(schema=SCHEMA, revoked=revoked, deprecated=tuple(sorted(deprecated, key=lambda one: one.sha256)))


def signed_feed(said: Feed, key: PrivateKey, now: int, known: str = "") -> SignedFeed:
    """Return a feed with a signature; without the feed for who knows it (SHA-256 of its text) already."""
    body = msgspec.json.encode(said)
    text = statement(body, now)
    shown = "" if text.endswith(f"\n{known}\n") else body.decode()
    return SignedFeed(body=shown, note=bytes(signed(text, key)).decode(), key=key.public.text)


def accepted(connection: Connection) -> list[AcceptedDigest]:
    """Return the weights of served releases whose approval ends some day, by digest; none that is revoked."""
    gone = {one.sha256 for one in revocations.active(connection)}
    here = _releases([*SERVED]).where(RELEASES.c.formats != TOMBSTONE, RELEASES.c.until_at.is_not(None))
    found = {
        digest: AcceptedDigest(
            sha256=digest, model=f"{row.namespace}/{row.name}", commit=row.commit_id, until_at=row.until_at
        )
        for row in connection.execute(here.order_by(RELEASES.c.release_id).limit(MOST_ACCEPTED))
        for digest in _weights(row)
        if digest not in gone
    }
    return sorted(found.values(), key=lambda one: one.sha256)


def accepted_yaml(digests: Sequence[AcceptedDigest]) -> str:
    """Return what people put under `accepted` in policy.yaml, so that the digests of the catalog count as accepted."""
    lines = ["accepted:"]
    for one in digests:
        lines += [
            f"  - sha256: {one.sha256}",
            f"    reason: {json.dumps(f'Approved in the catalog: {one.model} at {one.commit[:12]}.')}",
            "    by: the catalog",
            f"    until: {datetime.fromtimestamp(one.until_at / 1000, UTC).date().isoformat()}",
        ]
    return "\n".join(lines if len(lines) > 1 else ["accepted: []"]) + "\n"


def _releases(states: Sequence[State]) -> Select[Any]:
    tables = RELEASES.join(MODELS, MODELS.c.model_id == RELEASES.c.model_id)
    tables = tables.join(WEIGHED, WEIGHED.c.release_id == RELEASES.c.release_id)
    columns = (MODELS.c.namespace, MODELS.c.name, RELEASES, WEIGHED.c.weighing)
    return select(*columns).select_from(tables).where(RELEASES.c.state.in_([state.value for state in states]))


def _approved(connection: Connection, digests: Sequence[str]) -> set[str]:
    """Return those digests that an approved release holds, too: they are not deprecated."""
    found: set[str] = set()
    for at in range(0, len(digests), _AT_ONCE):
        tables = FILES.join(RELEASES, RELEASES.c.release_id == FILES.c.release_id)
        held = select(FILES.c.sha256).select_from(tables).where(FILES.c.sha256.in_(digests[at : at + _AT_ONCE]))
        found |= set(connection.execute(held.where(RELEASES.c.state == State.APPROVED.value)).scalars())
    return found


def _deprecated(row: Row[tuple[object, ...]], sha256: str) -> DeprecatedModel:
    return DeprecatedModel(
        sha256=sha256,
        model=f"{row.namespace}/{row.name}",
        reason=_plain(row.state_why) or "it is to be replaced",
        at=day_of(datetime.fromtimestamp(row.state_at / 1000, UTC)),
        replacement=_plain(row.replaced_by),
    )


def _plain(text: str) -> str:
    return "".join(mark if mark.isprintable() else " " for mark in text)[:_LONGEST].strip()


def _weights(row: Row[tuple[object, ...]]) -> tuple[str, ...]:
    return msgspec.json.decode(row.weighing, type=Weighing).weights
