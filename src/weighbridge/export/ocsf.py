"""Events in the Open Cybersecurity Schema Framework, as JSON lines.

Source: OCSF 1.8.0: detection_finding (2004) for what a policy or a check speaks against, software_info (5020) for
models that lie here, process_activity (1007) with the profile ai_operation for processes that run them, base_event (0)
for other records; profiles host and security_control.
"""

from datetime import datetime
from typing import Any

from weighbridge.export.event import Event
from weighbridge.export.export import EventExport
from weighbridge.export.json_line import filled, json_line
from weighbridge.export.reported import base_name

VERSION = "1.8.0"
_SEVERITY = {"info": 1, "low": 2, "medium": 3, "high": 4, "critical": 5}
_SEVERITY_NAMES = {1: "Informational", 2: "Low", 3: "Medium", 4: "High", 5: "Critical"}
_CONFIDENCE = {"low": 1, "medium": 2, "high": 3}
_ALLOWED, _DENIED, _OBSERVED = 1, 2, 3
_ACTIONS = {_ALLOWED: "Allowed", _DENIED: "Denied", _OBSERVED: "Observed"}
_SHA256 = 3
_REGULAR_FILE = 1
_OTHER = 99
_ACTIVITIES = {
    "process-end": (2, "Terminate"),
    "listener": (_OTHER, "Accepts Connections"),
    "listener-end": (_OTHER, "Stopped Accepting Connections"),
}
"""By kind of record."""
_UNKNOWN_VERSION = "unknown"


def line(event: Event) -> str:
    """Return one event as a JSON object."""
    return json_line(document(event))


def document(event: Event) -> dict[str, Any]:
    """Return one event as an object of its class."""
    if event.kind == "finding" or event.decision in ("deny", "warn", "pending"):
        return _finding(event)
    if event.pid is not None:
        return _process_activity(event)
    if event.kind == "artifact":
        return _software_info(event)
    return _common(event, 0, "Base Event", 0, "Uncategorized", _OTHER, "Record")


def _finding(event: Event) -> dict[str, Any]:
    weighed = event.check == ""
    made = _common(event, 2004, "Detection Finding", 2, "Findings", 1, "Create")
    made["finding_info"] = filled(
        {
            "uid": event.id,
            "title": event.message,
            "desc": event.reason,
            "types": [event.check or event.rule or "policy"],
            "analytic": {
                "type_id": 1,
                "type": "Rule",
                "name": event.check or event.rule or "policy",
                "uid": event.check or event.rule or "policy",
            },
            "attacks": [{"technique": {"uid": event.atlas}, "version": "MITRE ATLAS"}] if event.atlas else [],
        }
    )
    evidence = filled({"file": _file(event), "process": _process(event)})
    if evidence:
        made["evidences"] = [evidence]
    if event.remedy:
        made["remediation"] = {"desc": event.remedy}
    if event.confidence in _CONFIDENCE:
        made["confidence_id"] = _CONFIDENCE[event.confidence]
    made["is_alert"] = event.severity in ("high", "critical")
    return made | (_decision(event) if weighed else {})


def _software_info(event: Event) -> dict[str, Any]:
    made = _common(event, 5020, "Software Inventory Info", 5, "Discovery", 2, "Collect")
    made["package"] = filled(
        {
            "name": event.name or base_name(event.path) or event.sha256 or "unknown",
            "version": _UNKNOWN_VERSION,
            "type": event.format,
            "type_id": 0,
            "license": event.license,
            "hash": _hash(event),
            "uid": event.sha256,
        }
    )
    return made | _decision(event)


def _process_activity(event: Event) -> dict[str, Any]:
    """Return a process that was seen running: not its start, so the activity is another than those listed."""
    activity, does = _ACTIVITIES.get(event.record_kind, (_OTHER, "Seen Running"))
    made = _common(event, 1007, "Process Activity", 1, "System Activity", activity, does)
    made["process"] = _process(event)
    made["actor"] = _actor(event)
    if model := _model(event):
        made["ai_model"] = model
        made["metadata"]["profiles"].append("ai_operation")
    return made | _decision(event)


