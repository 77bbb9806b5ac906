import sys
from pathlib import Path

import pytest

from weighbridge.host.interfaces import interface_kind, is_down


@pytest.mark.skipif(sys.platform != "linux", reason="sysfs is Linux's")
def test_loopback_is_up_and_no_hardware() -> None:
    assert interface_kind("lo") == ""
    assert not is_down("lo")


@pytest.mark.skipif(not Path("/sys/class/net").exists(), reason="sysfs is not mounted")
def test_hardware_is_what_has_a_device() -> None:
    for folder in Path("/sys/class/net").iterdir():
        assert (interface_kind(folder.name) == "hardware") == (folder / "device").exists()


def test_an_interface_that_is_not_there_is_unknown() -> None:
    assert interface_kind("no-such0") == ""
    assert not is_down("no-such0")
