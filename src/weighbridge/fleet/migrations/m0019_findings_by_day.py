"""Findings by day."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    """Go forward."""
    op.create_table(
        "posture_days",
        sa.Column("day", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("group_name", sa.String(length=64), nullable=False),
        sa.Column("serious", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("others", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("day", "group_name", name=op.f("pk_posture_days")),
        sqlite_with_rowid=False,
    )


def downgrade(op: Operations) -> None:
    """Go back."""
    op.drop_table("posture_days")
