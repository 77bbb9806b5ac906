"""Manifests of releases, as OCI clients and Ollama read them: made once for a release and never again.

What was made stands here with its digest, so that it can be pinned and signed, together with the small contents that it
points to and that are no files: configs, bills of materials. The bytes of files stay where they are.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from sqlalchemy import Column, Connection, Index, LargeBinary, String, Text, select

from weighbridge.fleet.statements import insert_missing
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.hub.manifest_parts import Made

REFERRER = "referrer"

MANIFESTS = reference_table(
    "hub_manifests",
    Column("release_id", String(16), primary_key=True),
    Column("digest", String(71), primary_key=True),
    Column("model_id", String(16), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("media_type", String(255), nullable=False),
    Column("artifact_type", String(255), nullable=False),
    Column("subject", String(140), nullable=False),
    Column("tags", Text, nullable=False),
    integer("position", nullable=False),
    integer("size", nullable=False),
    integer("frozen_at", nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index(None, "model_id", "digest"),
)

MANIFEST_CONTENTS = reference_table(
    "hub_manifest_contents",
    Column("release_id", String(16), primary_key=True),
    Column("digest", String(71), primary_key=True),
    Column("model_id", String(16), nullable=False),
    integer("size", nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index(None, "model_id", "digest"),
)
_SHOWN = [column for column in MANIFESTS.columns if column.name != "content"]


class Frozen(Struct, frozen=True, kw_only=True):
    """One manifest of a release, without its bytes."""

    release_id: str
    digest: str
    """`sha256:…`"""
    model_id: str
    kind: str
    """`modelpack`, `ollama`, `pushed` or `referrer`."""
    media_type: str
    artifact_type: str
    subject: str
    """The manifest that it is about; empty for none."""
    tags: tuple[str, ...]
    """What it alone is called; empty for one that stands for all of the release."""
    position: int
    size: int
    frozen_at: int


def freeze(connection: Connection, now: int, model_id: str, release_id: str, made: Iterable[Made]) -> None:
    """Keep manifests of a release, those that it has already left as they are."""
    position = len(of_release(connection, release_id))
    key: dict[str, object] = {"release_id": release_id, "model_id": model_id}
    for number, one in enumerate(made, position):
        row = key | {"digest": one.digest, "kind": one.kind, "media_type": one.media_type, "subject": one.subject}
        row |= {"artifact_type": one.artifact_type, "tags": "\n".join(one.tags), "position": number}
        row |= {"size": len(one.content), "frozen_at": now, "content": one.content}
        insert_missing(connection, MANIFESTS, [row])
        contents = [
            key | {"digest": digest, "size": len(content), "content": content}
            for digest, content in one.described_contents.items()
        ]
        insert_missing(connection, MANIFEST_CONTENTS, contents)


def of_release(connection: Connection, release_id: str) -> list[Frozen]:
    """Return the manifests of a release in the order in which they were made; none before it was frozen."""
    wanted = select(*_SHOWN).where(MANIFESTS.c.release_id == release_id).order_by(MANIFESTS.c.position)
    return [_frozen(row) for row in connection.execute(wanted)]


def with_digest(connection: Connection, model_id: str, digest: str) -> list[Frozen]:
    """Return the manifest of a digest in the releases of a model: the same bytes may stand in several."""
    wanted = select(*_SHOWN).where(MANIFESTS.c.model_id == model_id, MANIFESTS.c.digest == digest)
    return [_frozen(row) for row in connection.execute(wanted.order_by(MANIFESTS.c.release_id))]


def bytes_of(connection: Connection, frozen: Frozen) -> bytes:
    """Return the bytes of a manifest."""
    key = MANIFESTS.c.release_id == frozen.release_id, MANIFESTS.c.digest == frozen.digest
    content: bytes = connection.execute(select(MANIFESTS.c.content).where(*key)).scalar_one()
    return content


def about(connection: Connection, release_ids: Sequence[str], subject: str) -> list[Frozen]:
    """Return the manifests about another one, of releases."""
    wanted = select(*_SHOWN).where(MANIFESTS.c.release_id.in_(release_ids), MANIFESTS.c.subject == subject)
    return [_frozen(row) for row in connection.execute(wanted.order_by(MANIFESTS.c.position, MANIFESTS.c.digest))]


def small_contents(connection: Connection, model_id: str, digest: str) -> list[tuple[str, bytes]]:
    """Return the releases of a model that point to a small content, with its bytes."""
    wanted = select(MANIFEST_CONTENTS.c.release_id, MANIFEST_CONTENTS.c.content)
    same = MANIFEST_CONTENTS.c.model_id == model_id, MANIFEST_CONTENTS.c.digest == digest
    return [(row.release_id, row.content) for row in connection.execute(wanted.where(*same))]


def _frozen(row: object) -> Frozen:
    fields = {name: getattr(row, name) for name in Frozen.__struct_fields__}
    return Frozen(**fields | {"tags": tuple(filter(None, fields["tags"].split("\n")))})
