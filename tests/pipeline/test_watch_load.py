from weighbridge.host.accelerator_sample import AcceleratorSample
from weighbridge.host.fake_live import FakeLive
from weighbridge.pipeline.watch_load import ABSENT_SECONDS, WINDOW_SECONDS, Load


def sample(at: float, busy: float, pid: int | None = 7) -> AcceleratorSample:
    scope = "device" if pid is None else "process"
    return AcceleratorSample("amdgpu:1", "A GPU", scope, pid, "1", "compute", "fdinfo", at, busy=busy)  # type: ignore[arg-type]


def reading(*samples: list[AcceleratorSample]) -> Load:
    live = FakeLive()
    live.accelerator_readings = [(one, ["NPU: needs root"]) for one in samples]
    return Load(live)


def test_load_over_a_window_is_told_with_its_process() -> None:
    load = reading([sample(0, 0)], [sample(30, 24)])
    assert load.pause() == ABSENT_SECONDS
    assert load.read((), {}) == []
    assert load.pause() == WINDOW_SECONDS
    one, finding = load.read((), {7: 70})
    assert (one.kind, one.data["pid"], one.data["started"], one.data["busy"]) == ("accelerator", 7, 70, 0.8)
    assert (finding.kind, finding.data["of"], finding.data["check"]) == (
        "finding", "accelerator", "unexplained-accelerator-load",
    )  # fmt: skip
    assert load.not_visible == ("NPU: needs root",)


def test_explained_load_is_no_finding_and_idle_clients_are_no_load() -> None:
    load = reading([sample(0, 0)], [sample(30, 24)], [sample(60, 24.5)])
    load.read((), {})
    assert [one.kind for one in load.read({7}, {})] == ["accelerator"]
    assert load.read({7}, {}) == []


def test_load_of_a_whole_device_belongs_to_no_process() -> None:
    load = reading([sample(0, 0, None)], [sample(30, 24, None)])
    load.read((), {})
    (one,) = load.read((), {})
    assert one.data["pid"] is None


def test_the_words_of_a_finding_do_not_change_with_its_numbers() -> None:
    load = reading([sample(0, 0)], [sample(30, 24)], [sample(60, 52)])
    load.read((), {})
    assert load.read((), {})[1] == load.read((), {})[1]
