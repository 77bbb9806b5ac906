"""Who computes on DRM and accel devices, as the kernel's file descriptors tell.

In: the text of `/proc/PID/fdinfo/N`. Out: what one client of a device used since it opened it.
Source: Linux Documentation/gpu/drm-usage-stats.rst (`drm-driver`, `drm-pdev`, `drm-client-id`, `drm-engine-*`,
`drm-engine-capacity-*`, `drm-cycles-*`, `drm-total-cycles-*`, `drm-resident-*`, `drm-total-*`, `drm-memory-*`).
"""

import re
from typing import NamedTuple

_LINE = re.compile(rb"^drm-([a-z0-9-]+)[ \t]*:[ \t]*([^\n]{1,200})$", re.MULTILINE)
_AMOUNT = re.compile(r"(\d{1,19})(?:[ \t]+(ns|Hz|KiB|MiB))?")
_UNITS = {"KiB": 1 << 10, "MiB": 1 << 20}
_SYSTEM = frozenset({"cpu", "system", "system0"})
"""Regions of the machine's own memory on devices that have their own beside it."""


class EngineTime(NamedTuple):
    """What one engine spent on a client since the client opened the device."""

    engine: str
    """`compute`, `gfx`, `render`, `ccs`, `npu`, ..., as the driver calls it."""
    busy: int
    """Nanoseconds, or cycles if `total` is given."""
    total: int | None
    """Cycles that the engine could have run meanwhile."""
    capacity: int
    """Engines of this kind: all of them busy for a second give that many seconds."""


class DrmClient(NamedTuple):
    """One client of one device. Several descriptors can be the same client."""

    driver: str
    device: str
    """PCI address; empty for what is on no bus."""
    client: str
    engines: tuple[EngineTime, ...]
    memory_bytes: int | None


def parse_fdinfo(text: bytes) -> DrmClient | None:
    """Return the client that a descriptor belongs to; None if it is none of a device that counts."""
    values = {name.decode("ascii"): value.decode("ascii", "replace").strip() for name, value in _LINE.findall(text)}
    driver, client = values.get("driver"), values.get("client-id")
    if not driver or not client:
        return None
    engines = []
    for name, value in values.items():
        kind, _, engine = name.partition("-")
        if kind == "engine" and not engine.startswith("capacity-") and (busy := _amount(value)) is not None:
            capacity = _amount(values.get(f"engine-capacity-{engine}", "")) or 1
            engines.append(EngineTime(engine, busy, None, capacity))
        elif kind == "cycles" and (busy := _amount(value)) is not None:
            total = _amount(values.get(f"total-cycles-{engine}", ""))
            if total is not None:
                capacity = _amount(values.get(f"engine-capacity-{engine}", "")) or 1
                engines.append(EngineTime(engine, busy, total, capacity))
    return DrmClient(driver, values.get("pdev", ""), client, tuple(sorted(engines)), _memory(values))


def _memory(values: dict[str, str]) -> int | None:
    """Return the bytes held on the device: of its own memory where it has some."""
    for kind in ("resident", "memory", "total"):
        regions = {
            name.removeprefix(f"{kind}-"): amount
            for name, value in values.items()
            if name.startswith(f"{kind}-") and not name.startswith("total-cycles-")
            if (amount := _amount(value)) is not None
        }
        if regions:
            own = [amount for region, amount in regions.items() if region not in _SYSTEM]
            return sum(own) if own else sum(regions.values())
    return None


def _amount(text: str) -> int | None:
    found = _AMOUNT.fullmatch(text)
    return int(found[1]) * _UNITS.get(found[2] or "", 1) if found else None
