"""What accounts pushed with OCI clients: blobs, manifests and tags, each of one account in one repository.

Only who pushed it sees any of this. Readers see what becomes of a release that was made of it, once it is served; the
rest waits here until it is deleted, or for `LASTS`.
"""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import Column, Connection, Index, LargeBinary, String, delete, select, update

from weighbridge.fleet.statements import insert_missing, upsert
from weighbridge.fleet.tables import integer, reference_table

LASTS = 30 * 24 * 3600 * 1000
"""Milliseconds."""
_DIGEST = 140

PUSHED_BLOBS = reference_table(
    "hub_pushed_blobs",
    Column("alias", String(200), primary_key=True),
    Column("account_id", String(32), primary_key=True),
    Column("digest", String(_DIGEST), primary_key=True),
    Column("sha256", String(64), nullable=False),
    integer("size", nullable=False),
    integer("pushed_at", nullable=False),
    Index(None, "sha256"),
    Index(None, "pushed_at"),
)
PUSHED_MANIFESTS = reference_table(
    "hub_pushed_manifests",
    Column("alias", String(200), primary_key=True),
    Column("account_id", String(32), primary_key=True),
    Column("digest", String(_DIGEST), primary_key=True),
    Column("media_type", String(255), nullable=False),
    Column("artifact_type", String(255), nullable=False),
    Column("subject", String(_DIGEST), nullable=False),
    Column("release_id", String(16), nullable=False),
    Column("content", LargeBinary, nullable=False),
    integer("size", nullable=False),
    integer("pushed_at", nullable=False),
    Index(None, "release_id"),
    Index(None, "pushed_at"),
)
PUSHED_TAGS = reference_table(
    "hub_pushed_tags",
    Column("alias", String(200), primary_key=True),
    Column("account_id", String(32), primary_key=True),
    Column("tag", String(128), primary_key=True),
    Column("digest", String(_DIGEST), nullable=False),
    integer("pushed_at", nullable=False),
)


class Place(Struct, frozen=True):
    """A repository, and whose part of it: `alias` is its name in lower case."""

    alias: str
    account_id: str


class PushedBlob(Struct, frozen=True, kw_only=True):
    """A blob that somebody pushed, or mounted."""

    digest: str
    """As it was pushed: `sha256:…` or `sha512:…`."""
    sha256: str
    size: int


class PushedManifest(Struct, frozen=True, kw_only=True):
    """A manifest that somebody pushed."""

    digest: str
    media_type: str
    artifact_type: str
    subject: str
    release_id: str
    """The release that was made of it; empty for none."""
    content: bytes
    size: int


def add_blob(connection: Connection, now: int, place: Place, digest: str, sha256: str, size: int) -> None:
    """Take note of a blob."""
    row = {"digest": digest, "sha256": sha256, "size": size, "pushed_at": now}
    upsert(connection, PUSHED_BLOBS, [_key(place) | row])


def blobs(connection: Connection, place: Place, digests: Sequence[str]) -> dict[str, PushedBlob]:
    """Return blobs by digest, those that are not there left out."""
    found: dict[str, PushedBlob] = {}
    for at in range(0, len(digests), 1_000):
        wanted = PUSHED_BLOBS.c.digest.in_(digests[at : at + 1_000])
        rows = connection.execute(select(PUSHED_BLOBS).where(*_of(PUSHED_BLOBS, place), wanted))
        found |= {row.digest: PushedBlob(digest=row.digest, sha256=row.sha256, size=row.size) for row in rows}
    return found


def anywhere(connection: Connection, account_id: str, digest: str) -> PushedBlob | None:
    """Return a blob that an account pushed to whatever repository."""
    wanted = PUSHED_BLOBS.c.account_id == account_id, PUSHED_BLOBS.c.digest == digest
    row = connection.execute(select(PUSHED_BLOBS).where(*wanted).limit(1)).first()
    return None if row is None else PushedBlob(digest=row.digest, sha256=row.sha256, size=row.size)


def remove_blob(connection: Connection, place: Place, digest: str) -> bool:
    """Remove a blob from a repository; return whether it was there."""
    return _removed(connection, PUSHED_BLOBS, place, PUSHED_BLOBS.c.digest == digest) > 0


def add_manifest(connection: Connection, now: int, place: Place, manifest: PushedManifest) -> None:
    """Take note of a manifest."""
    row = {name: getattr(manifest, name) for name in PushedManifest.__struct_fields__}
    insert_missing(connection, PUSHED_MANIFESTS, [_key(place) | row | {"pushed_at": now}])


