"""Accelerators of a Linux machine: DRM and accel descriptors, NPU counters, NVIDIA's library.

Source: Linux Documentation/gpu/drm-usage-stats.rst; Documentation/ABI/testing/sysfs-driver-intel_vpu
(`npu_busy_time_us`, `npu_memory_utilization`: of the whole device, read at most once a second).
"""

import os
from collections.abc import Iterator

from weighbridge.host.accelerator_sample import AcceleratorSample
from weighbridge.host.drm_clients import DrmClient, parse_fdinfo
from weighbridge.host.nvml import Nvml

_TITLES = {
    "amdgpu": "AMD GPU",
    "i915": "Intel GPU",
    "xe": "Intel GPU",
    "amdxdna_accel_driver": "AMD NPU",
    "intel_vpu": "Intel NPU",
}
_DEVICES = (b"/dev/dri/", b"/dev/accel/")


class LinuxAccelerators:
    """The accelerators of this machine.

    Args:
        proc, sysfs, devices: where these trees stand; tests build their own.
        nvml: NVIDIA's library; opened when it is first needed.
    """

    def __init__(
        self, proc: bytes = b"/proc", sysfs: bytes = b"/sys", devices: bytes = b"/dev", nvml: Nvml | None = None
    ) -> None:
        self._proc, self._sysfs, self._devices = proc, sysfs, devices
        self._nvml = nvml

    def samples(self, at: float, wall: float) -> tuple[list[AcceleratorSample], list[str]]:
        """Return what can be seen now, and what cannot and why; `at` and `wall` as for `Nvml.samples`."""
        missed: list[str] = []
        found = [*self._npus(at)]
        if any(os.path.isdir(self._devices + name) for name in (b"/dri", b"/accel")):
            found += self._clients(at, missed)
        if self._nvml is None and os.path.exists(self._devices + b"/nvidiactl"):
            self._nvml = Nvml()
        if self._nvml is not None:
            found += self._nvml.samples(at, wall)
            missed += [self._nvml.problem] if self._nvml.problem else []
        return found, missed

    def _clients(self, at: float, missed: list[str]) -> Iterator[AcceleratorSample]:
        seen: set[tuple[int, str, str, str]] = set()
        hidden = 0
        for pid in sorted(int(name) for name in os.listdir(self._proc) if name.isdigit()):
            folder = self._proc + b"/%d" % pid
            try:
                clients = [*_clients_of(folder)]
            except PermissionError:
                hidden += 1
                continue
            except OSError:
                continue  # ended meanwhile
            for client in clients:
                key = (pid, client.driver, client.device, client.client)
                if key not in seen:
                    seen.add(key)
                    yield from _samples(pid, client, at)
        if hidden:
            missed.append(f"GPU and NPU use of {hidden} processes of other users: needs CAP_SYS_PTRACE or root")

    def _npus(self, at: float) -> Iterator[AcceleratorSample]:
        folder = self._sysfs + b"/class/accel"
        try:
            names = sorted(os.listdir(folder))
        except OSError:
            return
        for name in names:
            device = folder + b"/" + name + b"/device/"
            busy, memory = _number(device + b"npu_busy_time_us"), _number(device + b"npu_memory_utilization")
            if busy is not None:
                label = f"intel-npu:{os.fsdecode(name)}"
                sample = AcceleratorSample(label, "Intel NPU", "device", None, "", "npu", "sysfs", at)
                yield sample._replace(busy=busy / 1e6, memory_bytes=memory)


def _clients_of(folder: bytes) -> Iterator[DrmClient]:
    for descriptor in os.listdir(folder + b"/fd"):
        try:
            if not os.readlink(folder + b"/fd/" + descriptor).startswith(_DEVICES):
                continue
            with open(folder + b"/fdinfo/" + descriptor, "rb") as file:
                client = parse_fdinfo(file.read(16384))
        except FileNotFoundError:
            continue  # closed meanwhile
        if client is not None:
            yield client


def _samples(pid: int, client: DrmClient, at: float) -> Iterator[AcceleratorSample]:
    """Yield a sample per engine; one without engine if only memory is known, so that the process is not lost."""
    label = f"{client.driver}:{client.device}" if client.device else client.driver
    title = _TITLES.get(client.driver, client.driver)
    sample = AcceleratorSample(
        label, title, "process", pid, client.client, "", "fdinfo", at, memory_bytes=client.memory_bytes
    )
    for engine in client.engines:
        cycles = engine.total is not None
        yield sample._replace(
            engine=engine.engine,
            busy=engine.busy if cycles else engine.busy / 1e9,
            total=engine.total,
            capacity=engine.capacity,
        )
    if not client.engines:
        yield sample


def _number(path: bytes) -> int | None:
    try:
        with open(path, "rb") as file:
            return int(file.read(32))
    except (OSError, ValueError):
        return None
