"""Verdicts: what policy says of each artifact on each endpoint, and which rules said so."""

from collections.abc import Sequence
from json import dumps

import msgspec
from msgspec import Struct
from sqlalchemy import Column, Connection, Index, String, Text, select

from weighbridge.fleet.inventory import Change, is_digest
from weighbridge.fleet.statements import upsert
from weighbridge.fleet.tables import endpoint_table, integer
from weighbridge.fleet.untrusted import text, texts, word

VERDICTS = endpoint_table(
    "verdicts",
    Column("artifact", String(80), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("decision", String(16), nullable=False),
    Column("policy", String(255), nullable=False),
    Column("rules", Text, nullable=False),
    integer("at", nullable=False),
    Index(None, "sha256", "at"),
    Index(None, "decision"),
)


class Verdict(Struct, frozen=True, kw_only=True):
    """What policy says of one artifact on one endpoint; `rules` is a JSON list of rule ids."""

    endpoint_id: str
    sha256: str
    decision: str
    policy: str
    rules: str
    at: int


def take(connection: Connection, endpoint_id: str, changes: Sequence[Change]) -> None:
    """Take in what records say about verdicts on artifacts that have a digest."""
    rows: dict[str, dict[str, object]] = {}
    for change in changes:
        data = change.record.data
        named = data.get("artifact")
        if change.kind != "verdict" or not isinstance(named, str) or not is_digest(named):
            continue
        rows[named] = {
            "endpoint_id": endpoint_id,
            "artifact": named,
            "sha256": named.removeprefix("claimed:"),
            "decision": word(data, "decision", 16) or "",
            "policy": word(data, "policy") or "",
            "rules": text(dumps(texts(data.get("rules"))), 16_384),
            "at": change.at,
        }
    upsert(connection, VERDICTS, [*rows.values()])


def rule_ids(text: str) -> list[str]:
    """Return the ids in the column `rules`."""
    try:
        return msgspec.json.decode(text, type=list[str])
    except msgspec.DecodeError:
        return []


def of_digest(connection: Connection, sha256: str, *, limit: int = 1000) -> list[Verdict]:
    """Return the verdicts on a digest, by endpoint."""
    columns = [VERDICTS.c[name] for name in Verdict.__struct_fields__]
    query = select(*columns).where(VERDICTS.c.sha256 == sha256).order_by(VERDICTS.c.endpoint_id).limit(limit)
    return [Verdict(**row._mapping) for row in connection.execute(query)]
