"""What this process may do beyond its user's rights. Source: capabilities(7), proc_pid_status(5); Linux only."""

import os
import sys

_SYSTEM: str = sys.platform
NUMBERS = {
    "CAP_DAC_READ_SEARCH": 2,
    "CAP_NET_ADMIN": 12,
    "CAP_SYS_PTRACE": 19,
    "CAP_SYS_ADMIN": 21,
    "CAP_PERFMON": 38,
    "CAP_CHECKPOINT_RESTORE": 40,
}
"""Those that let a sensor see more, by their numbers in `include/uapi/linux/capability.h`."""


def effective() -> frozenset[str]:
    """Return the names of the capabilities in `NUMBERS` that this process has; none elsewhere than on Linux."""
    if _SYSTEM != "linux":
        return frozenset()
    with open("/proc/self/status", encoding="ascii", errors="replace") as file:
        return parse_status(file.read(1 << 16))


def parse_status(text: str) -> frozenset[str]:
    """Return the effective capabilities that the text of `/proc/PID/status` states."""
    for line in text.splitlines():
        name, _, value = line.partition(":")
        if name == "CapEff":
            mask = int(value.strip() or "0", 16)
            return frozenset(name for name, number in NUMBERS.items() if mask >> number & 1)
    return frozenset()


def most_watches() -> int | None:
    """Return how many folders this user may have watched; None where nothing tells. Source: inotify(7)."""
    try:
        with open("/proc/sys/fs/inotify/max_user_watches", encoding="ascii") as file:
            return int(file.read(32))
    except (OSError, ValueError):
        return None


def is_root() -> bool:
    """Tell whether this process runs as root."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
