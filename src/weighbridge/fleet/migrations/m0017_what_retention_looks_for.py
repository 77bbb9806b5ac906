"""Indexes by which retention finds what is oldest."""

from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    """Go forward."""
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_findings_ended_at_endpoint_id_finding_id"),
            ["ended_at", "endpoint_id", "finding_id"],
            unique=False,
        )

    with op.batch_alter_table("usage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_usage_day"), ["day"], unique=False)


def downgrade(op: Operations) -> None:
    """Go back."""
    with op.batch_alter_table("usage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_usage_day"))

    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_findings_ended_at_endpoint_id_finding_id"))
