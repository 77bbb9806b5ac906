"""Jobs of the hub."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    """Go forward."""
    op.create_table(
        "hub_jobs",
        sa.Column("job_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("worker", sa.String(length=32), nullable=False),
        sa.Column("tries", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("added_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("due_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("beat_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("done", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("total", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("finished_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_hub_jobs")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("hub_jobs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hub_jobs_state_due_at"), ["state", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_hub_jobs_subject"), ["subject"], unique=False)


def downgrade(op: Operations) -> None:
    """Go back."""
    with op.batch_alter_table("hub_jobs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hub_jobs_subject"))
        batch_op.drop_index(batch_op.f("ix_hub_jobs_state_due_at"))

    op.drop_table("hub_jobs")
