"""What machines could call things: in every column that an endpoint fills with words of its own."""

from sqlalchemy import Connection, String, Text, update

from weighbridge.fleet import finding_counts, spread
from weighbridge.fleet.agents import AGENTS
from weighbridge.fleet.artifacts import ARTIFACTS
from weighbridge.fleet.endpoints import ENDPOINTS, PRESENCE
from weighbridge.fleet.findings import FINDINGS
from weighbridge.fleet.inventory import THINGS
from weighbridge.fleet.processes import PROCESSES, WEIGHTS
from weighbridge.fleet.sightings import SIGHTINGS
from weighbridge.fleet.verdicts import VERDICTS

HOSTILE = (
    "<script>window.obeyed=1</script><img src=x onerror=window.obeyed=1>\"'><svg onload=window.obeyed=1>"
    "{{7*7}}\x1b[31m\x00\r\n\u202egpj.exe\u2066\u200b😀👩\u200d💻א" + "W" * 4000
)
_CHOSEN_BY_THE_SERVER = {
    "artifact",
    "sha256",
    "state",
    "severity",
    "confidence",
    "decision",
    "commercial",
    "assessment",
    "kind",
    "about",
    "source",
    "group_name",
    "labels",
    "rules",
    "token_id",
    "told_by",
    "ledger_key",
}


def spoil(connection: Connection) -> None:
    """Call everything in the fleet by a hostile name."""
    for table in (ENDPOINTS, PRESENCE, ARTIFACTS, SIGHTINGS, VERDICTS, FINDINGS, PROCESSES, WEIGHTS, THINGS, AGENTS):
        named = {
            column.name: HOSTILE[: getattr(column.type, "length", None)]
            for column in table.columns
            if isinstance(column.type, String | Text)
            and not column.primary_key
            and column.name not in _CHOSEN_BY_THE_SERVER
        }
        if named:
            connection.execute(update(table).values(named))
    spread.rebuild(connection)
    finding_counts.recount(connection)
