"""Registry of the hub."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    """Go forward."""
    op.create_table(
        "hub_machine_keys",
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("public", sa.String(length=128), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("right", sa.String(length=8), nullable=False),
        sa.Column("added_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("used_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_hub_machine_keys")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("hub_machine_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hub_machine_keys_account_id"), ["account_id"], unique=False)

    op.create_table(
        "hub_manifest_contents",
        sa.Column("release_id", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=71), nullable=False),
        sa.Column("model_id", sa.String(length=16), nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "digest", name=op.f("pk_hub_manifest_contents")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("hub_manifest_contents", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_hub_manifest_contents_model_id_digest"), ["model_id", "digest"], unique=False
        )

    op.create_table(
        "hub_manifests",
        sa.Column("release_id", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=71), nullable=False),
        sa.Column("model_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("media_type", sa.String(length=255), nullable=False),
        sa.Column("artifact_type", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=140), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("frozen_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "digest", name=op.f("pk_hub_manifests")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("hub_manifests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hub_manifests_model_id_digest"), ["model_id", "digest"], unique=False)

    op.create_table(
        "hub_pushed_blobs",
        sa.Column("alias", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=140), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pushed_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("alias", "account_id", "digest", name=op.f("pk_hub_pushed_blobs")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("hub_pushed_blobs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hub_pushed_blobs_pushed_at"), ["pushed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_hub_pushed_blobs_sha256"), ["sha256"], unique=False)

    op.create_table(
        "hub_pushed_manifests",
        sa.Column("alias", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=140), nullable=False),
        sa.Column("media_type", sa.String(length=255), nullable=False),
        sa.Column("artifact_type", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=140), nullable=False),
        sa.Column("release_id", sa.String(length=16), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pushed_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("alias", "account_id", "digest", name=op.f("pk_hub_pushed_manifests")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("hub_pushed_manifests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hub_pushed_manifests_pushed_at"), ["pushed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_hub_pushed_manifests_release_id"), ["release_id"], unique=False)

    op.create_table(
        "hub_pushed_tags",
        sa.Column("alias", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("tag", sa.String(length=128), nullable=False),
        sa.Column("digest", sa.String(length=140), nullable=False),
        sa.Column("pushed_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("alias", "account_id", "tag", name=op.f("pk_hub_pushed_tags")),
        sqlite_with_rowid=False,
    )


def downgrade(op: Operations) -> None:
    """Go back."""
    op.drop_table("hub_pushed_tags")
    with op.batch_alter_table("hub_pushed_manifests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hub_pushed_manifests_release_id"))
        batch_op.drop_index(batch_op.f("ix_hub_pushed_manifests_pushed_at"))

    op.drop_table("hub_pushed_manifests")
    with op.batch_alter_table("hub_pushed_blobs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hub_pushed_blobs_sha256"))
        batch_op.drop_index(batch_op.f("ix_hub_pushed_blobs_pushed_at"))

    op.drop_table("hub_pushed_blobs")
    with op.batch_alter_table("hub_manifests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hub_manifests_model_id_digest"))

    op.drop_table("hub_manifests")
    with op.batch_alter_table("hub_manifest_contents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hub_manifest_contents_model_id_digest"))

    op.drop_table("hub_manifest_contents")
    with op.batch_alter_table("hub_machine_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hub_machine_keys_account_id"))

    op.drop_table("hub_machine_keys")
