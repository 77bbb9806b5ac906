import os
import sys
from pathlib import Path

import pytest
from tests.host.test_drm_clients import AMD
from tests.host.test_nvml import Driver

from weighbridge.host.linux_accelerators import LinuxAccelerators
from weighbridge.host.nvml import Nvml

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")


@pytest.fixture
def trees(tmp_path: Path) -> Path:
    for pid, target in ((10, "/dev/dri/renderD128"), (11, "/dev/null"), (12, "/dev/accel/accel0")):
        (tmp_path / f"proc/{pid}/fd").mkdir(parents=True)
        (tmp_path / f"proc/{pid}/fdinfo").mkdir()
        for descriptor in ("3", "4"):
            os.symlink(target, tmp_path / f"proc/{pid}/fd/{descriptor}")
            (tmp_path / f"proc/{pid}/fdinfo/{descriptor}").write_bytes(AMD)
    (tmp_path / "proc/12/fdinfo/3").write_bytes(b"drm-driver: amdxdna_accel_driver\ndrm-client-id: 1\n")
    (tmp_path / "proc/12/fdinfo/4").unlink()
    (tmp_path / "proc/self").mkdir()
    (tmp_path / "dev/dri").mkdir(parents=True)
    device = tmp_path / "sys/class/accel/accel0/device"
    device.mkdir(parents=True)
    (device / "npu_busy_time_us").write_text("2500000\n")
    return tmp_path


def _accelerators(trees: Path, nvml: Nvml | None = None) -> LinuxAccelerators:
    proc, sysfs, devices = (os.fsencode(trees / name) for name in ("proc", "sys", "dev"))
    return LinuxAccelerators(proc, sysfs, devices, nvml)


def test_each_client_counts_once(trees: Path) -> None:
    found, missed = _accelerators(trees).samples(at=1.0, wall=2.0)
    assert missed == []
    assert [(sample.accelerator, sample.pid, sample.engine, sample.busy) for sample in found] == [
        ("intel-npu:accel0", None, "npu", 2.5),
        ("amdgpu:0000:03:00.0", 10, "compute", 5.0),
        ("amdgpu:0000:03:00.0", 10, "gfx", 1e-8),
        ("amdxdna_accel_driver", 12, "", None),
    ]


def test_nvidia_joins_the_rest(trees: Path) -> None:
    found, _ = _accelerators(trees, Nvml(Driver)).samples(at=1.0, wall=1e9)
    assert [sample.pid for sample in found if sample.source == "nvml"] == [None, 10, 11]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root sees everything")
def test_other_peoples_processes_are_said(trees: Path) -> None:
    (trees / "proc/10/fd").chmod(0)
    found, missed = _accelerators(trees).samples(at=1.0, wall=2.0)
    (trees / "proc/10/fd").chmod(0o700)
    assert 10 not in [sample.pid for sample in found]
    assert missed == ["GPU and NPU use of 1 processes of other users: needs CAP_SYS_PTRACE or root"]


def test_a_machine_without_any(tmp_path: Path) -> None:
    assert _accelerators(tmp_path).samples(at=1.0, wall=2.0) == ([], [])
