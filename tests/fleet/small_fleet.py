"""Three endpoints in two groups with a handful of things, written by the contexts' own functions."""

from datetime import UTC, datetime

from sqlalchemy import Connection, insert

from weighbridge.fleet import finding_counts, spread
from weighbridge.fleet.artifacts import ARTIFACTS
from weighbridge.fleet.endpoints import ENDPOINTS, PRESENCE
from weighbridge.fleet.findings import FINDINGS, rank_of
from weighbridge.fleet.processes import PROCESSES, WEIGHTS
from weighbridge.fleet.sightings import SIGHTINGS
from weighbridge.fleet.verdicts import VERDICTS

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = 3_600_000
AT = round(NOW.timestamp() * 1000)
LAPTOP, DESKTOP, SERVER = "aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb", "cccccccccccccccc"
LLAMA, POET, PICKLE = "1a" * 32, "2b" * 32, "3c" * 32


def fill(connection: Connection) -> None:
    """Write the fleet."""
    for number, (endpoint_id, name, group) in enumerate(
        ((LAPTOP, "laptop", "lab"), (DESKTOP, "desktop", "lab"), (SERVER, "server", "ops"))
    ):
        connection.execute(
            insert(ENDPOINTS).values(
                endpoint_id=endpoint_id,
                public_key=bytes([number]) * 32,
                ledger_key=f"key-{number}",
                state="active",
                reason="",
                labels="{}",
                name=name,
                platform="Linux",
                release="6.1",
                architecture="x86_64",
                owner=("ada", "bob", "")[number],
                group_name=group,
                token_id="t",
                enrolled_at=AT - 100 * HOUR,
                changed_at=AT - 100 * HOUR,
            )
        )
        if number < 2:
            connection.execute(
                insert(PRESENCE).values(
                    endpoint_id=endpoint_id,
                    last_seen_at=AT - number * 100 * HOUR,
                    clock_offset=0,
                    network="corporate",
                    policy_version="p1",
                    sensor="0.1.0",
                    boot="b",
                )
            )
    for digest, file_format, size, commercial, assessment in (
        (LLAMA, "gguf", 4_000_000_000, "conditional", "clean"),
        (POET, "gguf", 100_000_000, "prohibited", "clean"),
        (PICKLE, "pickle", 53, "unknown", "malicious"),
    ):
        connection.execute(
            insert(ARTIFACTS).values(
                sha256=digest,
                measured=1,
                format=file_format,
                size=size,
                assessment=assessment,
                license="mit" if digest == LLAMA else "cc-by-nc-4.0",
                commercial=commercial,
                told_by=LAPTOP,
                first_at=AT - 50 * HOUR,
                last_at=AT - HOUR,
            )
        )
    for endpoint_id, digest, places, path in (
        (LAPTOP, LLAMA, 2, "/home/ada/llama.gguf"),
        (DESKTOP, LLAMA, 0, "/home/bob/llama.gguf"),
        (SERVER, LLAMA, 1, "/srv/llama.gguf"),
        (LAPTOP, POET, 1, "/home/ada/100%_poet.gguf"),
        (SERVER, PICKLE, 1, "/srv/model.pkl"),
    ):
        connection.execute(
            insert(SIGHTINGS).values(
                endpoint_id=endpoint_id,
                artifact=digest,
                sha256=digest,
                measured=1,
                first_at=AT - 50 * HOUR,
                last_at=AT - HOUR,
                count=1,
                places=places,
                path=path,
            )
        )
    for endpoint_id, digest, decision in (
        (LAPTOP, LLAMA, "allow"),
        (SERVER, LLAMA, "warn"),
        (LAPTOP, POET, "deny"),
    ):
        connection.execute(
            insert(VERDICTS).values(
                endpoint_id=endpoint_id,
                artifact=digest,
                sha256=digest,
                decision=decision,
                policy="p",
                rules="[]",
                at=AT,
            )
        )
    for endpoint_id, finding_id, check, severity, artifact, ended in (
        (SERVER, "f1", "pickle-call", "critical", PICKLE, None),
        (LAPTOP, "f2", "license-prohibits", "medium", f"claimed:{POET}", None),
        (LAPTOP, "f3", "listener-exposed", "high", "", AT),
    ):
        connection.execute(
            insert(FINDINGS).values(
                endpoint_id=endpoint_id,
                finding_id=finding_id,
                source="endpoint",
                about="artifact",
                check_id=check,
                severity=severity,
                severity_rank=rank_of(severity),
                confidence="high",
                message=f"says {check}",
                artifact=artifact,
                path="",
                place="",
                first_at=AT - 2 * HOUR,
                last_at=AT,
                ended_at=ended,
            )
        )
    for endpoint_id, subject, ended in ((LAPTOP, "p1", None), (SERVER, "p2", AT)):
        connection.execute(
            insert(PROCESSES).values(
                endpoint_id=endpoint_id,
                subject=subject,
                pid=7,
                name="llama-server",
                executable="",
                user="ada",
                runtime="llama_cpp" if subject == "p1" else "ollama",
                actor="human",
                agent="",
                network="offline",
                decision="allow",
                first_at=AT - HOUR,
                last_at=AT,
                ended_at=ended,
            )
        )
        connection.execute(
            insert(WEIGHTS).values(
                endpoint_id=endpoint_id,
                subject=subject,
                sha256=LLAMA,
                measured=1,
                name="",
                path="",
                first_at=AT - HOUR,
                last_at=AT,
                ended_at=ended,
            )
        )
    spread.rebuild(connection)
    finding_counts.recount(connection)
