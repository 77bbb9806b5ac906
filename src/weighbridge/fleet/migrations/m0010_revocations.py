"""Revocations, exceptions, and what people sign of them."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    """Go forward."""
    op.create_table(
        "exception_events",
        sa.Column("exception_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("before", sa.String(length=16), nullable=False),
        sa.Column("by_name", sa.String(length=128), nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("exception_id", "number", name=op.f("pk_exception_events")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "exceptions",
        sa.Column("exception_id", sa.String(length=16), nullable=False),
        sa.Column("rule", sa.String(length=100), nullable=False),
        sa.Column("check_id", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("thing", sa.String(length=100), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("scope_of", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=128), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.String(length=32), nullable=False),
        sa.Column("asked_by", sa.String(length=128), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("days", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decided_by", sa.String(length=128), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("decided_why", sa.Text(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("signed_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("renews", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("exception_id", name=op.f("pk_exceptions")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("exceptions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exceptions_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_exceptions_state_until_at"), ["state", "until_at"], unique=False)

    op.create_table(
        "revocations",
        sa.Column("revocation_id", sa.String(length=16), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("replacement", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("by_name", sa.String(length=128), nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("urgent_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("signed_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("lifted_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("lifted_by", sa.String(length=128), nullable=False),
        sa.Column("lifted_why", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("revocation_id", name=op.f("pk_revocations")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("revocations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revocations_sha256"), ["sha256"], unique=False)

    op.create_table(
        "ruling_texts",
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("published_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("role", "number", "sha256", name=op.f("pk_ruling_texts")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("endpoint_presence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rulings", sa.String(length=64), nullable=True))


def downgrade(op: Operations) -> None:
    """Go back."""
    with op.batch_alter_table("endpoint_presence", schema=None) as batch_op:
        batch_op.drop_column("rulings")

    op.drop_table("ruling_texts")
    with op.batch_alter_table("revocations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_revocations_sha256"))

    op.drop_table("revocations")
    with op.batch_alter_table("exceptions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exceptions_state_until_at"))
        batch_op.drop_index(batch_op.f("ix_exceptions_sha256"))

    op.drop_table("exceptions")
    op.drop_table("exception_events")
