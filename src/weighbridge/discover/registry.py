"""All probes, sorted by id."""

from weighbridge.discover.probe import Probe

PROBES: tuple[Probe, ...] = ()