def _actor(event: Event) -> dict[str, Any]:
    """Return who started the process, as far as that was seen; the class demands an answer."""
    if event.agent:
        return {"app_name": event.agent}
    if event.user:
        return {"user": {"name": event.user}}
    if event.parent is not None:
        return {"process": {"pid": event.parent}}
    return {"app_name": event.actor or "unknown"}


def _common(
    event: Event, uid: int, name: str, category: int, category_name: str, activity: int, does: str
) -> dict[str, Any]:
    severity = _SEVERITY.get(event.severity, 0)
    made = {
        "class_uid": uid,
        "class_name": name,
        "category_uid": category,
        "category_name": category_name,
        "activity_id": activity,
        "activity_name": does,
        "type_uid": uid * 100 + activity,
        "type_name": f"{name}: {does}",
        "time": _milliseconds(event.at),
        "severity_id": severity,
        "severity": _SEVERITY_NAMES.get(severity, "Unknown"),
        "message": event.message,
        "raw_data": event.original,
        "metadata": {
            "version": VERSION,
            "uid": event.id,
            "product": {"name": "Weighbridge", "vendor_name": "Weighbridge", "version": event.tool_version},
            "profiles": ["host", "security_control"],
            "log_name": event.record_kind or event.kind,
            "original_time": event.at,
            "sequence": event.index,
        },
        "device": {"hostname": event.machine or "unknown", "type_id": 0, "type": "Unknown"},
        "unmapped": {
            "network": event.network,
            "evidence": list(event.evidence),
            "actor": event.actor,
            "agent": event.agent,
            "runtime": event.runtime,
            "listeners": [one.spelled for one in event.listeners],
            "exposed": any(one.exposed for one in event.listeners),
            "not_visible": list(event.not_visible),
        },
    }
    return filled(made)


def _decision(event: Event) -> dict[str, Any]:
    """Return what the policy did: a mode that only reports has observed, whatever its rules say."""
    if not event.decision:
        return {}
    action = _ALLOWED if event.decision == "allow" else _OBSERVED if event.observed_only else _DENIED
    if event.decision == "warn":
        action = _OBSERVED
    made: dict[str, Any] = {"action_id": action, "action": _ACTIONS[action]}
    if event.rule or event.policy:
        made["policy"] = filled({"name": event.policy or "policy", "uid": event.rule, "desc": event.reason})
    return made


def _model(event: Event) -> dict[str, Any]:
    if not (event.name or event.sha256):
        return {}
    return filled(
        {
            "name": event.name or event.sha256,
            "ai_provider": event.runtime or "local",
            "version": event.sha256 or _UNKNOWN_VERSION,
            "uid": event.sha256,
        }
    )


def _file(event: Event) -> dict[str, Any]:
    name = base_name(event.path) or event.name
    if not name:
        return {}
    digest = _hash(event)
    return filled(
        {
            "name": name,
            "path": event.path,
            "size": event.size,
            "type_id": _REGULAR_FILE,
            "type": "Regular File",
            "hashes": [digest] if digest else [],
        }
    )


def _process(event: Event) -> dict[str, Any]:
    if event.pid is None:
        return {}
    program = base_name(event.executable)
    return filled(
        {
            "pid": event.pid,
            "name": event.process or program or "unknown",
            "cmd_line": " ".join(event.command_line),
            "file": {"name": program, "path": event.executable, "type_id": _REGULAR_FILE} if program else {},
            "user": {"name": event.user} if event.user else {},
            "parent_process": {"pid": event.parent} if event.parent is not None else {},
        }
    )


def _hash(event: Event) -> dict[str, Any]:
    return {"algorithm_id": _SHA256, "algorithm": "SHA-256", "value": event.sha256} if event.sha256 else {}


def _milliseconds(at: str) -> int:
    try:
        return max(0, int(datetime.fromisoformat(at).timestamp() * 1000))
    except (ValueError, OverflowError, OSError):
        return 0


EXPORT = EventExport(
    id="ocsf",
    title="Open Cybersecurity Schema Framework 1.8, JSON lines",
    line=line,
    carries="finding 2004, software 5020, process 1007 with `ai_model`, other records 0",
    validated_by="a schema of the classes and objects it uses; once the whole published schema of 1.8.0",
    next_step="Let your data lake or SIEM read the file as OCSF 1.8.",
)
