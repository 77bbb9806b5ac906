"""Which run of the machine this is, and how long it lasts: what orders records when the wall clock is wrong.

Source: proc_sys_kernel(5), `random/boot_id`; clock_gettime(2): CLOCK_BOOTTIME counts sleep too, as CLOCK_MONOTONIC does
on macOS.
"""

import sys
import time
from typing import NamedTuple

_BOOT_ID = "/proc/sys/kernel/random/boot_id"
_SYSTEM: str = sys.platform


class Boot(NamedTuple):
    """One run of a machine, and a moment in it."""

    id: str
    """The same as long as the machine runs, another after each start; empty where nothing tells."""
    seconds: float
    """Since some point of this run, sleep included; never steps."""


def boot_id() -> str:
    """Return what names this run of the machine."""
    if _SYSTEM == "linux":
        try:
            with open(_BOOT_ID, encoding="ascii") as file:
                return file.read(64).strip()
        except (OSError, ValueError):
            return ""
    import psutil

    # Elsewhere nothing names a run: the moment of its start does, as far as the wall clock is not set.
    return f"since-{psutil.boot_time():.0f}"


def seconds_of_boot() -> float:
    """Return the seconds of this run, on a clock that never steps and counts sleep."""
    if sys.platform == "win32":
        return time.monotonic()
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
