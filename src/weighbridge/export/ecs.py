"""Events in the Elastic Common Schema, as JSON lines.

Source: ECS 9.1 field reference (base, event, file, process, host, rule, observer); what it has no field for stands
under `weighbridge`.
"""

import re
from datetime import datetime
from typing import Any

from weighbridge.export.event import Event
from weighbridge.export.export import EventExport
from weighbridge.export.json_line import filled, json_line
from weighbridge.export.reported import base_name

VERSION = "9.1.0"
_SEVERITY = {"info": 1, "low": 21, "medium": 47, "high": 73, "critical": 99}
"""Elastic's own risk scores for the five words."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
"""What the date type `strict_date_optional_time` takes, with a zone."""
_OUTCOME = {"allow": "success", "deny": "failure"}
_CATEGORY = {"artifact": "file", "finding": "file", "process": "process", "record": "host"}
_ENDS = frozenset({"process-end", "listener-end"})


def line(event: Event) -> str:
    """Return one event as a JSON object."""
    return json_line(document(event))


def document(event: Event) -> dict[str, Any]:
    """Return one event as nested fields; fields without a value are left out."""
    listening = next(iter(event.listeners), None)
    made = {
        "@timestamp": _time(event.at),
        "ecs": {"version": VERSION},
        "message": event.message,
        "event": {
            "id": event.id,
            "kind": "alert" if event.kind == "finding" else "event" if event.kind == "record" else "state",
            "category": ["process" if event.pid is not None else _CATEGORY[event.kind]],
            "type": ["end" if event.record_kind in _ENDS else "info"],
            "action": f"{event.kind}-{event.check}" if event.check else event.record_kind or event.kind,
            "dataset": f"weighbridge.{event.kind}",
            "module": "weighbridge",
            "outcome": _outcome(event),
            "severity": _SEVERITY.get(event.severity),
            "reason": event.reason,
            "sequence": event.index,
            "original": event.original,
        },
        "host": {"hostname": event.machine, "name": event.machine},
        "observer": {"vendor": "Weighbridge", "product": "weighbridge", "version": event.tool_version},
        "rule": {
            "id": event.check or event.rule,
            "ruleset": "" if event.check else event.policy,
            "description": event.reason,
        },
        "user": {"name": event.user},
        "file": {
            "path": event.path,
            "name": base_name(event.path),
            "size": event.size,
            "hash": {"sha256": event.sha256},
        },
        "process": {
            "pid": event.pid,
            "name": event.process,
            "executable": event.executable,
            "args": list(event.command_line),
            "args_count": len(event.command_line) or None,
            "parent": {"pid": event.parent},
        },
        "server": {"address": listening.address, "port": listening.port} if listening is not None else {},
        "threat": {"technique": {"id": [event.atlas] if event.atlas else []}},
        "weighbridge": {
            "decision": event.decision,
            "observed_only": event.observed_only if event.decision else None,
            "severity": event.severity,
            "confidence": event.confidence,
            "assessment": event.assessment,
            "remedy": event.remedy,
            "check": event.check,
            "network": event.network,
            "model": {"name": event.name, "format": event.format, "license": event.license},
            "runtime": event.runtime,
            "evidence": list(event.evidence),
            "actor": event.actor,
            "agent": event.agent,
            "endpoint": event.endpoint,
            "risks": list(event.risks),
            "autonomous": event.autonomous,
            "listeners": [one.spelled for one in event.listeners],
            "exposed": any(one.exposed for one in event.listeners) if event.listeners else None,
            "not_visible": list(event.not_visible),
        },
    }
    return filled(made)


def _outcome(event: Event) -> str | None:
    """Return how it came out; a mode that only reports has stopped nothing."""
    if not event.decision:
        return None
    return "unknown" if event.observed_only else _OUTCOME.get(event.decision, "unknown")


def _time(at: str) -> str:
    """Return a moment that Elasticsearch reads as a date; empty if it is none, and the reader sets its own."""
    try:
        datetime.fromisoformat(at)
    except ValueError:
        return ""
    return at if _MOMENT.fullmatch(at) else ""


EXPORT = EventExport(
    id="ecs",
    title="Elastic Common Schema, JSON lines",
    line=line,
    carries="verdict, model, process, one listener, finding; the rest under `weighbridge`",
    validated_by="a schema of the ECS fields it uses; once the whole list of fields of 9.1.0",
    next_step="Let Filebeat or Elastic Agent read the file as NDJSON.",
)
