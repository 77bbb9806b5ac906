"""Replays of policies."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    """Go forward."""
    op.create_table(
        "policy_replays",
        sa.Column("replay_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("against", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("days", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=255), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tries", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("beat_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("done", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("total", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("finished_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("result", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("replay_id", name=op.f("pk_policy_replays")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("policy_replays", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_policy_replays_state_asked_at"), ["state", "asked_at"], unique=False)


def downgrade(op: Operations) -> None:
    """Go back."""
    with op.batch_alter_table("policy_replays", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_policy_replays_state_asked_at"))

    op.drop_table("policy_replays")
