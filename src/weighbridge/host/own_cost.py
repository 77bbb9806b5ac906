"""What this process and its helpers cost. Source: getrusage(2), proc_pid_statm(5)."""

import os
import sys
from typing import NamedTuple

_SYSTEM: str = sys.platform


class Cost(NamedTuple):
    """Since the process began."""

    seconds: float
    """Processor time of this process."""
    helper_seconds: float
    """Processor time of its children that ended."""
    resident_bytes: int


def own_cost() -> Cost:
    """Return what this process costs until now."""
    times = os.times()
    return Cost(times.user + times.system, times.children_user + times.children_system, _resident())


def processor_seconds(pid: int) -> float:
    """Return the processor time of a process of ours; 0 if it is gone or the platform does not tell."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            fields = file.read(1024).rpartition(b")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError, AttributeError):
        return 0.0


def _resident() -> int:
    if _SYSTEM == "linux":
        with open("/proc/self/statm", "rb") as file:
            return int(file.read(200).split()[1]) * os.sysconf("SC_PAGE_SIZE")
    import psutil

    return int(psutil.Process().memory_info().rss)
