import pytest

from weighbridge.checks.check import Subject
from weighbridge.checks.unexplained_accelerator_load import judge
from weighbridge.model.finding import Severity
from weighbridge.model.running import AcceleratorUse
from weighbridge.model.running_observation import AcceleratorLoad

SUBJECT = Subject(format="process", name="worker (pid 10)")


def load(explained: bool = False, **changes: object) -> AcceleratorLoad:
    values = {
        "accelerator": "amdgpu:0000:03:00.0",
        "title": "AMD GPU",
        "scope": "process",
        "window_seconds": 60.0,
        "quality": "measured",
        "source": "fdinfo",
        "engine": "compute",
        "busy": 0.9,
        "memory_bytes": 9 << 30,
    }
    return AcceleratorLoad(use=AcceleratorUse(**(values | changes)), explained=explained)


def test_sustained_load_without_weights_is_a_hint() -> None:
    (finding,) = judge(load(), SUBJECT)
    assert finding.severity is Severity.LOW
    assert finding.message == (
        "worker (pid 10) computes on AMD GPU (90% busy over 60 s, 9.0 GiB on the device), "
        "and no weights were seen in it."
    )


def test_memory_of_a_compute_client_is_enough() -> None:
    (finding,) = judge(load(source="nvml", busy=0.0), SUBJECT)
    assert "(9.0 GiB on the device)" in finding.message


@pytest.mark.parametrize(
    "near_miss",
    [
        load(explained=True),
        load(engine="gfx"),
        load(busy=0.1),
        load(busy=None),
        load(window_seconds=2.0),
        load(source="nvml", busy=0.0, memory_bytes=1 << 20),
    ],
)
def test_near_misses(near_miss: AcceleratorLoad) -> None:
    assert list(judge(near_miss, SUBJECT)) == []
