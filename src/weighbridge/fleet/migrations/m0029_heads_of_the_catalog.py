"""Heads of the catalog: what it is searched by, made of the models, branches and releases that are there."""

import sqlalchemy as sa
from alembic.operations import Operations

_SERVED = """
SELECT m.model_id, m.alias, m.namespace, m.summary, m.tasks, m.created_at, b.name AS revision, r.release_id, r.state,
    r.state_at, r.license, r.formats, r.data_classes, (
        SELECT count(*) FROM hub_releases o JOIN hub_pulls p ON p.release_id = o.release_id
        WHERE o.model_id = m.model_id AND p.requests > 0
    ) AS pulls
FROM hub_branches b
JOIN hub_releases r ON r.model_id = b.model_id AND r.commit_id = b.served
JOIN hub_models m ON m.model_id = b.model_id
WHERE r.state IN ('approved', 'deprecated') AND r.formats <> 'tombstone'
ORDER BY m.model_id, CASE b.name WHEN 'main' THEN 0 ELSE 1 END, r.created_at DESC, r.release_id, b.name
"""
_AT_ONCE = 500


def upgrade(op: Operations) -> None:
    """Go forward."""
    op.create_table(
        "hub_heads",
        sa.Column("model_id", sa.String(length=16), nullable=False),
        sa.Column("alias", sa.String(length=200), nullable=False),
        sa.Column("namespace", sa.String(length=96), nullable=False),
        sa.Column("revision", sa.String(length=128), nullable=False),
        sa.Column("release_id", sa.String(length=16), nullable=False),
        sa.Column("standing", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pulls", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("model_id", name=op.f("pk_hub_heads")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("hub_heads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hub_heads_alias"), ["alias"], unique=False)
        batch_op.create_index(batch_op.f("ix_hub_heads_created_at_model_id"), ["created_at", "model_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hub_heads_namespace_model_id"), ["namespace", "model_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_hub_heads_pulls_state_at_model_id"), ["pulls", "state_at", "model_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_hub_heads_standing_pulls_state_at_model_id"),
            ["standing", "pulls", "state_at", "model_id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_hub_heads_state_at_model_id"), ["state_at", "model_id"], unique=False)
    rows: dict[str, dict[str, object]] = {}
    for found in op.get_bind().execute(sa.text(_SERVED)).mappings():
        rows.setdefault(found["model_id"], _row(found))
    table = sa.table("hub_heads", *(sa.column(name) for name in next(iter(rows.values()), {})))
    listed = list(rows.values())
    for at in range(0, len(listed), _AT_ONCE):
        op.get_bind().execute(sa.insert(table), listed[at : at + _AT_ONCE])


def _row(found: sa.RowMapping) -> dict[str, object]:
    tasks = [one for one in found["tasks"].split("\n") if one]
    labels = [f"task:{_plain(one)}" for one in tasks]
    labels += [f"format:{_plain(one)}" for one in found["formats"].split(",") if one.strip()]
    labels += [f"license:{_plain(found['license'])}"] if found["license"].strip() else []
    labels += [f"data:{_plain(one)}" for one in found["data_classes"].split(",") if one.strip()]
    words = (found["alias"], found["summary"].lower(), *(one.lower() for one in tasks))
    row = {name: found[name] for name in ("model_id", "alias", "revision", "release_id", "pulls", "state_at")}
    row |= {"namespace": found["namespace"].lower(), "standing": int(found["state"] == "approved")}
    row |= {"created_at": found["created_at"], "labels": "\n".join(["", *dict.fromkeys(labels), ""])}
    return row | {"words": "\n".join(words)}


def _plain(text: str) -> str:
    return " ".join(text.split()).lower()


def downgrade(op: Operations) -> None:
    """Go back."""
    with op.batch_alter_table("hub_heads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hub_heads_state_at_model_id"))
        batch_op.drop_index(batch_op.f("ix_hub_heads_standing_pulls_state_at_model_id"))
        batch_op.drop_index(batch_op.f("ix_hub_heads_pulls_state_at_model_id"))
        batch_op.drop_index(batch_op.f("ix_hub_heads_namespace_model_id"))
        batch_op.drop_index(batch_op.f("ix_hub_heads_created_at_model_id"))
        batch_op.drop_index(batch_op.f("ix_hub_heads_alias"))

    op.drop_table("hub_heads")
