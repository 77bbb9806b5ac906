"""Uploads of the hub."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    """Go forward."""
    op.create_table(
        "hub_sent_blobs",
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "sha256", name=op.f("pk_hub_sent_blobs")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "hub_xet_epochs",
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("epoch", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_hub_xet_epochs")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "hub_xet_runs",
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("xorb", sa.String(length=64), nullable=False),
        sa.Column("start", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("end", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("is_raw", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "xorb", "start", "sha256", name=op.f("pk_hub_xet_runs")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "hub_xet_xorbs",
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("xorb", sa.String(length=64), nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.Column("sizes", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "xorb", name=op.f("pk_hub_xet_xorbs")),
        sqlite_with_rowid=False,
    )


def downgrade(op: Operations) -> None:
    """Go back."""
    op.drop_table("hub_xet_xorbs")
    op.drop_table("hub_xet_runs")
    op.drop_table("hub_xet_epochs")
    op.drop_table("hub_sent_blobs")
