"""What records are found by: their words, the digests that they name, and three indexes in the order of their list.

Records that are there already are read once, so that they are found like those that come.
"""

import sqlalchemy as sa
from alembic.operations import Operations

from weighbridge.fleet.record_words import digests_of, words_of
from weighbridge.ledger.entry import decode

_AT_ONCE = 500
_WORDS = ("process", "user", "actor", "agent", "path")


def upgrade(op: Operations) -> None:
    """Go forward."""
    op.create_table(
        "record_digests",
        sa.Column("endpoint_id", sa.String(length=16), nullable=False),
        sa.Column("record_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", "record_index", "sha256", name=op.f("pk_record_digests")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("record_digests", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_record_digests_sha256_received_at_endpoint_id_record_index"),
            ["sha256", "received_at", "endpoint_id", "record_index"],
            unique=False,
        )

    op.create_table(
        "record_words",
        sa.Column("endpoint_id", sa.String(length=16), nullable=False),
        sa.Column("record_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("process", sa.String(length=255), nullable=False),
        sa.Column("user", sa.String(length=255), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("agent", sa.String(length=255), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", "record_index", name=op.f("pk_record_words")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("records", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_records_received_at_kind"))
        batch_op.create_index(
            batch_op.f("ix_records_kind_received_at_endpoint_id_record_index"),
            ["kind", "received_at", "endpoint_id", "record_index"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_records_received_at_endpoint_id_record_index"),
            ["received_at", "endpoint_id", "record_index"],
            unique=False,
        )
    _read_all(op.get_bind())


def _read_all(connection: sa.Connection) -> None:
    there = sa.table("records", *map(sa.column, ("endpoint_id", "record_index", "received_at", "entry")))
    words = sa.table("record_words", *map(sa.column, ("endpoint_id", "record_index", *_WORDS)))
    digests = sa.table("record_digests", *map(sa.column, ("endpoint_id", "record_index", "sha256", "received_at")))
    key = sa.tuple_(there.c.endpoint_id, there.c.record_index)
    last: tuple[str, int] = ("", -1)
    while True:
        wanted = sa.select(there).where(key > sa.tuple_(sa.literal(last[0]), sa.literal(last[1])))
        rows = connection.execute(wanted.order_by(*key.clauses).limit(_AT_ONCE)).all()
        if not rows:
            return
        said, named = [], []
        for row in rows:
            record = decode(bytes(row.entry))
            if record is None:
                continue
            at = {"endpoint_id": row.endpoint_id, "record_index": row.record_index}
            found = words_of(record)._asdict()
            if any(found.values()):
                said.append({**at, **{name: found[name] for name in _WORDS}})
            named += [{**at, "sha256": one, "received_at": row.received_at} for one in digests_of(record)]
        if said:
            connection.execute(sa.insert(words), said)
        if named:
            connection.execute(sa.insert(digests), named)
        last = (rows[-1].endpoint_id, rows[-1].record_index)


def downgrade(op: Operations) -> None:
    """Go back."""
    with op.batch_alter_table("records", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_records_received_at_endpoint_id_record_index"))
        batch_op.drop_index(batch_op.f("ix_records_kind_received_at_endpoint_id_record_index"))
        batch_op.create_index(batch_op.f("ix_records_received_at_kind"), ["received_at", "kind"], unique=False)

    op.drop_table("record_words")
    with op.batch_alter_table("record_digests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_record_digests_sha256_received_at_endpoint_id_record_index"))

    op.drop_table("record_digests")
