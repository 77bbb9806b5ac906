"""A snapshot with everything in it."""

from weighbridge.model.actor import Actor, ActorKind
from weighbridge.model.finding import Assessment, Confidence, Finding, Severity
from weighbridge.model.network_state import Connectivity, NetworkState
from weighbridge.model.running import (
    AcceleratorUse,
    Listener,
    RunningProcess,
    RunningWeights,
    Snapshot,
    WeightsEvidence,
)
from weighbridge.model.verdict import DecidingRule, Decision, Verdict

OFFICE = NetworkState(connectivity=Connectivity.CORPORATE, reasons=("office: 10.20.0.0/16 is routed over wg0",))


def verdict(decision: Decision, reason: str = "Its license allows no commercial use.") -> Verdict:
    rule = DecidingRule(id="deny-noncommercial", severity="high", reason=reason, remedy="Use another model.")
    return Verdict(decision=decision, action="infer", policy="balanced 1", mode="enforce", rules=(rule,))


SERVER = RunningProcess(
    pid=4711,
    started=100,
    name="llama-server",
    executable=b"/opt/llama/llama-server",
    command_line=(b"/opt/llama/llama-server", b"-m", b"/models/qwen.gguf", b"--host", b"0.0.0.0"),
    user="ada",
    runtime="llama_cpp",
    runtime_reasons=("owned_by llamacpp at /v1/models",),
    weights=(
        RunningWeights(
            evidence=(WeightsEvidence.MAPPED, WeightsEvidence.COMMAND_LINE),
            sha256="3f9a" + "0" * 60,
            path=b"/models/qwen2.5-coder-7b-q4_k_m.gguf",
            size=4_700_000_000,
            format="gguf",
            replaced=True,
        ),
        RunningWeights(evidence=(WeightsEvidence.OPEN,), claimed_sha256="ab" * 32, path=b"/models/draft.gguf"),
    ),
    listeners=(
        Listener(transport="tcp", address="0.0.0.0", port=8080, exposed=True, product="llama_cpp", api="openai"),
        Listener(transport="unix", address="/run/llama.sock"),
    ),
    accelerators=(
        AcceleratorUse(
            accelerator="nvidia:GPU-1",
            title="H100",
            scope="process",
            window_seconds=1.0,
            quality="sampled",
            source="nvml",
            busy=0.75,
            memory_bytes=4_000_000_000,
        ),
    ),
    actor=Actor(kind=ActorKind.HUMAN, reasons=("on terminal pts/3",)),
    network=OFFICE,
    resident_bytes=5_100_000_000,
    verdict=verdict(Decision.DENY),
    findings=(
        Finding(
            check="listener-exposed",
            severity=Severity.HIGH,
            confidence=Confidence.HIGH,
            message="Anybody who reaches port 8080 can use the model.",
            remedy="Bind it to 127.0.0.1.",
            implies=Assessment.CLEAN,
        ),
    ),
    not_visible=("open files: needs root",),
)
AGENT = RunningProcess(
    pid=800,
    started=90,
    name="claude",
    actor=Actor(kind=ActorKind.AGENT, agent="claude_code", reasons=("is claude",), autonomous=True),
    resident_bytes=190_000_000,
)
QUIET = RunningProcess(
    pid=900,
    started=91,
    name="python3",
    weights=(RunningWeights(evidence=(WeightsEvidence.MAPPED,), sha256="77" * 32, name="phi-4"),),
    actor=Actor(kind=ActorKind.SERVICE),
    resident_bytes=9_000_000_000,
    verdict=verdict(Decision.ALLOW),
)
EVERYTHING = Snapshot(
    taken_at="2026-11-21T12:00:00Z",
    network=OFFICE,
    processes=(AGENT, QUIET, SERVER),
    processes_seen=400,
    not_visible=("mapped files of 12 processes: needs CAP_PERFMON",),
)
