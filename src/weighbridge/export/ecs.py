"""Events in the Elastic Common Schema, as JSON lines.

Source: ECS 9.1 field reference (base, event, file, process, host, rule, observer); what it has no field for stands
under `weighbridge`.
"""

import json
from typing import Any

from weighbridge.export.event import Event
from weighbridge.export.export import EventExport
from weighbridge.export.reported import base_name

VERSION = "9.1.0"
_SEVERITY = {"info": 1, "low": 21, "medium": 47, "high": 73, "critical": 99}
"""Elastic's own risk scores for the five words."""
_OUTCOME = {"allow": "success", "deny": "failure"}


def line(event: Event) -> str:
    """Return one event as a JSON object."""
    return json.dumps(document(event), ensure_ascii=True, separators=(",", ":"))


def document(event: Event) -> dict[str, Any]:
    """Return one event as nested fields; fields without a value are left out."""
    listening = next(iter(event.listeners), None)
    made = {
        "@timestamp": event.at,
        "ecs": {"version": VERSION},
        "message": event.message,
        "event": {
            "id": event.id,
            "kind": "alert" if event.kind == "finding" else "event" if event.kind == "record" else "state",
            "category": ["process"] if event.pid is not None else ["file"],
            "type": ["info"],
            "action": f"{event.kind}-{event.check}" if event.check else event.record_kind or event.kind,
            "dataset": f"weighbridge.{event.kind}",
            "module": "weighbridge",
            "outcome": _OUTCOME.get(event.decision, "unknown" if event.decision else None),
            "severity": _SEVERITY.get(event.severity),
            "reason": event.reason,
            "sequence": event.index,
        },
        "host": {"hostname": event.machine, "name": event.machine},
        "observer": {"vendor": "Weighbridge", "product": "weighbridge", "version": event.tool_version},
        "rule": {"id": event.rule or event.check, "ruleset": event.policy, "description": event.reason},
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
            "autonomous": event.autonomous,
            "exposed": any(one.exposed for one in event.listeners) if event.listeners else None,
            "not_visible": list(event.not_visible),
        },
    }
    return _filled(made)


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    inner = ((key, _filled(value) if isinstance(value, dict) else value) for key, value in values.items())
    return {key: value for key, value in inner if value not in (None, "", [], {})}


EXPORT = EventExport(
    id="ecs",
    title="Elastic Common Schema, JSON lines",
    line=line,
    validated_by="a schema of the ECS fields it uses",
    next_step="Let Filebeat or Elastic Agent read the file as NDJSON.",
)
