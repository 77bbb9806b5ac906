"""From what was found to things that can be recorded: a look at processes, a scan, an audit of agents. Pure.

Numbers that change by themselves (memory in use, load) stay out, so that equal states give equal records.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from weighbridge.model.agent_audit import AgentAudit
from weighbridge.model.artifact import Artifact, Scan
from weighbridge.model.finding import Confidence, Finding, Severity
from weighbridge.model.place import Place
from weighbridge.model.running import RunningProcess, Snapshot
from weighbridge.model.verdict import Verdict
from weighbridge.pipeline.watch_decide import Seen
from weighbridge.report.json_v1 import path_document, plain_text
from weighbridge.report.ps_json import process_document

if TYPE_CHECKING:
    from weighbridge.policy.policy import Policy

LOOK_SCOPE = ("finding/process", "listener", "process")
"""Kinds of which a look at processes sees all there is."""
POLICY_SCOPE = ("finding/policy",)
STALE = "policy-stale"
"""Check of the finding on a policy of which nobody here can know whether it is still the newest."""
REVOKED = "revoked-model"
"""`policy.rulings.REVOKED_RULE`: what people must know of a verdict, wherever it is read."""
SCAN_SCOPE = ("finding/artifact", "sighting")
AUDIT_SCOPE = ("agent", "finding/agents", "secret", "toolchain")
_MOST_FINDINGS = 50
"""Findings of one thing that are recorded; a hostile file can have thousands."""
_ELSEWHERE = ("accelerators", "findings", "listeners", "resident_bytes", "verdict", "network")
"""Parts of a process's document that are records of their own, or change by themselves."""


def of_snapshot(snapshot: Snapshot) -> Iterator[Seen]:
    """Yield processes, what they listen on, and what should be known of them."""
    for process in snapshot.processes:
        yield from of_process(process)


def of_process(process: RunningProcess) -> Iterator[Seen]:
    """Yield one process, what it listens on, and what should be known of it."""
    document = process_document(process)
    data = {key: value for key, value in document.items() if key not in _ELSEWHERE}
    data["network"] = process.network.connectivity.value
    data["verdict"] = _verdict(process.verdict)
    yield Seen("process", data)
    for listener in document["listeners"]:
        yield Seen("listener", _name(process) | listener)
    for finding in process.findings[:_MOST_FINDINGS]:
        yield _finding("process", finding, _name(process))


def of_policy(policy: "Policy") -> Iterator[Seen]:
    """Yield which policy weighs, whose it is, and that it is stale if it is."""
    sources = "\n".join(sorted(rule.source for rule in policy.rules))
    rules = sha256(sources.encode()).hexdigest()
    data: dict[str, Any] = {"policy": policy.title, "mode": policy.settings.mode, "rules_sha256": rules}
    if policy.origin is not None:
        data |= {"whose": policy.origin.whose, "number": policy.origin.number, "stale_since": policy.origin.stale}
    yield Seen("policy-change", data)
    if policy.stale_words:
        stated = {"severity": Severity.MEDIUM.value, "confidence": Confidence.HIGH.value, "where": ""}
        words = plain_text(policy.stale_words.replace("\n", "; "))
        yield Seen("finding", {"of": "policy", "check": STALE, "message": words, **stated})


def of_scan(scan: Scan) -> Iterator[Seen]:
    """Yield models, where they lie, what policy says of them, and what should be known."""
    for artifact in scan.artifacts:
        name = identity(artifact)
        yield Seen(
            "artifact",
            {
                "artifact": name,
                "sha256": artifact.sha256,
                "claimed_sha256": artifact.claimed_sha256,
                "format": artifact.format,
                "size": artifact.size,
                "assessment": artifact.assessment.value,
                "license": None if artifact.license.concluded is None else plain_text(artifact.license.concluded),
                "commercial": artifact.license.commercial.value,
                "lineage": [plain_text(one) for one in artifact.lineage[:20]],
                "findings": sorted({finding.check for finding in artifact.findings}),
            },
        )
        for place in artifact.places:
            yield Seen("sighting", {"artifact": name, **_place(place)})
        if artifact.verdict is not None:
            yield Seen("verdict", {"artifact": name, **_verdict(artifact.verdict)})
        about: dict[str, Any] = {"artifact": name, **path_document(artifact.places[0].path)} if artifact.places else {}
        for finding in artifact.findings[:_MOST_FINDINGS]:
            yield _finding("artifact", finding, about)
    for repository in scan.repositories:
        for finding in repository.findings[:_MOST_FINDINGS]:
            yield _finding("artifact", finding, path_document(repository.path))


