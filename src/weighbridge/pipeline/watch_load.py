"""Load on accelerators over windows that are long enough to mean something."""

from collections.abc import Collection, Mapping

from weighbridge.checks.check import Subject
from weighbridge.checks.unexplained_accelerator_load import judge
from weighbridge.discover.accelerators import uses
from weighbridge.host.accelerator_sample import AcceleratorSample
from weighbridge.host.live import Live
from weighbridge.model.running import AcceleratorUse
from weighbridge.model.running_observation import AcceleratorLoad
from weighbridge.pipeline.watch_decide import Seen

WINDOW_SECONDS = 30.0
ABSENT_SECONDS = 600.0
"""Pause where there is no accelerator: one can be plugged in."""
SCOPE = ("accelerator", "finding/accelerator")
_BUSY = 0.05
"""Share of a window below which a process that has an accelerator open does nothing with it."""


class Load:
    """Compares readings.

    Args:
        live: the running machine.
    """

    def __init__(self, live: Live) -> None:
        self._live = live
        self._before: list[AcceleratorSample] = []
        self.not_visible: tuple[str, ...] = ()
        """What the last reading could not see, and why."""

    def pause(self) -> float:
        """Return the seconds until the next reading is worth its cost."""
        return WINDOW_SECONDS if self._before else ABSENT_SECONDS

    def read(self, explained: Collection[int], started: Mapping[int, int]) -> list[Seen]:
        """Return the load since the last reading, and what should be known of it.

        Args:
            explained: processes with known weights or a known runtime.
            started: when processes started, in the ticks of the process list, as far as that is known.
        """
        samples, missed = self._live.accelerators()
        before, self._before, self.not_visible = self._before, samples, tuple(missed)
        if not before or not samples:
            return []
        by_process, devices = uses(before, samples)
        found = [Seen("accelerator", _data(use, None, None)) for use in devices if (use.busy or 0) >= _BUSY]
        for pid, several in by_process.items():
            for use in several:
                if (use.busy or 0) < _BUSY:
                    continue
                found.append(Seen("accelerator", _data(use, pid, started.get(pid))))
                observation = AcceleratorLoad(use=use, explained=pid in explained)
                for one in judge(observation, Subject(format="process", name=f"Process {pid}")):
                    data = {"check": one.check, "severity": one.severity.value, "message": _constant(one.message)}
                    found.append(
                        Seen("finding", {"of": "accelerator", "pid": pid, "started": started.get(pid), **data})
                    )
        return found


def _data(use: AcceleratorUse, pid: int | None, started: int | None) -> dict[str, object]:
    return {
        "accelerator": use.accelerator,
        "title": use.title,
        "pid": pid,
        "started": started,
        "scope": use.scope,
        "window_seconds": use.window_seconds,
        "quality": use.quality,
        "source": use.source,
        "engine": use.engine,
        "busy": use.busy,
        "memory_bytes": use.memory_bytes,
    }


def _constant(message: str) -> str:
    """Return a message without its numbers, which change with every window and are no news."""
    return message.partition(" (")[0] + message.rpartition(")")[2]
