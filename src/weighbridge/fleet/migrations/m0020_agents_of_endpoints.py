"""Agents of endpoints."""

import sqlalchemy as sa
from alembic.operations import Operations

_TO_BE_READ = """
INSERT INTO agents (endpoint_id, agent, version, installed, alone, outside, repositories, credentials, tool_servers,
  skills, hooks, first_at, last_at)
SELECT DISTINCT endpoint_id, '', '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM inventory
WHERE kind IN ('agent', 'secret') AND ended_at IS NULL
"""
"""The server looks at what these endpoints have as soon as it runs."""


def upgrade(op: Operations) -> None:
    """Go forward."""
    op.create_table(
        "agent_reach",
        sa.Column("endpoint_id", sa.String(length=16), nullable=False),
        sa.Column("agent", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", "agent", "kind", "name", name=op.f("pk_agent_reach")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("agent_reach", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agent_reach_agent_kind_name"), ["agent", "kind", "name"], unique=False)

    op.create_table(
        "agents",
        sa.Column("endpoint_id", sa.String(length=16), nullable=False),
        sa.Column("agent", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("installed", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("alone", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("outside", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("repositories", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("credentials", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tool_servers", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("skills", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hooks", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", "agent", name=op.f("pk_agents")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("agents", schema=None) as batch_op:
        batch_op.create_index(
            "ix_agents_counted",
            [
                "agent",
                "version",
                "installed",
                "alone",
                "outside",
                "repositories",
                "credentials",
                "tool_servers",
                "skills",
                "hooks",
                "first_at",
                "last_at",
            ],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_agents_last_at_endpoint_id_agent"), ["last_at", "endpoint_id", "agent"], unique=False
        )
    op.execute(_TO_BE_READ)


def downgrade(op: Operations) -> None:
    """Go back."""
    with op.batch_alter_table("agents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agents_last_at_endpoint_id_agent"))
        batch_op.drop_index("ix_agents_counted")

    op.drop_table("agents")
    with op.batch_alter_table("agent_reach", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agent_reach_agent_kind_name"))

    op.drop_table("agent_reach")
