"""NVIDIA's management library, asked for who computes.

Source: NVML API reference: nvmlDeviceGetProcessUtilization (samples since a time stamp in microseconds; NOT_FOUND when
there are none), nvmlDeviceGetComputeRunningProcesses (memory is not available under WDDM and MIG), ...UtilizationRates.
"""

import importlib
from collections.abc import Callable, Iterator
from typing import Any

from weighbridge.host.accelerator_sample import AcceleratorSample

_WINDOW = 1.0
"""Seconds back for which processes are asked, as the driver keeps about this many samples."""


class Nvml:
    """The library, opened once; `samples` yields nothing without a driver.

    Args:
        load: gives the binding; tests hand in a driver in memory.
    """

    def __init__(self, load: Callable[[], Any] | None = None) -> None:
        self._library: Any = None
        self.problem: str | None = None
        """Why nothing can be seen, for a person; None if it can, or if there is no such device."""
        try:
            library = (load or _binding)()
            library.nvmlInit()
        except ImportError:
            self.problem = "NVIDIA devices: the package nvidia-ml-py is not installed"
            return
        except Exception as error:  # noqa: BLE001  (the binding raises one class per code, all derived from Exception)
            if type(error).__name__ != "NVMLError_LibraryNotFound":
                self.problem = f"NVIDIA devices: {error}"
            return
        self._library = library

    def samples(self, at: float, wall: float) -> Iterator[AcceleratorSample]:
        """Yield what the driver says now.

        Args:
            at: the moment on a clock that never steps, seconds.
            wall: the same moment on the wall clock, in which the driver stamps its samples, seconds.
        """
        if self._library is None:
            return
        for index in range(self._ask(0, "nvmlDeviceGetCount")):
            device = self._ask(None, "nvmlDeviceGetHandleByIndex", index)
            if device is not None:
                yield from self._of_device(device, at, wall)

    def _of_device(self, device: Any, at: float, wall: float) -> Iterator[AcceleratorSample]:  # noqa: ANN401  (a handle)
        name = f"nvidia:{_text(self._ask('unknown', 'nvmlDeviceGetUUID', device))}"
        title = _text(self._ask("NVIDIA device", "nvmlDeviceGetName", device))
        rates = self._ask(None, "nvmlDeviceGetUtilizationRates", device)
        memory = self._ask(None, "nvmlDeviceGetMemoryInfo", device)
        base = AcceleratorSample(name, title, "device", None, "", "compute", "nvml", at)
        yield base._replace(
            share=None if rates is None else rates.gpu / 100,
            window=None if rates is None else _WINDOW,
            memory_bytes=None if memory is None else int(memory.used),
        )
        shares: dict[int, float] = {}
        since = int((wall - _WINDOW) * 1e6)
        for sample in self._ask((), "nvmlDeviceGetProcessUtilization", device, since):
            if sample.pid and sample.timeStamp >= since:
                shares[sample.pid] = max(shares.get(sample.pid, 0.0), sample.smUtil / 100)
        used = {
            process.pid: process.usedGpuMemory
            for process in self._ask((), "nvmlDeviceGetComputeRunningProcesses", device)
        }
        for pid in sorted(shares.keys() | used.keys()):
            yield base._replace(
                scope="process",
                pid=pid,
                share=shares.get(pid, 0.0),
                window=_WINDOW,
                memory_bytes=used.get(pid),
            )

    def _ask(self, default: Any, function: str, *arguments: Any) -> Any:  # noqa: ANN401  (a C library's types)
        """Return the answer, or `default` where this device does not tell: not supported, no permission, no samples."""
        try:
            return getattr(self._library, function)(*arguments)
        except Exception as error:
            if not type(error).__name__.startswith("NVMLError"):
                raise
            return default


def _binding() -> Any:  # noqa: ANN401  (a module)
    return importlib.import_module("pynvml")


def _text(value: Any) -> str:  # noqa: ANN401  (old bindings give bytes)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
