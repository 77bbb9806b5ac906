"""From a report to events: one for each model, process, part of an agent, and finding.

In: a report of `wb scan`, `wb ps` or `wb agent audit` as plain values, from anywhere. Out: `Event`s, in its order. What
is not of its type counts as absent.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from weighbridge.export.agent_events import agent_events
from weighbridge.export.event import Address, Event
from weighbridge.export.reported import AGENTS, PROCESSES, base_name, mapping, number, objects, path_of, text, texts

_SEVERITIES = ("info", "low", "medium", "high", "critical")
_BY_DECISION = {"deny": "high", "pending": "medium", "warn": "medium"}


def events_of(report: Mapping[str, Any]) -> Iterator[Event]:
    """Yield the events of a report."""
    schema = text(report, "schema")
    running = schema == PROCESSES
    common = Event(
        kind="process" if running else "artifact",
        id="",
        at=text(report, "taken_at") or text(report, "finished_at"),
        machine=text(report, "machine"),
        tool_version=text(mapping(report, "tool"), "version"),
        policy=text(report, "policy"),
        message="",
    )
    if running:
        for process in objects(report, "processes"):
            yield from process_events(process, common)
    elif schema == AGENTS:
        yield from map(_named, agent_events(report, common))
    else:
        for artifact in objects(report, "artifacts"):
            yield from artifact_events(artifact, common)


def artifact_events(artifact: Mapping[str, Any], common: Event) -> Iterator[Event]:
    """Yield the event of an artifact and those of its findings.

    Args:
        artifact: as json-v1 has it.
        common: what all events of the report share.
    """
    path = path_of(artifact)
    license_terms = mapping(artifact, "license")
    name = next((text(fact, "value") for fact in objects(artifact, "facts") if text(fact, "name") == "name"), "")
    made = replace(
        common,
        kind="artifact",
        **_verdict(artifact),
        name=name or base_name(path),
        sha256=text(artifact, "sha256") or text(artifact, "claimed_sha256"),
        path=path,
        size=number(artifact, "size"),
        format=text(artifact, "format"),
        assessment=text(artifact, "assessment"),
        license=text(license_terms, "concluded") or ", ".join(texts(license_terms, "declared")),
    )
    found = list(objects(artifact, "findings"))
    what = f"{made.format or 'model'} {made.name or made.sha256[:12]}".strip()
    weighed = f": {made.decision}" if made.decision else ""
    yield _named(made, message=f"Model {what}{weighed}", severity=_worst(made.decision, found))
    yield from _findings(found, made)


def process_events(process: Mapping[str, Any], common: Event) -> Iterator[Event]:
    """Yield the event of a running process and those of its findings.

    Args:
        process: as weighbridge.ps/1 has it.
        common: what all events of the report share.
    """
    weights = next(objects(process, "weights"), {})
    actor = mapping(process, "actor")
    autonomous = actor.get("autonomous")
    made = replace(
        common,
        kind="process",
        **_verdict(process),
        name=text(weights, "name") or base_name(text(weights, "path")),
        sha256=text(weights, "sha256") or text(weights, "claimed_sha256"),
        path=text(weights, "path"),
        size=number(weights, "size"),
        format=text(weights, "format"),
        evidence=texts(weights, "evidence"),
        pid=number(process, "pid"),
        parent=number(process, "parent"),
        process=text(process, "name"),
        executable=text(process, "executable"),
        command_line=texts(process, "command_line"),
        user=text(process, "user"),
        runtime=text(process, "runtime"),
        agent=text(actor, "agent"),
        actor=text(actor, "kind"),
        autonomous=autonomous if isinstance(autonomous, bool) else None,
        listeners=tuple(map(_address, objects(process, "listeners"))),
        network=text(mapping(process, "network"), "connectivity"),
        not_visible=texts(process, "not_visible"),
    )
    found = list(objects(process, "findings"))
    runs = f" runs {made.name or made.sha256[:12]}" if made.name or made.sha256 else ""
    message = f"Process {made.process or made.pid}{runs}" + (f": {made.decision}" if made.decision else "")
    yield _named(made, message=message, severity=_worst(made.decision, found))
    yield from _findings(found, made)


def _findings(findings: list[Mapping[str, Any]], about: Event) -> Iterator[Event]:
    """Yield what checks found; what a policy decided stands in the event of the thing itself, once."""
    for finding in findings:
        severity = text(finding, "severity")
        yield _named(
            about,
            kind="finding",
            decision="",
            rule="",
            reason="",
            message=text(finding, "message"),
            severity=severity if severity in _SEVERITIES else "info",
            check=text(finding, "check"),
            confidence=text(finding, "confidence"),
            remedy=text(finding, "remedy"),
            atlas=text(finding, "atlas"),
        )


def _named(event: Event, **values: Any) -> Event:  # noqa: ANN401  (fields of Event, checked by it)
    """Return an event with an id that stands for what it says."""
    made = replace(event, **values)
    about = (made.sha256, made.path, made.pid, made.name, made.original)
    said = (made.kind, made.at, made.machine, made.check, made.message, *about)
    return replace(made, id=sha256(repr(said).encode("utf-8", "backslashreplace")).hexdigest()[:32])


def _verdict(values: Mapping[str, Any]) -> dict[str, Any]:
    verdict = mapping(values, "verdict")
    rule = next(objects(verdict, "rules"), {})
    decision = text(verdict, "decision")
    return {
        "decision": decision,
        "observed_only": text(verdict, "mode") != "enforce",
        "rule": text(rule, "id") or next(iter(texts(verdict, "policies")), ""),
        "reason": text(rule, "reason"),
        "remedy": text(verdict, "remedy") if decision != "allow" else "",
    }


def _address(listener: Mapping[str, Any]) -> Address:
    authenticated = listener.get("authenticated")
    return Address(
        address=text(listener, "address"),
        port=number(listener, "port"),
        exposed=listener.get("exposed") is True,
        authenticated=authenticated if isinstance(authenticated, bool) else None,
    )


def _worst(decision: str, findings: list[Mapping[str, Any]]) -> str:
    said = [_BY_DECISION.get(decision, "info"), *(text(finding, "severity") for finding in findings)]
    return max((one for one in said if one in _SEVERITIES), key=_SEVERITIES.index)
