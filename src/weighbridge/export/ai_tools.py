"""Rows shaped like Fleet's table `ai_tools`, as JSON lines.

Source: Fleet, schema/tables/ai_tools.yml, August 2026 (columns, values of `type` and `risk_flags`). Models have no type
of their own there; a process that runs models or serves them is a row, and so are an agent, a tool server, a skill and
a file of instructions from `wb agent audit`.
"""

import json
from typing import Any

from weighbridge.export.event import Event, What
from weighbridge.export.export import EventExport
from weighbridge.export.reported import base_name

COLUMNS = (
    *("type", "name", "identifier", "category", "location", "source", "version", "path", "endpoint", "running", "pid"),
    *("port", "risk_flags", "sha256", "uid", "username", "detail"),
)


_TYPES: dict[What, tuple[str, str]] = {
    "agent": ("agents", "coding-assistant"),
    "tool server": ("mcp_server", "mcp-server"),
    "skill": ("agent_instruction", "agent-instruction"),
    "instructions": ("agent_instruction", "agent-instruction"),
}


def line(event: Event) -> str | None:
    """Return a process, or what belongs to an agent, as a row; None for everything else."""
    made = row_of(event)
    return None if made is None else json.dumps(made, ensure_ascii=True, separators=(",", ":"))


def row_of(event: Event) -> dict[str, Any] | None:
    """Return the row of an event with all columns; None if the table has no place for it."""
    if event.kind == "finding" or (event.pid is None and event.what is None):
        return None
    return row(event) if event.what is None else _configured(event, event.what)


def row(event: Event) -> dict[str, Any]:
    """Return one process as a row with all columns; what is not known is empty."""
    listening = next(iter(event.listeners), None)
    is_agent = bool(event.agent) and not event.sha256 and not event.runtime
    return {
        "type": "agents" if is_agent else "sockets" if listening is not None else "apps",
        "name": event.process or base_name(event.executable),
        "identifier": event.agent if is_agent else event.runtime,
        "category": "agent-runtime" if is_agent else "inference-api-local",
        "location": "local",
        "source": "weighbridge",
        "version": "",
        "path": event.executable,
        "endpoint": "",
        "running": 1,
        "pid": event.pid,
        "port": None if listening is None else listening.port,
        "risk_flags": "skip_permissions_runtime" if event.autonomous else "",
        "sha256": event.sha256,
        "uid": "",
        "username": event.user,
        "detail": _detail(event),
    }


def _configured(event: Event, what: What) -> dict[str, Any]:
    """Return what belongs to an agent as a row: it lies there, whether it runs is for `wb ps` to say."""
    kind, category = _TYPES[what]
    risks = (*event.risks, *(("bypass_permissions",) if event.autonomous else ()))
    return dict.fromkeys(COLUMNS, "") | {
        "type": kind,
        "name": event.name,
        "identifier": event.agent if what == "agent" else event.name,
        "category": category,
        "location": "remote" if event.remote else "local",
        "source": "weighbridge" if what == "agent" else event.agent,
        "version": event.version,
        "path": event.path,
        "endpoint": event.endpoint,
        "running": 0,
        "pid": None,
        "port": None,
        "risk_flags": ",".join(risks),
        "sha256": event.sha256,
        "detail": event.original,
    }


def _detail(event: Event) -> str:
    values = {
        "model": event.name,
        "model_path": event.path,
        "evidence": list(event.evidence),
        "exposed": any(one.exposed for one in event.listeners),
        "actor": event.actor,
        "decision": event.decision,
        "rule": event.rule,
        "cmdline": " ".join(event.command_line),
        "network": event.network,
        "not_visible": list(event.not_visible),
    }
    return json.dumps({key: value for key, value in values.items() if value}, ensure_ascii=True, separators=(",", ":"))


EXPORT = EventExport(
    id="ai-tools",
    title="Rows shaped like Fleet's ai_tools, JSON lines",
    line=line,
    carries="running processes with model and listener; agents, tool servers, skills and instructions",
    validated_by="the columns that Fleet publishes",
    next_step="Load the rows beside those of Fleet's own table.",
)
