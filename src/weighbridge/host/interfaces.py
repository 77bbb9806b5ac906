"""What a network interface of this machine is, by what the kernel says of it.

Source: Linux Documentation/ABI/testing/sysfs-class-net (`device`, `uevent`, `brif`, `tun_flags`, `operstate`).
"""

import os

_FOLDER = b"/sys/class/net/"
_DOWN = b"down"


def interface_kind(name: str) -> str:
    """Return `hardware`, `tun`, `wireguard`, ..., `internal` for a bridge to programs only, empty if unknown."""
    folder = _FOLDER + os.fsencode(name)
    if os.path.exists(folder + b"/device"):
        return "hardware"
    if os.path.exists(folder + b"/tun_flags"):
        return "tun"
    if os.path.isdir(folder + b"/brif"):
        ports = os.listdir(folder + b"/brif")
        return "hardware" if any(os.path.exists(_FOLDER + port + b"/device") for port in ports) else "internal"
    for line in _text(folder + b"/uevent").splitlines():
        if line.startswith(b"DEVTYPE="):
            return line[8:].decode("utf-8", "backslashreplace")
    return ""


def is_down(name: str) -> bool:
    """Tell whether nothing can pass, whatever the routes say."""
    return _text(_FOLDER + os.fsencode(name) + b"/operstate").strip() == _DOWN


def _text(path: bytes) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(4096)
    except OSError:
        return b""
