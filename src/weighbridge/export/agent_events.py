"""From an audit of agents to events: one for each agent, tool server, skill, instruction file and finding.

In: a report of `wb agent audit` as plain values, from anywhere. Out: `Event`s. What is not of its type counts as
absent. Keys and hooks are in it by their findings only.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from weighbridge.export.event import Event, What
from weighbridge.export.reported import base_name, mapping, objects, text, texts

_PARTS: dict[str, What] = {
    "agents": "agent",
    "tool_servers": "tool server",
    "skills": "skill",
    "instructions": "instructions",
}
_SAID: dict[What, str] = {
    "agent": "Agent {} is on this machine",
    "tool server": "Tool server {} is configured",
    "skill": "Skill {} is installed",
    "instructions": "Instructions for agents lie in {}",
}
_SEVERITIES = ("info", "low", "medium", "high", "critical")


def agent_events(report: Mapping[str, Any], common: Event) -> Iterator[Event]:
    """Yield the events of an audit, without their ids.

    Args:
        report: as weighbridge.agents/1 has it.
        common: what all events of the report share.
    """
    unasked = {text(one, "agent") for one in objects(report, "permissions") if one.get("autonomous") is True}
    for part, what in _PARTS.items():
        for one in objects(report, part):
            yield _thing(one, what, unasked, common)
    for finding in objects(report, "findings"):
        severity = text(finding, "severity")
        yield replace(
            common,
            kind="finding",
            message=text(finding, "message"),
            severity=severity if severity in _SEVERITIES else "info",
            check=text(finding, "check"),
            confidence=text(finding, "confidence"),
            remedy=text(finding, "remedy"),
            name=text(finding, "name"),
            path=text(finding, "path"),
            agent=", ".join(texts(finding, "agents")),
        )


def _thing(one: Mapping[str, Any], what: What, unasked: set[str], common: Event) -> Event:
    evidence = next(objects(one, "evidence"), {})
    path = text(one, "path") or text(evidence, "path")
    name = text(one, "title") or text(one, "name") or base_name(path)
    whose = (text(one, "id"),) if what == "agent" else texts(one, "agents")
    return replace(
        common,
        kind="record",
        what=what,
        record_kind=what.replace(" ", "-"),
        message=_SAID[what].format(name or "without a name"),
        name=name,
        path=path,
        sha256=text(one, "sha256"),
        agent=", ".join(whose),
        autonomous=True if what == "agent" and unasked & set(whose) else None,
        version=text(one, "version"),
        endpoint=text(one, "url"),
        remote=bool(text(one, "url")) and one.get("loopback") is not True,
        risks=tuple(_risks(one, what)),
        command_line=texts(one, "command"),
        original=json.dumps(one, ensure_ascii=True, separators=(",", ":"), sort_keys=True),
    )


def _risks(one: Mapping[str, Any], what: What) -> Iterator[str]:
    """Yield risks in the words of Fleet's `ai_tools`."""
    package = mapping(one, "package")
    if one.get("fetched_code") is True:
        yield "remote_fetch_exec"
    if package and package.get("pinned") is False:
        yield "unpinned_dependency"
    if text(one, "url").startswith("http://") and one.get("loopback") is not True:
        yield "cleartext_endpoint"
    if what in ("skill", "instructions") and one.get("hidden"):
        yield "hidden_unicode"
