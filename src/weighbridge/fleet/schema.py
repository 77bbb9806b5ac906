"""Every context that owns tables, so that `METADATA` is complete for whoever imports it from here."""

from weighbridge.fleet import epoch
from weighbridge.fleet.tables import METADATA

CONTEXTS = (epoch,)
"""Sorted by name."""

__all__ = ["CONTEXTS", "METADATA"]
