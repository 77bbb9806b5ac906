"""What the catalog says of digests, for machines: what was revoked since when, and what may be used.

A text that the server signs. It is news, not an order: endpoints refuse what people signed (`fleet/ruling_signing.py`),
and accept what stands in a policy that people signed; `accepted_yaml` is what those people put there.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select

from weighbridge.fleet.witness import catalog_key
from weighbridge.hub.models import MODELS
from weighbridge.hub.releases import RELEASES, TOMBSTONE
from weighbridge.hub.states import SERVED, State
from weighbridge.hub.weighed import WEIGHED
from weighbridge.hub.weighing import Weighing
from weighbridge.ledger.note import Verifier, parse, signed, verified

SCHEMA = "weighbridge.catalog-feed/1"
MOST = 10_000


class RevokedRelease(Struct, frozen=True, kw_only=True):
    """A release that nobody may use."""

    model: str
    commit: str
    at: int
    """Milliseconds since 1970, UTC."""
    why: str
    replaced_by: str
    weights: tuple[str, ...]
    """SHA-256 of its model files."""


class KnownDigest(Struct, frozen=True, kw_only=True):
    """A file of weights that a served release holds."""

    sha256: str
    model: str
    commit: str
    state: str
    data_classes: str
    until_at: int | None
    """When the approval of its release ends."""


class Feed(Struct, frozen=True, kw_only=True):
    """What the catalog says."""

    schema: str
    at: int
    """When it was made."""
    since: int
    revoked: list[RevokedRelease]
    """Those of which that was said after `since`, the earliest first."""
    known: list[KnownDigest]
    """All that may be used now."""


def feed(connection: Connection, now: int, since: int = 0) -> Feed:
    """Return what the catalog says.

    Args:
        connection: to read with.
        now: milliseconds since 1970.
        since: of revocations, only those after this time.
    """
    tables = RELEASES.join(MODELS, MODELS.c.model_id == RELEASES.c.model_id)
    tables = tables.outerjoin(WEIGHED, WEIGHED.c.release_id == RELEASES.c.release_id)
    columns = (MODELS.c.namespace, MODELS.c.name, RELEASES, WEIGHED.c.weighing)
    gone = select(*columns).select_from(tables).where(RELEASES.c.state == State.REVOKED.value)
    gone = gone.where(RELEASES.c.state_at > since).order_by(RELEASES.c.state_at, RELEASES.c.release_id).limit(MOST)
    here = select(*columns).select_from(tables).where(RELEASES.c.state.in_([state.value for state in SERVED]))
    here = here.where(RELEASES.c.formats != TOMBSTONE).order_by(RELEASES.c.release_id).limit(MOST)
    revoked = [
        RevokedRelease(
            model=f"{row.namespace}/{row.name}",
            commit=row.commit_id,
            at=row.state_at,
            why=row.state_why,
            replaced_by=row.replaced_by,
            weights=_weights(row.weighing),
        )
        for row in connection.execute(gone)
    ]
    refused = {digest for one in revoked for digest in one.weights}
    known = {
        digest: KnownDigest(
            sha256=digest,
            model=f"{row.namespace}/{row.name}",
            commit=row.commit_id,
            state=row.state,
            data_classes=row.data_classes,
            until_at=row.until_at,
        )
        for row in connection.execute(here)
        for digest in _weights(row.weighing)
        if digest not in refused
    }
    return Feed(schema=SCHEMA, at=now, since=since, revoked=revoked, known=sorted(known.values(), key=_by_digest))


class SignedFeed(Struct, frozen=True, kw_only=True):
    """A feed, and who says so."""

    body: str
    """The feed as JSON; its bytes are what is signed."""
    note: str
    """A signed note of three lines: the schema, the time, and the SHA-256 of the body in UTF-8."""
    key: str
    """The key of the note, for who sees this server for the first time."""


def signed_feed(connection: Connection, now: int, since: int = 0) -> SignedFeed:
    """Return the feed with a signature. Within a write: it makes the key that signs."""
    body = msgspec.json.encode(feed(connection, now, since))
    key = catalog_key(connection, now)
    note = signed(f"{SCHEMA}\n{now}\n{sha256(body).hexdigest()}\n", key)
    return SignedFeed(body=body.decode(), note=bytes(note).decode(), key=key.public.text)


def opened(answer: SignedFeed, keys: Sequence[Verifier]) -> Feed:
    """Return the feed in an answer. Raises ValueError, with a reason for a person: nobody who is trusted says so."""
    note = parse(answer.note.encode())
    if not verified(note, keys):
        raise ValueError("is not signed by a key that is trusted")
    schema, _, digest = note.text.removesuffix("\n").split("\n")[:3]
    if schema != SCHEMA or digest != sha256(answer.body.encode()).hexdigest():
        raise ValueError("is not what was signed")
    return msgspec.json.decode(answer.body, type=Feed)


def accepted_yaml(said: Feed) -> str:
    """Return what people put under `accepted` in policy.yaml, so that the digests of the catalog count as accepted."""
    lines = ["accepted:"]
    for one in said.known:
        if one.until_at is None:
            continue
        until = datetime.fromtimestamp(one.until_at / 1000, UTC).date().isoformat()
        lines += [
            f"  - sha256: {one.sha256}",
            f"    reason: {json.dumps(f'Approved in the catalog: {one.model} at {one.commit[:12]}.')}",
            "    by: the catalog",
            f"    until: {until}",
        ]
    return "\n".join(lines if len(lines) > 1 else ["accepted: []"]) + "\n"


def _weights(weighing: str | None) -> tuple[str, ...]:
    return () if weighing is None else msgspec.json.decode(weighing, type=Weighing).weights


def _by_digest(one: KnownDigest) -> str:
    return one.sha256
