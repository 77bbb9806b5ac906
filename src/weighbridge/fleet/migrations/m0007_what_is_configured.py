"""What is configured."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    """Go forward."""
    op.create_table(
        "config_applied",
        sa.Column("section", sa.String(length=32), nullable=False),
        sa.Column("item", sa.String(length=255), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.Column("applied_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("applied_by", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("section", "item", name=op.f("pk_config_applied")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "endpoint_context",
        sa.Column("endpoint_id", sa.String(length=16), nullable=False),
        sa.Column("data_class", sa.String(length=16), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", name=op.f("pk_endpoint_context")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("endpoint_context", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_endpoint_context_data_class"), ["data_class"], unique=False)

    op.create_table(
        "endpoint_grouping",
        sa.Column("endpoint_id", sa.String(length=16), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("before", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", name=op.f("pk_endpoint_grouping")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "endpoint_groups",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("changed_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_endpoint_groups")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "endpoint_labels",
        sa.Column("endpoint_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=128), nullable=False),
        sa.Column("label", sa.String(length=170), nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", "name", name=op.f("pk_endpoint_labels")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("endpoint_labels", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_endpoint_labels_label"), ["label"], unique=False)

    op.create_table(
        "enrollment_definitions",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("group_name", sa.String(length=64), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("uses", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("days", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("needs_approval", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("changed_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_enrollment_definitions")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "export_tickets",
        sa.Column("endpoint_id", sa.String(length=16), nullable=False),
        sa.Column("finding_id", sa.String(length=32), nullable=False),
        sa.Column("target_id", sa.String(length=16), nullable=False),
        sa.Column("ticket", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", "finding_id", "target_id", name=op.f("pk_export_tickets")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("export_tickets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_export_tickets_target_id_at"), ["target_id", "at"], unique=False)

    op.create_table(
        "fleet_settings",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_fleet_settings")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "repositories",
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("owner", sa.String(length=255), nullable=False),
        sa.Column("data_class", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_repositories")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("enrollment_tokens", schema=None) as batch_op:
        batch_op.add_column(sa.Column("labels", sa.Text(), server_default="{}", nullable=False))

    with op.batch_alter_table("export_targets", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("digest_minutes", sa.BigInteger(), server_default="0", autoincrement=False, nullable=False)
        )
        batch_op.add_column(sa.Column("options", sa.Text(), server_default="{}", nullable=False))


def downgrade(op: Operations) -> None:
    """Go back."""
    with op.batch_alter_table("export_targets", schema=None) as batch_op:
        batch_op.drop_column("options")
        batch_op.drop_column("digest_minutes")

    with op.batch_alter_table("enrollment_tokens", schema=None) as batch_op:
        batch_op.drop_column("labels")

    op.drop_table("repositories")
    op.drop_table("fleet_settings")
    with op.batch_alter_table("export_tickets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_export_tickets_target_id_at"))

    op.drop_table("export_tickets")
    op.drop_table("enrollment_definitions")
    with op.batch_alter_table("endpoint_labels", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_endpoint_labels_label"))

    op.drop_table("endpoint_labels")
    op.drop_table("endpoint_groups")
    op.drop_table("endpoint_grouping")
    with op.batch_alter_table("endpoint_context", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_endpoint_context_data_class"))

    op.drop_table("endpoint_context")
    op.drop_table("config_applied")
