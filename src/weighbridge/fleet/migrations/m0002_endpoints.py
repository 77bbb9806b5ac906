"""Endpoints."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    """Go forward."""
    op.create_table(
        "artifacts",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("measured", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("format", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("assessment", sa.String(length=40), nullable=False),
        sa.Column("license", sa.Text(), nullable=False),
        sa.Column("commercial", sa.String(length=40), nullable=False),
        sa.Column("told_by", sa.String(length=16), nullable=False),
        sa.Column("first_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_artifacts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "endpoint_presence",
        sa.Column("endpoint_id", sa.String(length=16), nullable=False),
        sa.Column("last_seen_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("clock_offset", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("network", sa.String(length=40), nullable=False),
        sa.Column("policy_version", sa.String(length=255), nullable=False),
        sa.Column("sensor", sa.String(length=64), nullable=False),
        sa.Column("boot", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", name=op.f("pk_endpoint_presence")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("endpoint_presence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_endpoint_presence_last_seen_at"), ["last_seen_at"], unique=False)

    op.create_table(
        "endpoints",
        sa.Column("endpoint_id", sa.String(length=16), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("ledger_key", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("platform", sa.String(length=64), nullable=False),
        sa.Column("release", sa.String(length=255), nullable=False),
        sa.Column("architecture", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=255), nullable=False),
        sa.Column("group_name", sa.String(length=64), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("token_id", sa.String(length=32), nullable=False),
        sa.Column("enrolled_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("changed_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", name=op.f("pk_endpoints")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("endpoints", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_endpoints_group_name_name"), ["group_name", "name"], unique=False)

    op.create_table(
        "enrollment_tokens",
        sa.Column("token_id", sa.String(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("group_name", sa.String(length=64), nullable=False),
        sa.Column("needs_approval", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("most_uses", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("uses", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("made_by", sa.String(length=255), nullable=False),
        sa.Column("made_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("expires_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_enrollment_tokens")),
        sa.UniqueConstraint("hash", name=op.f("uq_enrollment_tokens_hash")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "findings",
        sa.Column("endpoint_id", sa.String(length=16), nullable=False),
        sa.Column("finding_id", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("check_id", sa.String(length=80), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("confidence", sa.String(length=16), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("artifact", sa.String(length=80), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ended_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("endpoint_id", "finding_id", name=op.f("pk_findings")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_findings_artifact"), ["artifact"], unique=False)
        batch_op.create_index(batch_op.f("ix_findings_check_id_ended_at"), ["check_id", "ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_findings_ended_at_severity"), ["ended_at", "severity"], unique=False)

    op.create_table(
        "inventory",
        sa.Column("endpoint_id", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("artifact", sa.String(length=80), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("first_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ended_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("part", sa.LargeBinary(length=32), nullable=False),
        sa.Column("round", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", "subject", name=op.f("pk_inventory")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("inventory", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inventory_artifact_kind"), ["artifact", "kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_inventory_kind_name"), ["kind", "name"], unique=False)

    op.create_table(
        "inventory_sums",
        sa.Column("endpoint_id", sa.String(length=16), nullable=False),
        sa.Column("total", sa.LargeBinary(length=32), nullable=False),
        sa.Column("round", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("asked_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("answered", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", name=op.f("pk_inventory_sums")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_copies",
        sa.Column("endpoint_id", sa.String(length=16), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("edge", sa.LargeBinary(), nullable=False),
        sa.Column("cosigned", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("checkpoint", sa.LargeBinary(), nullable=False),
        sa.Column("cosignature", sa.Text(), nullable=False),
        sa.Column("skipped", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_batch", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", name=op.f("pk_ledger_copies")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "process_weights",
        sa.Column("endpoint_id", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("measured", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", "subject", "sha256", name=op.f("pk_process_weights")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("process_weights", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_process_weights_sha256_endpoint_id"), ["sha256", "endpoint_id"], unique=False
        )

    op.create_table(
        "processes",
        sa.Column("endpoint_id", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("pid", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("executable", sa.Text(), nullable=False),
        sa.Column("user", sa.String(length=255), nullable=False),
        sa.Column("runtime", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("agent", sa.String(length=255), nullable=False),
        sa.Column("network", sa.String(length=40), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("first_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ended_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("endpoint_id", "subject", name=op.f("pk_processes")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("processes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_processes_last_at"), ["last_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_processes_runtime_last_at"), ["runtime", "last_at"], unique=False)

    op.create_table(
        "records",
        sa.Column("endpoint_id", sa.String(length=16), nullable=False),
        sa.Column("record_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("received_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("network", sa.String(length=40), nullable=False),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", "record_index", name=op.f("pk_records")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("records", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_records_received_at_kind"), ["received_at", "kind"], unique=False)

    op.create_table(
        "server_keys",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("seed", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_server_keys")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sightings",
        sa.Column("endpoint_id", sa.String(length=16), nullable=False),
        sa.Column("artifact", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("measured", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("count", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("places", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", "artifact", name=op.f("pk_sightings")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("sightings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sightings_sha256_endpoint_id"), ["sha256", "endpoint_id"], unique=False)

    op.create_table(
        "usage",
        sa.Column("endpoint_id", sa.String(length=16), nullable=False),
        sa.Column("day", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("runtime", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("network", sa.String(length=40), nullable=False),
        sa.Column("processes", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", "day", "sha256", "runtime", "actor", "network", name=op.f("pk_usage")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("usage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_usage_sha256_day"), ["sha256", "day"], unique=False)

    op.create_table(
        "verdicts",
        sa.Column("endpoint_id", sa.String(length=16), nullable=False),
        sa.Column("artifact", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("policy", sa.String(length=255), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", "artifact", name=op.f("pk_verdicts")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("verdicts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_verdicts_decision"), ["decision"], unique=False)
        batch_op.create_index(batch_op.f("ix_verdicts_sha256"), ["sha256"], unique=False)


def downgrade(op: Operations) -> None:
    """Go back."""
    with op.batch_alter_table("verdicts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_verdicts_sha256"))
        batch_op.drop_index(batch_op.f("ix_verdicts_decision"))

    op.drop_table("verdicts")
    with op.batch_alter_table("usage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_usage_sha256_day"))

    op.drop_table("server_keys")
    op.drop_table("usage")
    with op.batch_alter_table("sightings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sightings_sha256_endpoint_id"))

    op.drop_table("sightings")
    with op.batch_alter_table("records", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_records_received_at_kind"))

    op.drop_table("records")
    with op.batch_alter_table("processes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_processes_runtime_last_at"))
        batch_op.drop_index(batch_op.f("ix_processes_last_at"))

    op.drop_table("processes")
    with op.batch_alter_table("process_weights", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_process_weights_sha256_endpoint_id"))

    op.drop_table("process_weights")
    op.drop_table("ledger_copies")
    op.drop_table("inventory_sums")
    with op.batch_alter_table("inventory", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inventory_kind_name"))
        batch_op.drop_index(batch_op.f("ix_inventory_artifact_kind"))

    op.drop_table("inventory")
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_findings_ended_at_severity"))
        batch_op.drop_index(batch_op.f("ix_findings_check_id_ended_at"))
        batch_op.drop_index(batch_op.f("ix_findings_artifact"))

    op.drop_table("findings")
    op.drop_table("enrollment_tokens")
    with op.batch_alter_table("endpoints", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_endpoints_group_name_name"))

    op.drop_table("endpoints")
    with op.batch_alter_table("endpoint_presence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_endpoint_presence_last_seen_at"))

    op.drop_table("endpoint_presence")
    op.drop_table("artifacts")
