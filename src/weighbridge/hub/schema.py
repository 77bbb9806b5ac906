"""Every context that owns tables, those of the fleet first: `METADATA` is complete for whoever imports it from here."""

from weighbridge.fleet.schema import METADATA
from weighbridge.hub import blob_index, branches, grants, hub_tokens, jobs, models, release_files, releases

CONTEXTS = (blob_index, branches, grants, hub_tokens, jobs, models, release_files, releases)
"""Sorted by name."""

__all__ = ["CONTEXTS", "METADATA"]
