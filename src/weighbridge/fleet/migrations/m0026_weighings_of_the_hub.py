"""Weighings requests and steps of the hub."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    """Go forward."""
    op.create_table(
        "hub_askers",
        sa.Column("request_id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("data_classes", sa.String(length=256), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("request_id", "account_id", name=op.f("pk_hub_askers")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("hub_askers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hub_askers_account_id"), ["account_id"], unique=False)

    op.create_table(
        "hub_requests",
        sa.Column("request_id", sa.String(length=16), nullable=False),
        sa.Column("alias", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("revision", sa.String(length=128), nullable=False),
        sa.Column("upstream", sa.String(length=512), nullable=False),
        sa.Column("release_id", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("changed_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_hub_requests")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("hub_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hub_requests_alias"), ["alias"], unique=False)
        batch_op.create_index(batch_op.f("ix_hub_requests_release_id"), ["release_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hub_requests_state_asked_at"), ["state", "asked_at"], unique=False)

    op.create_table(
        "hub_steps",
        sa.Column("step_id", sa.String(length=28), nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(length=16), nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("by_name", sa.String(length=128), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("is_recorded", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("step_id", name=op.f("pk_hub_steps")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("hub_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hub_steps_is_recorded_step_id"), ["is_recorded", "step_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hub_steps_subject"), ["subject"], unique=False)

    op.create_table(
        "hub_weighed",
        sa.Column("release_id", sa.String(length=16), nullable=False),
        sa.Column("weighed_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("milliseconds", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("rules", sa.String(length=512), nullable=False),
        sa.Column("policy_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("weighing", sa.Text(), nullable=False),
        sa.Column("is_automatic", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("report", sa.LargeBinary(), nullable=False),
        sa.Column("bom", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_hub_weighed")),
        sqlite_with_rowid=False,
    )


def downgrade(op: Operations) -> None:
    """Go back."""
    op.drop_table("hub_weighed")
    with op.batch_alter_table("hub_steps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hub_steps_subject"))
        batch_op.drop_index(batch_op.f("ix_hub_steps_is_recorded_step_id"))

    op.drop_table("hub_steps")
    with op.batch_alter_table("hub_requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hub_requests_state_asked_at"))
        batch_op.drop_index(batch_op.f("ix_hub_requests_release_id"))
        batch_op.drop_index(batch_op.f("ix_hub_requests_alias"))

    op.drop_table("hub_requests")
    with op.batch_alter_table("hub_askers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hub_askers_account_id"))

    op.drop_table("hub_askers")
