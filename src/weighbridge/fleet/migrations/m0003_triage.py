"""Triage."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    """Go forward."""
    op.create_table(
        "triage",
        sa.Column("endpoint_id", sa.String(length=16), nullable=False),
        sa.Column("finding_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("by_name", sa.String(length=128), nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("change_id", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", "finding_id", name=op.f("pk_triage")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "triage_history",
        sa.Column("endpoint_id", sa.String(length=16), nullable=False),
        sa.Column("change_id", sa.String(length=16), nullable=False),
        sa.Column("finding_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("by_name", sa.String(length=128), nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("before_id", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", "change_id", "finding_id", name=op.f("pk_triage_history")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("triage_history", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_triage_history_change_id"), ["change_id"], unique=False)


def downgrade(op: Operations) -> None:
    """Go back."""
    with op.batch_alter_table("triage_history", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_triage_history_change_id"))

    op.drop_table("triage_history")
    op.drop_table("triage")
