"""Catalog of the hub."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    """Go forward."""
    op.create_table(
        "hub_blobs",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.String(length=16), nullable=False),
        sa.Column("stored_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_hub_blobs")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "hub_branches",
        sa.Column("model_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("served", sa.String(length=40), nullable=False),
        sa.Column("staged", sa.String(length=40), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("model_id", "name", name=op.f("pk_hub_branches")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "hub_grants",
        sa.Column("namespace", sa.String(length=96), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("right", sa.String(length=8), nullable=False),
        sa.Column("granted_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("granted_by", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("namespace", "account_id", "right", name=op.f("pk_hub_grants")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "hub_models",
        sa.Column("model_id", sa.String(length=16), nullable=False),
        sa.Column("alias", sa.String(length=200), nullable=False),
        sa.Column("namespace", sa.String(length=96), nullable=False),
        sa.Column("name", sa.String(length=96), nullable=False),
        sa.Column("owner", sa.String(length=128), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("tasks", sa.Text(), nullable=False),
        sa.Column("upstream", sa.String(length=512), nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("changed_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("model_id", name=op.f("pk_hub_models")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("hub_models", schema=None) as batch_op:
        batch_op.create_index("ux_hub_models_alias", ["alias"], unique=True)

    op.create_table(
        "hub_release_files",
        sa.Column("release_id", sa.String(length=16), nullable=False),
        sa.Column(
            "path",
            sa.String(length=1024).with_variant(sa.String(length=1024, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("release_id", "path", name=op.f("pk_hub_release_files")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("hub_release_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hub_release_files_sha256"), ["sha256"], unique=False)

    op.create_table(
        "hub_releases",
        sa.Column("release_id", sa.String(length=16), nullable=False),
        sa.Column("model_id", sa.String(length=16), nullable=False),
        sa.Column("commit_id", sa.String(length=40), nullable=False),
        sa.Column("parent_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=512), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("state_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state_by", sa.String(length=128), nullable=False),
        sa.Column("state_why", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("created_by", sa.String(length=128), nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("files", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("formats", sa.String(length=128), nullable=False),
        sa.Column("assessment", sa.String(length=16), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("license", sa.String(length=128), nullable=False),
        sa.Column("guidance", sa.Text(), nullable=False),
        sa.Column("data_classes", sa.String(length=256), nullable=False),
        sa.Column("replaced_by", sa.String(length=200), nullable=False),
        sa.Column("until_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_hub_releases")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("hub_releases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hub_releases_state_state_at"), ["state", "state_at"], unique=False)
        batch_op.create_index("ux_hub_releases_commit", ["model_id", "commit_id"], unique=True)

    op.create_table(
        "hub_tokens",
        sa.Column("token_id", sa.String(length=12), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("right", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("expires_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("used_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_hub_tokens")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("hub_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hub_tokens_account_id"), ["account_id"], unique=False)


def downgrade(op: Operations) -> None:
    """Go back."""
    with op.batch_alter_table("hub_tokens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hub_tokens_account_id"))

    op.drop_table("hub_tokens")
    with op.batch_alter_table("hub_releases", schema=None) as batch_op:
        batch_op.drop_index("ux_hub_releases_commit")
        batch_op.drop_index(batch_op.f("ix_hub_releases_state_state_at"))

    op.drop_table("hub_releases")
    with op.batch_alter_table("hub_release_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hub_release_files_sha256"))

    op.drop_table("hub_release_files")
    with op.batch_alter_table("hub_models", schema=None) as batch_op:
        batch_op.drop_index("ux_hub_models_alias")

    op.drop_table("hub_models")
    op.drop_table("hub_grants")
    op.drop_table("hub_branches")
    op.drop_table("hub_blobs")
