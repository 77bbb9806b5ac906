"""Counts of findings that hold, by check and group, and indexes in the order in which lists show things."""

import sqlalchemy as sa
from alembic.operations import Operations

_RANKS = """
UPDATE findings SET severity_rank = CASE severity WHEN 'critical' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2
  WHEN 'low' THEN 1 ELSE 0 END
"""
_OF_GROUPS = """
INSERT INTO finding_counts (group_name, check_id, endpoints, info, low, medium, high, critical)
SELECT group_name, check_id, count(DISTINCT findings.endpoint_id),
  sum(CASE severity_rank WHEN 0 THEN 1 ELSE 0 END), sum(CASE severity_rank WHEN 1 THEN 1 ELSE 0 END),
  sum(CASE severity_rank WHEN 2 THEN 1 ELSE 0 END), sum(CASE severity_rank WHEN 3 THEN 1 ELSE 0 END),
  sum(CASE severity_rank WHEN 4 THEN 1 ELSE 0 END)
FROM findings JOIN endpoints ON endpoints.endpoint_id = findings.endpoint_id
WHERE findings.ended_at IS NULL GROUP BY group_name, check_id
"""
_OF_ALL = """
INSERT INTO finding_counts (group_name, check_id, endpoints, info, low, medium, high, critical)
SELECT '*', check_id, sum(endpoints), sum(info), sum(low), sum(medium), sum(high), sum(critical)
FROM finding_counts GROUP BY check_id
"""


def upgrade(op: Operations) -> None:
    """Go forward."""
    op.create_table(
        "finding_counts",
        sa.Column("group_name", sa.String(length=64), nullable=False),
        sa.Column("check_id", sa.String(length=80), nullable=False),
        sa.Column("endpoints", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("info", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("low", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("medium", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("high", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("critical", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("group_name", "check_id", name=op.f("pk_finding_counts")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("severity_rank", sa.BigInteger(), server_default="0", autoincrement=False, nullable=False)
        )
        batch_op.drop_index(batch_op.f("ix_findings_ended_at_severity"))
        batch_op.create_index(
            batch_op.f("ix_findings_last_at_endpoint_id_finding_id"),
            ["last_at", "endpoint_id", "finding_id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_findings_open_check_id",
            ["check_id", "endpoint_id", "finding_id"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(
            "ix_findings_open_first_at",
            ["first_at", "endpoint_id", "finding_id"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(
            "ix_findings_open_last_at",
            ["last_at", "endpoint_id", "finding_id"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(
            "ix_findings_open_severity_rank",
            ["severity_rank", "endpoint_id", "finding_id"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_findings_severity_rank_endpoint_id_finding_id"),
            ["severity_rank", "endpoint_id", "finding_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_findings_source_severity_rank_endpoint_id_finding_id"),
            ["source", "severity_rank", "endpoint_id", "finding_id"],
            unique=False,
        )

    with op.batch_alter_table("inventory", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inventory_kind_name"))
        batch_op.create_index(
            "ix_inventory_agents_last_at",
            ["last_at", "endpoint_id", "subject"],
            unique=False,
            sqlite_where=sa.text("kind = 'agent' AND ended_at IS NULL"),
            postgresql_where=sa.text("kind = 'agent' AND ended_at IS NULL"),
        )
        batch_op.create_index(
            "ix_inventory_agents_name",
            ["name", "endpoint_id", "subject"],
            unique=False,
            sqlite_where=sa.text("kind = 'agent' AND ended_at IS NULL"),
            postgresql_where=sa.text("kind = 'agent' AND ended_at IS NULL"),
        )
    for statement in (_RANKS, _OF_GROUPS, _OF_ALL):
        op.execute(statement)


def downgrade(op: Operations) -> None:
    """Go back."""
    with op.batch_alter_table("inventory", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_inventory_agents_name",
            sqlite_where=sa.text("kind = 'agent' AND ended_at IS NULL"),
            postgresql_where=sa.text("kind = 'agent' AND ended_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_inventory_agents_last_at",
            sqlite_where=sa.text("kind = 'agent' AND ended_at IS NULL"),
            postgresql_where=sa.text("kind = 'agent' AND ended_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_inventory_kind_name"), ["kind", "name"], unique=False)

    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_findings_source_severity_rank_endpoint_id_finding_id"))
        batch_op.drop_index(batch_op.f("ix_findings_severity_rank_endpoint_id_finding_id"))
        batch_op.drop_index(
            "ix_findings_open_severity_rank",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_findings_open_last_at",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_findings_open_first_at",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_findings_open_check_id",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_findings_last_at_endpoint_id_finding_id"))
        batch_op.create_index(batch_op.f("ix_findings_ended_at_severity"), ["ended_at", "severity"], unique=False)
        batch_op.drop_column("severity_rank")

    op.drop_table("finding_counts")
