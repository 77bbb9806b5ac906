"""Machine codes of the hub."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    """Go forward."""
    op.create_table(
        "hub_machine_codes",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("right", sa.String(length=8), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_hub_machine_codes")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("hub_machine_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hub_machine_codes_account_id"), ["account_id"], unique=False)

    op.create_table(
        "hub_used_once",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("until", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_hub_used_once")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("hub_used_once", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hub_used_once_until"), ["until"], unique=False)


def downgrade(op: Operations) -> None:
    """Go back."""
    with op.batch_alter_table("hub_used_once", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hub_used_once_until"))

    op.drop_table("hub_used_once")
    with op.batch_alter_table("hub_machine_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hub_machine_codes_account_id"))

    op.drop_table("hub_machine_codes")
