"""Uploads, pulls, logins of devices and the secret of links of the hub."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    """Go forward."""
    op.create_table(
        "hub_device_logins",
        sa.Column("device_hash", sa.String(length=64), nullable=False),
        sa.Column("user_code", sa.String(length=9), nullable=False),
        sa.Column("tool", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("right", sa.String(length=8), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("asked_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("expires_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("device_hash", name=op.f("pk_hub_device_logins")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("hub_device_logins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hub_device_logins_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index("ux_hub_device_logins_user_code", ["user_code"], unique=True)

    op.create_table(
        "hub_pulls",
        sa.Column("release_id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("tool", sa.String(length=100), nullable=False),
        sa.Column("agent", sa.String(length=64), nullable=False),
        sa.Column("day", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("requests", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("refused", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("bytes", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("release_id", "account_id", "tool", "agent", "day", name=op.f("pk_hub_pulls")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("hub_pulls", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hub_pulls_account_id_day"), ["account_id", "day"], unique=False)
        batch_op.create_index(batch_op.f("ix_hub_pulls_day"), ["day"], unique=False)

    op.create_table(
        "hub_secrets",
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("purpose", name=op.f("pk_hub_secrets")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "hub_uploads",
        sa.Column("upload_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("changed_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("upload_id", name=op.f("pk_hub_uploads")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("hub_uploads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hub_uploads_changed_at"), ["changed_at"], unique=False)


def downgrade(op: Operations) -> None:
    """Go back."""
    with op.batch_alter_table("hub_uploads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hub_uploads_changed_at"))

    op.drop_table("hub_uploads")
    op.drop_table("hub_secrets")
    with op.batch_alter_table("hub_pulls", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hub_pulls_day"))
        batch_op.drop_index(batch_op.f("ix_hub_pulls_account_id_day"))

    op.drop_table("hub_pulls")
    with op.batch_alter_table("hub_device_logins", schema=None) as batch_op:
        batch_op.drop_index("ux_hub_device_logins_user_code")
        batch_op.drop_index(batch_op.f("ix_hub_device_logins_expires_at"))

    op.drop_table("hub_device_logins")
