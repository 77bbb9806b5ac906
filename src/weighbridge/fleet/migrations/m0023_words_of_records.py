"""The words that a record is found by stand in its own row; three indexes go that no query uses.

Records that are there already are written once more, which takes minutes where there are millions.
"""

import sqlalchemy as sa
from alembic.operations import Operations

_INTO_RECORDS = """
UPDATE records SET ("process", "user", "actor", "agent", "path") = (
    SELECT "process", "user", "actor", "agent", "path" FROM record_words
    WHERE record_words.endpoint_id = records.endpoint_id AND record_words.record_index = records.record_index
) WHERE EXISTS (
    SELECT 1 FROM record_words
    WHERE record_words.endpoint_id = records.endpoint_id AND record_words.record_index = records.record_index
)
"""
_OUT_OF_RECORDS = """
INSERT INTO record_words (endpoint_id, record_index, "process", "user", "actor", "agent", "path")
SELECT endpoint_id, record_index, "process", "user", "actor", "agent", "path" FROM records
WHERE "process" <> '' OR "user" <> '' OR "actor" <> '' OR "agent" <> '' OR "path" <> ''
"""


def upgrade(op: Operations) -> None:
    """Go forward."""
    op.add_column("records", sa.Column("process", sa.String(length=255), server_default="", nullable=False))
    op.add_column("records", sa.Column("user", sa.String(length=255), server_default="", nullable=False))
    op.add_column("records", sa.Column("actor", sa.String(length=40), server_default="", nullable=False))
    op.add_column("records", sa.Column("agent", sa.String(length=255), server_default="", nullable=False))
    op.add_column("records", sa.Column("path", sa.Text(), server_default="", nullable=False))
    op.execute(_INTO_RECORDS)
    op.drop_table("record_words")
    op.drop_index("ix_processes_last_at", "processes")
    op.drop_index("ix_processes_runtime_last_at", "processes")
    op.drop_index("ix_usage_sha256_day", "usage")


def downgrade(op: Operations) -> None:
    """Go back."""
    op.create_index("ix_usage_sha256_day", "usage", ["sha256", "day"], unique=False)
    op.create_index("ix_processes_runtime_last_at", "processes", ["runtime", "last_at"], unique=False)
    op.create_index("ix_processes_last_at", "processes", ["last_at"], unique=False)
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
    op.execute(_OUT_OF_RECORDS)
    for name in ("path", "agent", "actor", "user", "process"):
        op.drop_column("records", name)
