from types import SimpleNamespace
from typing import Any

import pytest

from weighbridge.host.nvml import Nvml


class NVMLError(Exception):
    pass


class NVMLError_NotFound(NVMLError):  # noqa: N801, N818  (the binding's own name)
    pass


class NVMLError_LibraryNotFound(NVMLError):  # noqa: N801, N818  (as above)
    pass


class Driver:
    """A driver with one device and two processes, one of them idle."""

    idle = False

    def __getattr__(self, name: str) -> Any:
        answers = {
            "nvmlInit": None,
            "nvmlDeviceGetCount": 1,
            "nvmlDeviceGetHandleByIndex": "handle",
            "nvmlDeviceGetUUID": b"GPU-1",
            "nvmlDeviceGetName": "H100",
            "nvmlDeviceGetUtilizationRates": SimpleNamespace(gpu=80, memory=5),
            "nvmlDeviceGetMemoryInfo": SimpleNamespace(used=5 << 30, total=80 << 30),
            "nvmlDeviceGetComputeRunningProcesses": [
                SimpleNamespace(pid=10, usedGpuMemory=4 << 30),
                SimpleNamespace(pid=11, usedGpuMemory=None),
            ],
        }
        if name == "nvmlDeviceGetProcessUtilization":
            return self._utilization
        if name not in answers:
            raise AttributeError(name)
        return lambda *_: answers[name]

    def _utilization(self, _device: object, since: int) -> list[SimpleNamespace]:
        if self.idle:
            raise NVMLError_NotFound("no samples")
        return [
            SimpleNamespace(pid=10, timeStamp=since + 5, smUtil=70),
            SimpleNamespace(pid=10, timeStamp=since + 9, smUtil=75),
            SimpleNamespace(pid=12, timeStamp=since - 5, smUtil=99),
            SimpleNamespace(pid=0, timeStamp=since + 5, smUtil=1),
        ]


def test_device_and_processes() -> None:
    device, busy, silent = Nvml(Driver).samples(at=5.0, wall=1e9)
    assert (device.scope, device.share, device.memory_bytes) == ("device", 0.8, 5 << 30)
    assert (busy.pid, busy.share, busy.memory_bytes) == (10, 0.75, 4 << 30)
    assert (silent.pid, silent.share, silent.memory_bytes) == (11, 0.0, None)
    assert device.accelerator == busy.accelerator == "nvidia:GPU-1"


def test_no_samples_means_idle() -> None:
    driver = Driver()
    driver.idle = True
    _, first, second = Nvml(lambda: driver).samples(at=5.0, wall=1e9)
    assert (first.share, second.share) == (0.0, 0.0)


def _raise(error: Exception) -> Any:
    raise error


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (NVMLError_LibraryNotFound("no driver"), None),
        (NVMLError("driver and library differ"), "NVIDIA devices: driver and library differ"),
        (ImportError("x"), "NVIDIA devices: the package nvidia-ml-py is not installed"),
    ],
)
def test_what_is_missing_is_said_unless_nothing_is_there(error: Exception, problem: str | None) -> None:
    nvml = Nvml(lambda: _raise(error))
    assert nvml.problem == problem
    assert list(nvml.samples(at=0.0, wall=0.0)) == []


def test_the_real_binding_without_a_driver_is_silent() -> None:
    pytest.importorskip("pynvml")
    nvml = Nvml()
    if nvml.problem is None:
        assert isinstance(list(nvml.samples(at=0.0, wall=0.0)), list)
