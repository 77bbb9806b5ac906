"""Saved views."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    """Go forward."""
    op.create_table(
        "pinned_views",
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("view_id", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "view_id", name=op.f("pk_pinned_views")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "saved_views",
        sa.Column("view_id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=128), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("list", sa.String(length=16), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("sort", sa.String(length=40), nullable=False),
        sa.Column("down", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("shared", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("changed_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("removed_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("view_id", name=op.f("pk_saved_views")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("saved_views", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_views_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_saved_views_shared_list"), ["shared", "list"], unique=False)


def downgrade(op: Operations) -> None:
    """Go back."""
    with op.batch_alter_table("saved_views", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_views_shared_list"))
        batch_op.drop_index(batch_op.f("ix_saved_views_account_id"))

    op.drop_table("saved_views")
    op.drop_table("pinned_views")
