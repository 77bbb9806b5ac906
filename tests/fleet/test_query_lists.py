"""Endpoints and findings by random queries, on both stores: what SQL finds is what the query means in Python."""

import random
from collections.abc import Mapping, Sequence

from hypothesis import HealthCheck, given, settings
from sqlalchemy import Connection, insert
from tests.fleet.query_oracle import fits, queries
from tests.fleet.small_fleet import AT, HOUR, NOW

from weighbridge.fleet import listed_endpoints, listed_findings
from weighbridge.fleet.endpoints import ENDPOINTS, PRESENCE
from weighbridge.fleet.findings import FINDINGS, rank_of
from weighbridge.fleet.listing import Asked, Listing, piece
from weighbridge.fleet.permissions import EVERYTHING
from weighbridge.fleet.query_fields import Field
from weighbridge.fleet.query_syntax import parse
from weighbridge.fleet.sightings import SIGHTINGS
from weighbridge.fleet.store import Store

DIGESTS = ("1a" * 32, "1a" * 31 + "ff", "2b" * 32)
SEVERITIES = ("low", "medium", "high", "critical")
ENDPOINT_TERMS = {
    "name": ("nb-1", "NB-*", "*-2*"),
    "owner": ("ada", '"o\'brien"', "*%*", "none"),
    "group": ("lab", "(lab OR ops)"),
    "state": ("active", ">=pending", "revoked"),
    "platform": ("linux", "win*"),
    "seen": ("<1d", ">2d", "2026-11-20"),
    "enrolled": (">=2026-11-01", "<10d"),
    "digest": (DIGESTS[0], "1a1a", "2b2b2b", "ffff"),
    "severity": (">=high", "low"),
    "check": ("pickle-call", "license*"),
}
FINDING_TERMS = {
    "check": ("pickle-call", "license*"),
    "severity": (">=high", "medium", "<=low"),
    "source": ("endpoint", "server"),
    "says": ("wool", '"100%"', "a_b"),
    "digest": (DIGESTS[0], "1a1a", "2b2b2b", "ffff"),
    "name": ("nb-1", "nb-*"),
    "owner": ("ada", "*%*"),
    "group": ("lab",),
    "open": ("yes", "no"),
    "state": ("new", "accepted"),
    "first": ("<1d", ">30h"),
    "last": ("2026-11-20", "<=2026-11-20"),
}
WORDS = ("nb-1", "100%", "a_b", "zzz")
Rows = list[tuple[str, dict[str, object], list[str]]]


def _write(connection: Connection) -> tuple[Rows, Rows]:
    chance = random.Random(5)
    endpoints: Rows = []
    findings: Rows = []
    for number in range(24):
        name = f"{number:016x}"
        owner, group = chance.choice(("ada", "o'brien", "50%_off", "")), chance.choice(("lab", "ops", ""))
        state, platform = chance.choice(("active", "pending", "revoked")), chance.choice(("Linux", "Windows"))
        enrolled, seen = AT - chance.randrange(60) * 24 * HOUR, AT - chance.randrange(90) * HOUR
        known = {"public_key": name.encode(), "ledger_key": name, "reason": "", "release": "", "architecture": "x"}
        known |= {"labels": "{}", "token_id": "t", "changed_at": 0}
        said = {"name": f"nb-{number}", "owner": owner, "state": state, "platform": platform, "enrolled_at": enrolled}
        connection.execute(insert(ENDPOINTS).values(endpoint_id=name, group_name=group, **said, **known))
        silent = number % 5 == 0
        if not silent:
            there = {"clock_offset": 0, "network": "lan", "policy_version": "1", "sensor": "0.1.0", "boot": "b"}
            connection.execute(insert(PRESENCE).values(endpoint_id=name, last_seen_at=seen, **there))
        digests = chance.sample(DIGESTS, chance.randrange(3))
        for one in digests:
            seen_there = {"measured": 1, "first_at": 1, "last_at": 1, "count": 1, "places": 0, "path": "/x"}
            connection.execute(insert(SIGHTINGS).values(endpoint_id=name, artifact=one, sha256=one, **seen_there))
        holding = []
        for which in range(chance.randrange(4)):
            artifact = chance.choice((DIGESTS[0], f"claimed:{DIGESTS[2]}", ""))
            row: dict[str, object] = {
                "check_id": chance.choice(("pickle-call", "license-prohibits")),
                "severity": chance.choice(SEVERITIES),
                "source": chance.choice(("endpoint", "server")),
                "message": chance.choice(("made of 100% wool", "an a_b", "nothing")),
                "artifact": artifact,
                "first_at": AT - chance.randrange(60) * HOUR,
                "last_at": AT - chance.randrange(60) * HOUR,
                "ended_at": chance.choice((None, AT)),
            }
            rest = {column.name: "" for column in FINDINGS.columns if not column.nullable}
            rest |= {"severity_rank": rank_of(row["severity"])}
            connection.execute(insert(FINDINGS).values(rest | row | {"endpoint_id": name, "finding_id": f"f{which}"}))
            is_open = row["ended_at"] is None
            holding += [row] if is_open else []
            meant = {
                "check": row["check_id"],
                "says": row["message"],
                "digest": artifact.removeprefix("claimed:"),
                "name": said["name"],
                "open": is_open,
                "state": "new",
                "first": row["first_at"],
                "last": row["last_at"],
            }
            meant |= {"severity": row["severity"], "source": row["source"], "owner": owner, "group": group}
            findings.append((f"{name} f{which}", meant, [str(row["message"]), str(row["check_id"]), str(said["name"])]))
        fields = {
            "name": said["name"],
            "owner": owner,
            "group": group,
            "state": state,
            "platform": platform,
            "seen": None if silent else seen,
            "enrolled": enrolled,
            "digest": list(digests),
            "severity": [one["severity"] for one in holding],
            "check": [one["check_id"] for one in holding],
        }
        endpoints.append((name, fields, [str(said["name"]), owner, name]))
    return endpoints, findings


def _found(connection: Connection, listing: Listing, query: str, names: tuple[str, ...]) -> list[str]:
    rows = piece(connection, listing, Asked(query=query, limit=500), NOW).rows
    return sorted(" ".join(getattr(row, name) for name in names) for row in rows)


def test_any_query_over_endpoints_and_findings_finds_what_it_means(store: Store) -> None:
    endpoints, findings = store.write_now(_write)
    assert len(findings) > 20
    lists = (
        (listed_endpoints.listing(EVERYTHING), listed_endpoints.FIELDS, endpoints, ("endpoint_id",)),
        (listed_findings.listing(EVERYTHING, AT), listed_findings.FIELDS, findings, ("endpoint_id", "finding_id")),
    )
    with store.database.engine.connect() as connection:
        for one, terms in zip(lists, (ENDPOINT_TERMS, FINDING_TERMS), strict=True):
            _hold(connection, terms, *one)


def _hold(
    connection: Connection,
    terms: Mapping[str, Sequence[str]],
    listing: Listing,
    fields: Mapping[str, Field],
    rows: Rows,
    names: tuple[str, ...],
) -> None:
    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
    @given(queries(terms, WORDS))
    def each(query: str) -> None:
        node = parse(query)
        expected = sorted(key for key, row, words in rows if fits(node, row, words, fields, NOW))
        assert _found(connection, listing, query, names) == expected, query

    each()
