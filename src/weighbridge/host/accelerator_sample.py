"""One reading of one accelerator: two of them make a load."""

from typing import Literal, NamedTuple


class AcceleratorSample(NamedTuple):
    """What an interface said about one device, or about one process on it, at one moment."""

    accelerator: str
    """`nvidia:GPU-…`, `amdgpu:0000:03:00.0`, `intel-npu:accel0`."""
    title: str
    scope: Literal["process", "device"]
    pid: int | None
    client: str
    """Tells several clients in one process apart."""
    engine: str
    source: str
    """`nvml`, `fdinfo`, `sysfs`."""
    at: float
    """Seconds on a clock that never steps."""
    busy: float | None = None
    """Work since the client began, in the unit of `total`: seconds if that is None."""
    total: float | None = None
    """What could have been done since then."""
    capacity: int = 1
    share: float | None = None
    """Busy share over `window` as the interface itself says, where it does."""
    window: float | None = None
    memory_bytes: int | None = None
