"""Spread by digest and group, and when each run of a digest ended; both are read from what is there already."""

import sqlalchemy as sa
from alembic.operations import Operations

_RUNS = """
UPDATE process_weights SET
  last_at = coalesce((SELECT last_at FROM processes WHERE processes.endpoint_id = process_weights.endpoint_id
    AND processes.subject = process_weights.subject), first_at),
  ended_at = (SELECT ended_at FROM processes WHERE processes.endpoint_id = process_weights.endpoint_id
    AND processes.subject = process_weights.subject)
"""
_OF_GROUPS = """
INSERT INTO spread (group_name, sha256, endpoints, gone, allow, warn, pending, deny, decision, path)
SELECT endpoints.group_name, told.sha256, sum(here), sum(gone),
  sum(CASE verdict WHEN 0 THEN 1 ELSE 0 END), sum(CASE verdict WHEN 1 THEN 1 ELSE 0 END),
  sum(CASE verdict WHEN 2 THEN 1 ELSE 0 END), sum(CASE verdict WHEN 3 THEN 1 ELSE 0 END),
  CASE max(verdict) WHEN 0 THEN 'allow' WHEN 1 THEN 'warn' WHEN 2 THEN 'pending' WHEN 3 THEN 'deny' ELSE '' END,
  max(path)
FROM (
  SELECT endpoint_id, sha256, max(CASE WHEN places > 0 THEN 1 ELSE 0 END) AS here,
    1 - max(CASE WHEN places > 0 THEN 1 ELSE 0 END) AS gone, -1 AS verdict, max(path) AS path
  FROM sightings GROUP BY endpoint_id, sha256
  UNION ALL
  SELECT endpoint_id, sha256, 0, 0,
    max(CASE decision WHEN 'allow' THEN 0 WHEN 'warn' THEN 1 WHEN 'pending' THEN 2 WHEN 'deny' THEN 3 ELSE -1 END), ''
  FROM verdicts GROUP BY endpoint_id, sha256
) AS told JOIN endpoints ON endpoints.endpoint_id = told.endpoint_id
GROUP BY endpoints.group_name, told.sha256
"""
_OF_ALL = """
INSERT INTO spread (group_name, sha256, endpoints, gone, allow, warn, pending, deny, decision, path)
SELECT '*', sha256, sum(endpoints), sum(gone), sum(allow), sum(warn), sum(pending), sum(deny),
  CASE WHEN sum(deny) > 0 THEN 'deny' WHEN sum(pending) > 0 THEN 'pending' WHEN sum(warn) > 0 THEN 'warn'
    WHEN sum(allow) > 0 THEN 'allow' ELSE '' END,
  max(path)
FROM spread GROUP BY sha256
"""


def upgrade(op: Operations) -> None:
    """Go forward."""
    op.create_table(
        "spread",
        sa.Column("group_name", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("endpoints", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("gone", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("allow", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("warn", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pending", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("deny", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("group_name", "sha256", name=op.f("pk_spread")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("spread", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spread_group_name_decision"), ["group_name", "decision"], unique=False)
        batch_op.create_index(batch_op.f("ix_spread_sha256"), ["sha256"], unique=False)

    with op.batch_alter_table("artifacts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_artifacts_first_at"), ["first_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_artifacts_last_at"), ["last_at"], unique=False)

    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_findings_artifact"))
        batch_op.create_index(batch_op.f("ix_findings_artifact_last_at"), ["artifact", "last_at"], unique=False)

    with op.batch_alter_table("process_weights", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("last_at", sa.BigInteger(), server_default="0", autoincrement=False, nullable=False)
        )
        batch_op.add_column(sa.Column("ended_at", sa.BigInteger(), autoincrement=False, nullable=True))
        batch_op.drop_index(batch_op.f("ix_process_weights_sha256_endpoint_id"))
        batch_op.create_index(
            batch_op.f("ix_process_weights_sha256_ended_at_endpoint_id"),
            ["sha256", "ended_at", "endpoint_id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_process_weights_sha256_last_at"), ["sha256", "last_at"], unique=False)

    with op.batch_alter_table("processes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_processes_ended_at_runtime_endpoint_id"),
            ["ended_at", "runtime", "endpoint_id"],
            unique=False,
        )

    with op.batch_alter_table("sightings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sightings_sha256_last_at"), ["sha256", "last_at"], unique=False)

    with op.batch_alter_table("verdicts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_verdicts_sha256"))
        batch_op.create_index(batch_op.f("ix_verdicts_sha256_at"), ["sha256", "at"], unique=False)
    for statement in (_RUNS, _OF_GROUPS, _OF_ALL):
        op.execute(statement)


def downgrade(op: Operations) -> None:
    """Go back."""
    with op.batch_alter_table("verdicts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_verdicts_sha256_at"))
        batch_op.create_index(batch_op.f("ix_verdicts_sha256"), ["sha256"], unique=False)

    with op.batch_alter_table("sightings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sightings_sha256_last_at"))

    with op.batch_alter_table("processes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_processes_ended_at_runtime_endpoint_id"))

    with op.batch_alter_table("process_weights", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_process_weights_sha256_last_at"))
        batch_op.drop_index(batch_op.f("ix_process_weights_sha256_ended_at_endpoint_id"))
        batch_op.create_index(
            batch_op.f("ix_process_weights_sha256_endpoint_id"), ["sha256", "endpoint_id"], unique=False
        )
        batch_op.drop_column("ended_at")
        batch_op.drop_column("last_at")

    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_findings_artifact_last_at"))
        batch_op.create_index(batch_op.f("ix_findings_artifact"), ["artifact"], unique=False)

    with op.batch_alter_table("artifacts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_artifacts_last_at"))
        batch_op.drop_index(batch_op.f("ix_artifacts_first_at"))

    with op.batch_alter_table("spread", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_spread_sha256"))
        batch_op.drop_index(batch_op.f("ix_spread_group_name_decision"))

    op.drop_table("spread")
