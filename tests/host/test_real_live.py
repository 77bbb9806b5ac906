import sys

from weighbridge.host.real_live import real_live


def test_every_platform_has_a_running_side() -> None:
    name = type(real_live()).__name__
    assert name == ("LinuxLive" if sys.platform == "linux" else "PsutilLive")
