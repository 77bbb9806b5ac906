"""What runs: processes, the weights in them, what they listen on, what they load."""

from enum import StrEnum
from typing import Literal

from weighbridge.model.actor import Actor
from weighbridge.model.finding import Finding
from weighbridge.model.network_state import NetworkState
from weighbridge.model.record import record
from weighbridge.model.verdict import Verdict


class WeightsEvidence(StrEnum):
    """On what it stands that a process runs some weights; the strongest first."""

    MAPPED = "mapped"
    """The file is mapped into the process: these very bytes."""
    OPEN = "open"
    """The process holds the file open."""
    READ = "read"
    """What the process read or holds in memory grew by the size of a known file."""
    COMMAND_LINE = "command-line"
    """An argument names the file."""
    SERVER = "server"
    """The server names the model."""


@record
class RunningWeights:
    """Weights in a process."""

    evidence: tuple[WeightsEvidence, ...]
    """Strongest first."""
    sha256: str | None = None
    """Of the bytes that the process holds, not of what lies at the path now; None until measured."""
    claimed_sha256: str | None = None
    """What a store or the server says."""
    path: bytes | None = None
    """The path under which the process got it; a label, not the identity."""
    size: int | None = None
    """Bytes."""
    format: str | None = None
    """Reader id (`gguf`)."""
    name: str | None = None
    """What the server or the store calls it."""
    deleted: bool = False
    """Whether no path leads to these bytes any more."""
    replaced: bool = False
    """Whether other bytes lie at the path now."""


@record
class Listener:
    """One address on which a process accepts connections."""

    transport: Literal["tcp", "unix"]
    address: str
    """IP address, or the path of a UNIX socket (`@` before an abstract name)."""
    port: int | None = None
    exposed: bool = False
    """Whether machines beyond this one can reach it."""
    product: str | None = None
    """Catalog id of the server that answers (`ollama`), by what it answers; None if it is none that is known."""
    identified_by: tuple[str, ...] = ()
    """What it stands on: `owned_by llamacpp at /v1/models`."""
    api: str | None = None
    """`openai`, `ollama`, `anthropic`: the dialect, also where the product is not known."""
    models: tuple[str, ...] = ()
    """Names of the models that it offers."""
    authenticated: bool | None = None
    """Whether it refuses requests without a key; None where that was not seen."""


@record
class AcceleratorUse:
    """Load on an accelerator in a window of time."""

    accelerator: str
    """`nvidia:GPU-…`, `amdgpu:0000:03:00.0`, `intel-npu:accel0`."""
    title: str
    scope: Literal["process", "device"]
    window_seconds: float
    quality: Literal["measured", "sampled", "estimated"]
    source: str
    """The interface that says so (`nvml`, `fdinfo`, `sysfs`)."""
    engine: str | None = None
    """The part of the device that was busiest, as the driver calls it (`compute`, `gfx`, `npu`)."""
    busy: float | None = None
    """Share of the window in which it computed, 0 to 1."""
    memory_bytes: int | None = None


@record
class RunningProcess:
    """One process that runs or serves models, or is an agent."""

    pid: int
    started: int
    """Clock ticks from boot to start: with `pid`, which process it is."""
    name: str
    """What the kernel calls it: a hint."""
    executable: bytes | None = None
    command_line: tuple[bytes, ...] = ()
    user: str | None = None
    parent: int | None = None
    runtime: str | None = None
    """Catalog id of the product that runs models in it."""
    runtime_reasons: tuple[str, ...] = ()
    served_for: str | None = None
    """Catalog id of the product whose child server it is."""
    container: str | None = None
    weights: tuple[RunningWeights, ...] = ()
    listeners: tuple[Listener, ...] = ()
    accelerators: tuple[AcceleratorUse, ...] = ()
    actor: Actor = Actor()
    network: NetworkState = NetworkState()
    """What this process can reach (its network namespace)."""
    resident_bytes: int | None = None
    findings: tuple[Finding, ...] = ()
    verdict: Verdict | None = None
    not_visible: tuple[str, ...] = ()
    """What could not be seen of it, and what would be needed: `mapped files: needs CAP_PERFMON`."""


@record
class Snapshot:
    """What runs at one moment."""

    taken_at: str
    """RFC 3339, UTC."""
    network: NetworkState
    processes: tuple[RunningProcess, ...]
    device_load: tuple[AcceleratorUse, ...] = ()
    """Accelerator load that belongs to no process that was seen."""
    processes_seen: int = 0
    not_visible: tuple[str, ...] = ()
    """What could not be seen of the machine as a whole."""
