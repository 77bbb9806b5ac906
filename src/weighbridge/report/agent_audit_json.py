"""The audit of agents for machines: `weighbridge.agents/1`. Fields are added, never renamed or removed."""

from collections.abc import Sequence
from typing import Any

from weighbridge.model.agent import AgentInventory, HiddenText, LeakedKey, RunText, ToolServer
from weighbridge.model.agent_audit import AgentAudit
from weighbridge.model.finding import Finding, Unexamined
from weighbridge.model.place import display
from weighbridge.model.toolchain import InstalledTool

SCHEMA = "weighbridge.agents/1"


def inventory_document(inventory: AgentInventory) -> dict[str, Any]:
    """Return what was found out about agents as plain values."""
    return {
        "agents": [
            {
                "id": agent.id,
                "title": agent.title,
                "installed": agent.installed,
                "version": agent.version,
                "evidence": [
                    {"kind": one.kind, "detail": one.detail, "path": display(one.path)} for one in agent.evidence
                ],
            }
            for agent in inventory.agents
        ],
        "tool_servers": [_tool_server(server) for server in inventory.tool_servers],
        "skills": [
            {
                "name": skill.name,
                "description": skill.description,
                "path": display(skill.path),
                "scope": skill.scope.value,
                "agents": list(skill.agents),
                "readers": list(skill.readers),
                "files": skill.files,
                "bytes": skill.bytes,
                "sha256": skill.sha256,
                "programs": list(skill.programs),
                **_texts(skill.hidden, skill.runs),
            }
            for skill in inventory.skills
        ],
        "hooks": [
            {
                "agent": hook.agent,
                "event": hook.event,
                "matcher": hook.matcher,
                "command": hook.command,
                "program": display(hook.program) if hook.program else None,
                "writable_by_all": display(hook.writable_by_all) if hook.writable_by_all else None,
                "fetched_code": hook.fetched_code,
                "scope": hook.scope.value,
                "path": display(hook.path),
                "key": hook.key,
            }
            for hook in inventory.hooks
        ],
        "permissions": [
            {
                "agent": one.agent,
                "key": one.key,
                "value": one.value,
                "autonomous": one.autonomous,
                "hearsay": one.hearsay,
                "meaning": one.meaning,
                "scope": one.scope.value,
                "path": display(one.path),
            }
            for one in inventory.permissions
        ],
        "instructions": [
            {
                "path": display(one.path),
                "scope": one.scope.value,
                "agents": list(one.agents),
                "readers": list(one.readers),
                "size": one.size,
                "sha256": one.sha256,
                **_texts(one.hidden, one.runs),
            }
            for one in inventory.instructions
        ],
        "keys": [key_document(key) for key in inventory.keys],
        "projects": [display(path) for path in inventory.projects],
    }


def _tool_server(server: ToolServer) -> dict[str, Any]:
    package = server.package
    return {
        "name": server.name,
        "agents": list(server.agents),
        "scope": server.scope.value,
        "path": display(server.path),
        "key": server.key,
        "transport": server.transport,
        "command": list(server.command),
        "url": server.url,
        "loopback": server.loopback,
        "environment": list(server.environment),
        "headers": list(server.headers),
        "package": None
        if package is None
        else {
            "ecosystem": package.ecosystem,
            "name": package.name,
            "version": package.version,
            "pinned": package.pinned,
        },
        "fetched_code": server.fetched_code,
        "enabled": server.enabled,
        "approved_tools": list(server.approved_tools),
    }


def _texts(hidden: Sequence[HiddenText], runs: Sequence[RunText]) -> dict[str, Any]:
    return {
        "hidden": [{"file": one.file, "line": one.line, "kind": one.kind, "count": one.count} for one in hidden],
        "runs": [{"file": one.file, "line": one.line, "kind": one.kind, "text": one.text} for one in runs],
    }


def key_document(key: LeakedKey) -> dict[str, Any]:
    """Return a key without its value: format, place and keyed fingerprint."""
    return {
        "format": key.format,
        "provider": key.provider,
        "fingerprint": key.fingerprint,
        "path": display(key.path) if key.path else None,
        "line": key.line,
        "name": key.name,
        "pid": key.pid,
        "agents": list(key.agents),
        "place": key.place,
        "readable_by": key.readable_by,
    }


def tool_document(tool: InstalledTool) -> dict[str, Any]:
    """Return an installed tool as plain values."""
    return {
        "ecosystem": tool.ecosystem.value,
        "name": tool.name,
        "version": tool.version,
        "role": tool.role,
        "path": display(tool.path),
        "environment": display(tool.environment),
    }


def finding_document(finding: Finding) -> dict[str, Any]:
    """Return a finding as plain values."""
    return {
        "check": finding.check,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "message": finding.message,
        "remedy": finding.remedy,
        "key": finding.evidence.key,
        "value": finding.evidence.value,
    }


def unexamined_document(item: Unexamined) -> dict[str, Any]:
    """Return what could not be read as plain values."""
    return {"path": display(item.path), "reason": item.reason}


def document(audit: AgentAudit) -> dict[str, Any]:
    """Return a whole audit as plain values."""
    return {
        "schema": SCHEMA,
        "taken_at": audit.taken_at,
        **inventory_document(audit.inventory),
        "tools": [tool_document(tool) for tool in audit.tools.tools],
        "findings": [
            {
                "kind": one.kind,
                "name": one.name,
                "path": display(one.path),
                "line": one.line,
                "agents": list(one.agents),
                **finding_document(finding),
            }
            for one in audit.judged
            for finding in one.findings
        ],
        "unexamined": [unexamined_document(item) for item in audit.unexamined],
    }
