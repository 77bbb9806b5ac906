"""Every context that owns tables, so that `METADATA` is complete for whoever imports it from here."""

from weighbridge.fleet import accounts, audit, epoch, links, sessions, tokens
from weighbridge.fleet.tables import METADATA

CONTEXTS = (accounts, audit, epoch, links, sessions, tokens)
"""Sorted by name."""

__all__ = ["CONTEXTS", "METADATA"]
