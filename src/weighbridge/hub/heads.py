"""What the catalog is searched by: one row for each model of which something is served.

Its release is the one that `main` means; of a model whose `main` serves nothing, the newest that a branch or tag means.
All of it stands elsewhere, too: whoever changes a model, a release or a branch has the row of that model written anew,
in the same transaction. So a search reads as many rows as there are models, however many releases they have.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct
from sqlalchemy import Column, Connection, Index, RowMapping, String, Text, and_, case, delete, func, select, update

from weighbridge.fleet.statements import upsert
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.hub.states import SERVED, State

TASK, FORMAT, LICENSE, DATA = KINDS = ("task", "format", "license", "data")
"""Kinds of labels."""

MODEL_HEADS = reference_table(
    "hub_heads",
    Column("model_id", String(16), primary_key=True),
    Column("alias", String(200), nullable=False),
    Column("namespace", String(96), nullable=False),
    Column("revision", String(128), nullable=False),
    Column("release_id", String(16), nullable=False),
    integer("standing", nullable=False),
    integer("pulls", nullable=False),
    integer("state_at", nullable=False),
    integer("created_at", nullable=False),
    Column("labels", Text, nullable=False),
    Column("words", Text, nullable=False),
    Index(None, "standing", "pulls", "state_at", "model_id"),
    Index(None, "pulls", "state_at", "model_id"),
    Index(None, "state_at", "model_id"),
    Index(None, "created_at", "model_id"),
    Index(None, "namespace", "model_id"),
    Index(None, "alias"),
)
"""`standing` is 1 for approved, 0 for deprecated. `labels` are lines, `words` is what people look for words in."""


class Head(Struct, frozen=True, kw_only=True):
    """What the catalog shows of a model."""

    release_id: str
    revision: str
    """A branch or tag that means this release: `main` wherever that is served."""
    pulls: int
    """How often the model was pulled: an account, with one tool, on one day counts once."""


def refresh(connection: Connection, model_id: str) -> None:
    """Write the row of a model anew, or remove it. Called by whoever changed what it is made of."""
    row = current(connection, model_id)
    if row is None:
        connection.execute(delete(MODEL_HEADS).where(MODEL_HEADS.c.model_id == model_id))
    else:
        upsert(connection, MODEL_HEADS, [row])


def current(connection: Connection, model_id: str) -> dict[str, object] | None:
    """Return the row of a model as the other tables have it now; None if nothing of it is served."""
    # Those who own these tables call `refresh`: at the top this would be a circle.
    from weighbridge.hub.branches import BRANCHES, MAIN
    from weighbridge.hub.models import MODELS
    from weighbridge.hub.releases import RELEASES, TOMBSTONE

    is_meant = and_(RELEASES.c.model_id == BRANCHES.c.model_id, RELEASES.c.commit_id == BRANCHES.c.served)
    tables = BRANCHES.join(RELEASES, is_meant).join(MODELS, MODELS.c.model_id == BRANCHES.c.model_id)
    columns = [MODELS.c[name] for name in ("model_id", "alias", "namespace", "summary", "tasks", "created_at")]
    columns += [RELEASES.c[name] for name in ("release_id", "state", "state_at", "license", "formats", "data_classes")]
    wanted = select(*columns, BRANCHES.c.name.label("revision")).select_from(tables)
    wanted = wanted.where(BRANCHES.c.model_id == model_id, BRANCHES.c.served != "")
    wanted = wanted.where(RELEASES.c.state.in_(SERVED), RELEASES.c.formats != TOMBSTONE)
    main_first = case((BRANCHES.c.name == MAIN, 0), else_=1)
    wanted = wanted.order_by(main_first, RELEASES.c.created_at.desc(), RELEASES.c.release_id, BRANCHES.c.name)
    row = connection.execute(wanted.limit(1)).mappings().first()
    return None if row is None else _row(row, _pulls_of(connection, model_id))


def add_pulls(connection: Connection, new: Mapping[str, int]) -> None:
    """Add to what models were pulled. `new`: how many pulls more, by release."""
    sums: Counter[str] = Counter()
    for release_id, model_id in _models_of(connection, new):
        sums[model_id] += new[release_id]
    for model_id, more in sorted(sums.items()):
        same = MODEL_HEADS.c.model_id == model_id
        connection.execute(update(MODEL_HEADS).where(same).values(pulls=MODEL_HEADS.c.pulls + more))


def count_pulls(connection: Connection, release_ids: Collection[str]) -> None:
    """Count anew what the models of releases were pulled."""
    for model_id in sorted({model_id for _, model_id in _models_of(connection, release_ids)}):
        pulls = _pulls_of(connection, model_id)
        connection.execute(update(MODEL_HEADS).where(MODEL_HEADS.c.model_id == model_id).values(pulls=pulls))


def of_model(connection: Connection, model_id: str) -> Head | None:
    """Return what the catalog shows of a model; None if nothing of it is served."""
    columns = (MODEL_HEADS.c[name] for name in Head.__struct_fields__)
    row = connection.execute(select(*columns).where(MODEL_HEADS.c.model_id == model_id)).first()
    return None if row is None else Head(**row._mapping)


def labels_of(lines: str) -> Iterable[tuple[str, str]]:
    """Yield the labels of a row: kind and value."""
    for line in lines.split("\n"):
        kind, _, value = line.partition(":")
        if value:
            yield kind, value


def label(kind: str, value: str) -> str:
    """Return a label as it stands in a row."""
    return f"{kind}:{' '.join(value.split()).lower()}"


def _models_of(connection: Connection, release_ids: Collection[str]) -> list[tuple[str, str]]:
    from weighbridge.hub.releases import RELEASES

    wanted = select(RELEASES.c.release_id, RELEASES.c.model_id).where(RELEASES.c.release_id.in_(sorted(release_ids)))
    return [(row.release_id, row.model_id) for row in connection.execute(wanted)]


def _pulls_of(connection: Connection, model_id: str) -> int:
    from weighbridge.hub.pulls import PULLS
    from weighbridge.hub.releases import RELEASES

    tables = RELEASES.join(PULLS, PULLS.c.release_id == RELEASES.c.release_id)
    wanted = select(func.count()).select_from(tables)
    return connection.execute(wanted.where(RELEASES.c.model_id == model_id, PULLS.c.requests > 0)).scalar_one()


def _row(found: RowMapping, pulls: int) -> dict[str, object]:
    tasks = tuple(filter(None, found["tasks"].split("\n")))
    labels = [label(TASK, one) for one in tasks]
    for kind, name in ((FORMAT, "formats"), (LICENSE, "license"), (DATA, "data_classes")):
        parts = [found[name]] if kind == LICENSE else found[name].split(",")
        labels += [label(kind, one) for one in parts if one.strip()]
    return {
        "model_id": found["model_id"],
        "alias": found["alias"],
        "namespace": found["namespace"].lower(),
        "revision": found["revision"],
        "release_id": found["release_id"],
        "standing": int(found["state"] == State.APPROVED),
        "pulls": pulls,
        "state_at": found["state_at"],
        "created_at": found["created_at"],
        "labels": "\n".join(["", *dict.fromkeys(labels), ""]),
        "words": "\n".join((found["alias"], found["summary"].lower(), *(one.lower() for one in tasks))),
    }
