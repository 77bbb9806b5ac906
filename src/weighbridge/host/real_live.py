"""The running side of this machine, by its platform."""

import sys

from weighbridge.host.live import Live


def real_live() -> Live:
    """Return what can be asked of this machine while it runs."""
    platform: str = sys.platform
    if platform == "linux":
        from weighbridge.host.linux_live import LinuxLive

        return LinuxLive()
    from weighbridge.host.psutil_live import PsutilLive

    return PsutilLive()
