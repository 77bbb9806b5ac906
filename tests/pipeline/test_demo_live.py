"""The sample machine runs what the pictures need, and every process of it is found."""

from weighbridge.model.actor import ActorKind
from weighbridge.model.running import WeightsEvidence
from weighbridge.pipeline.demo_live import demo_live
from weighbridge.pipeline.demo_machine import demo_machine
from weighbridge.pipeline.policies import load_policy
from weighbridge.pipeline.processes import snapshot


def test_what_runs_on_the_sample_machine() -> None:
    machine = demo_machine()
    found = snapshot(machine, demo_live(machine), load_policy(machine, "balanced"))
    by_pid = {process.pid: process for process in found.processes}
    assert {pid: (one.runtime, one.actor.kind) for pid, one in by_pid.items()} == {
        812: ("ollama", ActorKind.SERVICE),
        2231: ("ollama", ActorKind.SERVICE),
        3314: ("llama_cpp", ActorKind.HUMAN),
        4020: (None, ActorKind.AGENT),
        4101: (None, ActorKind.AGENT),
    }
    (served,) = by_pid[2231].weights
    assert served.name == "library/gemma3:270m"
    assert served.sha256 == served.claimed_sha256
    (replaced,) = by_pid[4101].weights
    assert (replaced.evidence, replaced.replaced) == ((WeightsEvidence.MAPPED,), True)
    assert by_pid[3314].listeners[0].exposed
    assert len(found.not_visible) == 4