def point_to_release(connection: Connection, place: Place, digest: str, release_id: str) -> None:
    """Take note of the release that was made of a manifest."""
    wanted = *_of(PUSHED_MANIFESTS, place), PUSHED_MANIFESTS.c.digest == digest
    connection.execute(update(PUSHED_MANIFESTS).where(*wanted).values(release_id=release_id))


def manifest(connection: Connection, place: Place, digest: str) -> PushedManifest | None:
    """Return a manifest by digest."""
    wanted = *_of(PUSHED_MANIFESTS, place), PUSHED_MANIFESTS.c.digest == digest
    row = connection.execute(select(PUSHED_MANIFESTS).where(*wanted)).first()
    return None if row is None else _manifest(row)


def about(connection: Connection, place: Place, subject: str) -> list[PushedManifest]:
    """Return the manifests about another one."""
    wanted = *_of(PUSHED_MANIFESTS, place), PUSHED_MANIFESTS.c.subject == subject
    rows = connection.execute(select(PUSHED_MANIFESTS).where(*wanted).order_by(PUSHED_MANIFESTS.c.digest).limit(1_000))
    return [_manifest(row) for row in rows]


def of_release(connection: Connection, release_id: str) -> list[PushedManifest]:
    """Return the manifests that a release was made of."""
    wanted = select(PUSHED_MANIFESTS).where(PUSHED_MANIFESTS.c.release_id == release_id)
    return [_manifest(row) for row in connection.execute(wanted.order_by(PUSHED_MANIFESTS.c.digest))]


def remove_manifest(connection: Connection, place: Place, digest: str) -> bool:
    """Remove a manifest, and the tags that mean it; return whether it was there."""
    _removed(connection, PUSHED_TAGS, place, PUSHED_TAGS.c.digest == digest)
    return _removed(connection, PUSHED_MANIFESTS, place, PUSHED_MANIFESTS.c.digest == digest) > 0


def tag(connection: Connection, now: int, place: Place, name: str, digest: str) -> None:
    """Let a tag mean a manifest."""
    upsert(connection, PUSHED_TAGS, [_key(place) | {"tag": name, "digest": digest, "pushed_at": now}])


def tagged(connection: Connection, place: Place, name: str) -> PushedManifest | None:
    """Return what a tag means."""
    wanted = *_of(PUSHED_TAGS, place), PUSHED_TAGS.c.tag == name
    digest = connection.execute(select(PUSHED_TAGS.c.digest).where(*wanted)).scalar()
    return None if digest is None else manifest(connection, place, digest)


def tags(connection: Connection, place: Place, digest: str = "") -> list[str]:
    """Return the tags of a repository. `digest`: of the manifest that they mean; empty for any."""
    wanted = select(PUSHED_TAGS.c.tag).where(*_of(PUSHED_TAGS, place))
    if digest:
        wanted = wanted.where(PUSHED_TAGS.c.digest == digest)
    return list(connection.execute(wanted.order_by(PUSHED_TAGS.c.tag)).scalars())


def remove_tag(connection: Connection, place: Place, name: str) -> bool:
    """Remove a tag; return whether it was there."""
    return _removed(connection, PUSHED_TAGS, place, PUSHED_TAGS.c.tag == name) > 0


def prune(connection: Connection, before: int) -> int:
    """Remove what was pushed before a time (milliseconds since 1970); return how many rows.

    Manifests that a release was made of stay: they may be served as they were pushed.
    """
    waits = PUSHED_MANIFESTS.c.release_id == ""
    count = connection.execute(delete(PUSHED_MANIFESTS).where(PUSHED_MANIFESTS.c.pushed_at < before, waits)).rowcount
    for one in (PUSHED_BLOBS, PUSHED_TAGS):
        count += connection.execute(delete(one).where(one.c.pushed_at < before)).rowcount
    return count


def _key(place: Place) -> dict[str, Any]:
    return {"alias": place.alias, "account_id": place.account_id}


def _of(table: Any, place: Place) -> tuple[Any, Any]:  # noqa: ANN401  (a table and its columns)
    return table.c.alias == place.alias, table.c.account_id == place.account_id


def _removed(connection: Connection, table: Any, place: Place, which: Any) -> int:  # noqa: ANN401  (as above)
    return connection.execute(delete(table).where(*_of(table, place), which)).rowcount


def _manifest(row: object) -> PushedManifest:
    return PushedManifest(**{name: getattr(row, name) for name in PushedManifest.__struct_fields__})
