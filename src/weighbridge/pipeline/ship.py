"""The build gate: what would ship, weighed for the action `ship` by a build.

A scan of the given paths, and what only a gate asks: which layer of an image holds an artifact, what Git LFS pointers
stand for, and waivers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from weighbridge.host.interrupt import Interrupts
from weighbridge.host.machine import Machine
from weighbridge.model.artifact import Artifact, Scan
from weighbridge.model.events import Listener, silent
from weighbridge.model.finding import Assessment
from weighbridge.model.record import record
from weighbridge.model.verdict import DecidingRule, Decision, Verdict
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.policies import load_policy
from weighbridge.pipeline.run import scan
from weighbridge.pipeline.shipped_images import missing_layers, with_layers, without_plain_layers
from weighbridge.pipeline.sight import Seen
from weighbridge.policy.weigh import Circumstances, Principal, weigh_all

if TYPE_CHECKING:
    from weighbridge.signing.waiver import Waiver

ACTION = "ship"
POINTER_FACT = "lfs.sha256"
_STRICTNESS = {Decision.ALLOW: 0, Decision.WARN: 1, Decision.PENDING: 2, Decision.DENY: 3}


@record
class Shipment:
    """What would ship, with a verdict for each artifact."""

    scan: Scan
    waived: tuple[tuple[str, str], ...] = ()
    """Digest and rule of the waivers that were used."""


def weigh_shipment(
    machine: Machine,
    options: Options,
    waivers: Sequence["Waiver"] = (),
    listener: Listener = silent,
    interrupts: Interrupts | None = None,
) -> Shipment:
    """Return what would ship from `options.roots`.

    Args:
        machine: where.
        options: paths and policy; the action is always `ship`.
        waivers: signed, unexpired; see `weighbridge.pipeline.waivers`.
        listener: progress.
        interrupts: what became of Ctrl-C.

    Raises:
        WeighbridgeError: the policy cannot be used.
    """
    seen = Seen()
    found = scan(machine, replace(options, action=ACTION, contents=True), listener, interrupts, seen)
    artifacts = tuple(_as_claimed(artifact) for artifact in found.artifacts)
    artifacts = without_plain_layers(machine, options.roots, artifacts, seen.contents)
    artifacts = with_layers(machine, options.roots, artifacts, seen.contents)
    policy = load_policy(machine, options.policy)
    verdicts = weigh_all(
        artifacts,
        policy,
        ACTION,
        principal=Principal(kind="Build"),
        circumstances=Circumstances(day=machine.now().date()),
        repositories=found.repositories,
    )
    by_key = {(waiver.sha256, waiver.rule): waiver for waiver in waivers}
    used: list[tuple[str, str]] = []
    weighed = tuple(
        replace(artifact, verdict=waived(artifact, verdict, by_key, used))
        for artifact, verdict in zip(artifacts, verdicts, strict=True)
    )
    archives = {*seen.contents, *(place.path for artifact in artifacts for place in artifact.places)}
    unexamined = (*found.unexamined, *missing_layers(machine, options.roots, archives))
    return Shipment(scan=replace(found, artifacts=weighed, unexamined=unexamined), waived=tuple(dict.fromkeys(used)))


def waived(
    artifact: Artifact, verdict: Verdict, waivers: Mapping[tuple[str, str], "Waiver"], used: list[tuple[str, str]]
) -> Verdict:
    """Return the verdict without the rules that somebody waived for this content; what was waived stays visible.

    Nothing is waived for what is malicious or hostile. `used` gets digest and rule of each waiver that took part.
    """
    digest = artifact.sha256
    if not waivers or digest is None or artifact.assessment in (Assessment.MALICIOUS, Assessment.HOSTILE):
        return verdict
    rules: list[DecidingRule] = []
    for rule in verdict.rules:
        waiver = waivers.get((digest, rule.id))
        if waiver is None or rule.decision is Decision.ALLOW:
            rules.append(rule)
            continue
        used.append((digest, rule.id))
        reason = f"Waived until {waiver.expires} by {waiver.answerable}: {waiver.reason} ({rule.reason})"
        rules.append(replace(rule, decision=Decision.WARN, reason=reason, remedy="Resolve it before the waiver ends."))
    rules.sort(key=lambda rule: -_STRICTNESS[rule.decision])
    strictest = rules[0].decision if rules else verdict.decision
    decision = min(verdict.decision, strictest, key=_STRICTNESS.__getitem__)
    remedy = rules[0].remedy if rules and strictest is not Decision.ALLOW else ""
    return replace(verdict, decision=decision, rules=tuple(rules), remedy=remedy, by_rules=strictest)


def _as_claimed(artifact: Artifact) -> Artifact:
    """Return a Git LFS pointer as what it stands for: its own digest is that of a text, not of weights."""
    oid = next((fact.value for fact in artifact.facts if fact.name == POINTER_FACT), None)
    if not isinstance(oid, str):
        return artifact
    return replace(artifact, sha256=None, blake3=None, claimed_sha256=oid)
