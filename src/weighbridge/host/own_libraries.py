"""Where the running interpreter reads its own code, and what the libraries of the system read beside it."""

import os
import sys
import sysconfig

_OF_THE_SYSTEM = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/gnu/store",
    "/home/linuxbrew/.linuxbrew/lib",
    "/nix/store",
    "/usr/share/zoneinfo",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/dev/null",
    "/dev/urandom",
    "/proc/cpuinfo",
    "/proc/filesystems",
    "/proc/meminfo",
    "/proc/self",
    "/proc/stat",
    "/sys/devices/system/cpu",
    "/sys/fs/cgroup",
)
_KINDS = ("stdlib", "platstdlib", "purelib", "platlib")


def library_paths() -> list[str]:
    """Return files and folders, absolute; some may not exist."""
    own = [sysconfig.get_path(kind) for kind in _KINDS]
    own += [os.path.join(prefix, name) for prefix in {sys.prefix, sys.base_prefix} for name in ("lib", "lib64")]
    own += [os.path.abspath(path) for path in sys.path if path]
    found = dict.fromkeys(os.path.realpath(path) for path in own if path)
    return [*(path for path in found if path != "/"), *_OF_THE_SYSTEM]
