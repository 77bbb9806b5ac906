"""Every context that owns tables, those of the fleet first: `METADATA` is complete for whoever imports it from here."""

from weighbridge.fleet.schema import METADATA
from weighbridge.hub import (
    blob_index,
    branches,
    device_login,
    grants,
    hub_tokens,
    jobs,
    models,
    pulls,
    release_files,
    releases,
    server_secret,
    uploads,
)

CONTEXTS = (
    blob_index,
    branches,
    device_login,
    grants,
    hub_tokens,
    jobs,
    models,
    pulls,
    release_files,
    releases,
    server_secret,
    uploads,
)
"""Sorted by name."""

__all__ = ["CONTEXTS", "METADATA"]
