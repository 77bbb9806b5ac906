"""Who looked at an endpoint."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    """Go forward."""
    op.create_table(
        "endpoint_reads",
        sa.Column("endpoint_id", sa.String(length=16), nullable=False),
        sa.Column("day", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("account_name", sa.String(length=128), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("times", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", "day", "account_id", "what", name=op.f("pk_endpoint_reads")),
        sqlite_with_rowid=False,
    )


def downgrade(op: Operations) -> None:
    """Go back."""
    op.drop_table("endpoint_reads")
