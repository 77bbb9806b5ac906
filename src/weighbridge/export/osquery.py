"""An osquery pack.

Source: osquery documentation, "Query Packs" and "Configuration" (keys of a pack and of its queries).
"""

import json

from weighbridge.export.export import Export
from weighbridge.export.intent import Intent
from weighbridge.export.osquery_queries import queries
from weighbridge.export.wording import described


def write(intent: Intent) -> dict[str, str]:
    """Return the pack."""
    asked = {
        f"weighbridge_{query.id}": {
            "query": query.sql + ";",
            "interval": query.interval,
            "platform": ",".join(query.platforms),
            "version": "5.0.0",
            "snapshot": True,
            "description": described(intent, query.why, query.answer.rule if query.answer else None),
            "value": query.title,
        }
        for query in queries(intent)
    }
    return {"weighbridge.pack.json": json.dumps({"queries": asked}, indent=2, ensure_ascii=True) + "\n"}


EXPORT = Export(
    id="osquery",
    title="osquery pack",
    write=write,
    validated_by="SQLite over osquery's tables",
    next_step='Name it under "packs" in osquery.conf.',
)