def of_audit(audit: AgentAudit) -> Iterator[Seen]:
    """Yield agents with all that belongs to them, tools, keys without values, and what should be known."""
    inventory = audit.inventory
    for agent in inventory.agents:
        evidence = [{"kind": one.kind, "detail": plain_text(one.detail)} for one in agent.evidence]
        path = path_document(agent.evidence[0].path) if agent.evidence else {}
        version = None if agent.version is None else plain_text(agent.version)
        found = {"agent": agent.id, "version": version, "installed": agent.installed, "evidence": evidence, **path}
        yield _agent("agent", agent.id, found)
    for server in inventory.tool_servers:
        words = {
            "agents": list(server.agents),
            "scope": server.scope.value,
            "key": plain_text(server.key),
            "transport": server.transport,
            "command": [plain_text(word) for word in server.command],
            "url": None if server.url is None else plain_text(server.url),
            "environment": [plain_text(one) for one in server.environment],
            "enabled": server.enabled,
            "approved_tools": [plain_text(one) for one in server.approved_tools],
        }
        yield _agent("tool server", server.name, words | path_document(server.path))
    for skill in inventory.skills:
        words = {
            "agents": list(skill.agents),
            "scope": skill.scope.value,
            "sha256": skill.sha256,
            "programs": [plain_text(one) for one in skill.programs],
        }
        yield _agent("skill", skill.name, words | path_document(skill.path))
    for hook in inventory.hooks:
        words = {"agents": [hook.agent], "key": plain_text(hook.key), "command": plain_text(hook.command)}
        yield _agent("hook", hook.event, words | path_document(hook.path))
    for mode in inventory.permissions:
        words = {"agents": [mode.agent], "key": plain_text(mode.key), "value": plain_text(mode.value)}
        yield _agent("permission", mode.agent, words | {"autonomous": mode.autonomous} | path_document(mode.path))
    for file in inventory.instructions:
        words = {"agents": list(file.agents), "scope": file.scope.value, "sha256": file.sha256}
        yield _agent("instructions", "", words | path_document(file.path))
    for tool in audit.tools.tools:
        yield Seen(
            "toolchain",
            {
                "ecosystem": tool.ecosystem.value,
                "name": plain_text(tool.name),
                "version": None if tool.version is None else plain_text(tool.version),
                "role": tool.role,
                **path_document(tool.path),
            },
        )
    for key in inventory.keys:
        yield Seen(
            "secret",
            {
                "format": key.format,
                "provider": key.provider,
                "fingerprint": key.fingerprint,
                "line": key.line,
                "name": None if key.name is None else plain_text(key.name),
                "place": key.place,
                "readable_by": key.readable_by,
                "agents": list(key.agents),
                **({} if key.path is None else path_document(key.path)),
            },
        )
    for judged in audit.judged:
        about = {"name": plain_text(judged.name), **path_document(judged.path)}
        for finding in judged.findings[:_MOST_FINDINGS]:
            yield _finding("agents", finding, about, where=f"{judged.kind} {plain_text(judged.name)}")


def identity(artifact: Artifact) -> str:
    """Return what names an artifact in records: its digest; without one, where it lies."""
    if artifact.sha256 or artifact.claimed_sha256:
        return artifact.sha256 or f"claimed:{artifact.claimed_sha256}"
    place = artifact.places[0] if artifact.places else None
    return "" if place is None else plain_text("!/".join([path_document(place.path)["path"], *_member(place)]))


def places(scan: Scan) -> Iterable[bytes]:
    """Return where models lie."""
    return {place.path for artifact in scan.artifacts for place in artifact.places}


def _member(place: Place) -> list[str]:
    return [] if place.member is None else [place.member]


def _name(process: RunningProcess) -> dict[str, Any]:
    return {"pid": process.pid, "started": process.started}


def _agent(what: str, name: str, words: dict[str, Any]) -> Seen:
    return Seen("agent", {"what": what, "name": plain_text(name), **words})


def _place(place: Place) -> dict[str, Any]:
    return {
        **path_document(place.path),
        "member": None if place.member is None else plain_text(place.member),
        "store": place.store,
        "store_name": None if place.store_name is None else plain_text(place.store_name),
    }


def _verdict(verdict: Verdict | None) -> dict[str, Any]:
    if verdict is None:
        return {}
    rules = [plain_text(rule.id) for rule in verdict.rules]
    said: dict[str, Any] = {"decision": verdict.decision.value, "policy": plain_text(verdict.policy), "rules": rules}
    for rule in verdict.rules:
        if rule.id == REVOKED:
            said |= {"revoked": plain_text(rule.reason), "remedy": plain_text(rule.remedy)}
    return said


def _finding(of: str, finding: Finding, about: dict[str, Any], *, where: str = "") -> Seen:
    evidence = finding.evidence
    parts = [where, evidence.member, evidence.key, None if evidence.offset is None else f"byte {evidence.offset}"]
    return Seen(
        "finding",
        {
            "of": of,
            "check": finding.check,
            "severity": finding.severity.value,
            "confidence": finding.confidence.value,
            "message": plain_text(finding.message),
            "where": plain_text(" ".join(part for part in parts if part)),
            **about,
        },
    )
