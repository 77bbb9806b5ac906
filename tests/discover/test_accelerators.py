from weighbridge.discover.accelerators import uses
from weighbridge.host.accelerator_sample import AcceleratorSample

BASE = AcceleratorSample("amdgpu:0", "AMD GPU", "process", 10, "52", "compute", "fdinfo", 0.0)


def test_counters_need_two_readings() -> None:
    ((_, (use,)),) = uses([], [BASE._replace(busy=5.0, memory_bytes=7)])[0].items()
    assert (use.busy, use.memory_bytes, use.window_seconds) == (None, 7, 0)


def test_the_busiest_engine_speaks() -> None:
    before = [BASE._replace(busy=5.0), BASE._replace(engine="gfx", busy=0.0)]
    after = [
        BASE._replace(at=2.0, busy=6.5, memory_bytes=7),
        BASE._replace(at=2.0, engine="gfx", busy=0.1, memory_bytes=7),
    ]
    (use,) = uses(before, after)[0][10]
    assert (use.busy, use.engine, use.window_seconds, use.quality, use.memory_bytes) == (
        0.75,
        "compute",
        2.0,
        "measured",
        7,
    )


def test_cycles_and_capacity() -> None:
    before = [BASE._replace(busy=100, total=1000, capacity=2)]
    after = [BASE._replace(at=1.0, busy=500, total=2000, capacity=2)]
    (use,) = uses(before, after)[0][10]
    assert use.busy == 0.2


def test_a_counter_that_began_anew_says_nothing() -> None:
    (use,) = uses([BASE._replace(busy=5.0)], [BASE._replace(at=1.0, busy=1.0)])[0][10]
    assert use.busy is None


def test_two_clients_of_a_process_add_up_in_memory() -> None:
    (use,) = uses([], [BASE._replace(memory_bytes=3), BASE._replace(client="53", memory_bytes=4)])[0][10]
    assert use.memory_bytes == 7


def test_an_interface_that_averages_needs_one_reading_and_devices_stand_apart() -> None:
    device = BASE._replace(scope="device", pid=None, client="", source="nvml", share=0.4, window=1.0)
    processes, (use,) = uses([], [device])
    assert processes == {}
    assert (use.busy, use.quality, use.scope) == (0.4, "sampled", "device")
