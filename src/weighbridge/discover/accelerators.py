"""Load on accelerators, from two readings.

In: samples of an earlier and a later moment. Out: what each process and each device did in between. A share of one
reading alone is only what the interface itself averages; where it gives counters, the first reading gives memory only.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal

from weighbridge.host.accelerator_sample import AcceleratorSample
from weighbridge.model.running import AcceleratorUse

_Key = tuple[str, int | None, str, str, str]


def uses(
    before: Iterable[AcceleratorSample], after: Iterable[AcceleratorSample]
) -> tuple[dict[int, tuple[AcceleratorUse, ...]], tuple[AcceleratorUse, ...]]:
    """Return the use by process, and the use of whole devices.

    Engines of one device are not added up: the busiest speaks for the process, as they work at the same time.
    """
    earlier = {_key(sample): sample for sample in before}
    grouped: dict[tuple[str, int | None], list[tuple[AcceleratorSample, float | None, float, bool]]] = defaultdict(list)
    for sample in after:
        share, window, counted = _share(earlier.get(_key(sample)), sample)
        grouped[sample.accelerator, sample.pid].append((sample, share, window, counted))
    processes: dict[int, list[AcceleratorUse]] = defaultdict(list)
    devices = []
    for (_, pid), readings in sorted(grouped.items(), key=lambda item: (item[0][1] or 0, item[0][0])):
        use = _use(readings)
        if pid is None:
            devices.append(use)
        else:
            processes[pid].append(use)
    return {pid: tuple(found) for pid, found in processes.items()}, tuple(devices)


def _key(sample: AcceleratorSample) -> _Key:
    return sample.accelerator, sample.pid, sample.client, sample.engine, sample.source


def _share(earlier: AcceleratorSample | None, sample: AcceleratorSample) -> tuple[float | None, float, bool]:
    """Return the busy share, the seconds that it is of, and whether it was counted rather than averaged for us."""
    if sample.busy is None:
        return sample.share, sample.window or 0.0, False
    if earlier is None or earlier.busy is None:
        return None, 0.0, True
    window = sample.at - earlier.at
    possible = sample.total - earlier.total if sample.total is not None and earlier.total is not None else window
    done = sample.busy - earlier.busy
    if possible <= 0 or done < 0:  # the counter began anew
        return None, 0.0, True
    return min(1.0, done / possible / max(1, sample.capacity)), window, True


def _use(readings: list[tuple[AcceleratorSample, float | None, float, bool]]) -> AcceleratorUse:
    busiest, share, window, counted = max(readings, key=lambda reading: -1.0 if reading[1] is None else reading[1])
    memory: dict[str, int] = {}
    for sample, *_ in readings:
        if sample.memory_bytes is not None:
            memory[sample.client] = sample.memory_bytes
    quality: Literal["measured", "sampled"] = "measured" if counted else "sampled"
    return AcceleratorUse(
        accelerator=busiest.accelerator,
        title=busiest.title,
        scope=busiest.scope,
        window_seconds=round(window, 3),
        quality=quality,
        source=busiest.source,
        engine=busiest.engine or None,
        busy=None if share is None else round(share, 4),
        memory_bytes=sum(memory.values()) if memory else None,
    )
