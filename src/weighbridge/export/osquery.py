"""An osquery pack.

Source: osquery documentation, "Query Packs" and "Configuration" (keys of a pack and of its queries).
"""

import json

from weighbridge.export.export import Export
from weighbridge.export.intent import Intent
from weighbridge.export.osquery_queries import Query, partly, queries
from weighbridge.export.wording import described, head


def write(intent: Intent) -> dict[str, str]:
    """Return the pack."""
    # A pack has no comments: what stands at the head of other files stands with its first question.
    first = " ".join(head(intent, EXPORT)[1:])
    asked = {
        f"weighbridge_{query.id}": {
            "query": query.sql + ";",
            "interval": query.interval,
            "platform": ",".join(query.platforms),
            "version": "5.0.0",
            "snapshot": True,
            "description": _described(intent, query) + ("" if number else f" {first}"),
            "value": query.title,
        }
        for number, query in enumerate(queries(intent))
    }
    return {"weighbridge.pack.json": json.dumps({"queries": asked}, indent=2, ensure_ascii=True) + "\n"}


def _described(intent: Intent, query: Query) -> str:
    return described(intent, query.why, query.answer.rule if query.answer else None)


EXPORT = Export(
    id="osquery",
    title="osquery pack",
    write=write,
    carries=frozenset(("digests", "products", "listeners", "agents")),
    told_by="digest, mapped weights, path, name",
    partly=partly,
    validated_by="SQLite over virtual tables with osquery's columns and demands",
    next_step='Name it under "packs" in osquery.conf.',
)
