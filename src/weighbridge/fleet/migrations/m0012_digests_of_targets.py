"""Digests of targets."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    """Go forward."""
    with op.batch_alter_table("export_targets", schema=None) as batch_op:
        batch_op.add_column(sa.Column("digest", sa.Text(), nullable=True))


def downgrade(op: Operations) -> None:
    """Go back."""
    with op.batch_alter_table("export_targets", schema=None) as batch_op:
        batch_op.drop_column("digest")
