"""One verdict on a process: the strictest of what is said of its weights, its runtime and its listeners."""

import datetime

from weighbridge.host.fake import FakeMachine
from weighbridge.model.actor import Actor, ActorKind
from weighbridge.model.artifact import Artifact
from weighbridge.model.finding import Assessment
from weighbridge.model.running import Listener, RunningProcess
from weighbridge.model.verdict import Decision, Verdict
from weighbridge.pipeline.policies import load_policy
from weighbridge.pipeline.running_verdicts import process_verdict
from weighbridge.policy.weigh import Circumstances

TODAY = Circumstances(day=datetime.date(2026, 11, 21))
BALANCED = load_policy(FakeMachine(), "balanced")


def artifact(assessment: Assessment = Assessment.CLEAN) -> Artifact:
    return Artifact(format="gguf", size=1000, places=(), assessment=assessment, sha256="ab" * 32)


def process(**more: object) -> RunningProcess:
    return RunningProcess(pid=1, started=1, name="x", **more)  # type: ignore[arg-type]


def verdict(one: RunningProcess, *artifacts: Artifact) -> Verdict | None:
    return process_verdict(one, artifacts, BALANCED, TODAY)


def test_nothing_to_weigh_has_no_verdict() -> None:
    listener = Listener(transport="tcp", address="0.0.0.0", port=22, exposed=True)
    assert verdict(process(listeners=(listener,))) is None


def test_the_worst_of_several_weights_decides() -> None:
    found = verdict(process(), artifact(), artifact(Assessment.MALICIOUS))
    assert found is not None
    assert (found.decision, found.action, found.rules[0].id) == (Decision.DENY, "infer", "deny-malicious")


def test_an_open_listener_counts_beside_clean_weights() -> None:
    listener = Listener(transport="tcp", address="0.0.0.0", port=8080, exposed=True, product="llama_cpp")
    found = verdict(process(listeners=(listener,)), artifact())
    assert found is not None
    assert "warn-open-listener" in [rule.id for rule in found.rules]
    closed = Listener(transport="tcp", address="127.0.0.1", port=8080, product="llama_cpp")
    found = verdict(process(listeners=(closed,)), artifact())
    assert found is not None
    assert "warn-open-listener" not in [rule.id for rule in found.rules]


def test_an_agent_is_weighed_as_one() -> None:
    actor = Actor(kind=ActorKind.AGENT, agent="claude_code", autonomous=True)
    found = verdict(process(actor=actor), artifact(Assessment.REVIEW))
    assert found is not None
    assert found.decision is not Decision.ALLOW


def test_every_rule_is_named_once() -> None:
    found = verdict(process(runtime="llama_cpp"), artifact(), artifact())
    assert found is not None
    assert len({rule.id for rule in found.rules}) == len(found.rules)
