"""Every context that owns tables, those of the fleet first: `METADATA` is complete for whoever imports it from here."""

from weighbridge.fleet.schema import METADATA
from weighbridge.hub import (
    blob_index,
    branches,
    device_login,
    grants,
    heads,
    hub_tokens,
    jobs,
    machine_codes,
    machine_keys,
    manifests,
    models,
    oci_pushed,
    pulls,
    release_files,
    releases,
    requests,
    sent_blobs,
    server_secret,
    space,
    steps,
    uploads,
    used_once,
    weighed,
    xet_index,
)

CONTEXTS = (
    blob_index,
    branches,
    device_login,
    grants,
    heads,
    hub_tokens,
    jobs,
    machine_codes,
    machine_keys,
    manifests,
    models,
    oci_pushed,
    pulls,
    release_files,
    releases,
    requests,
    sent_blobs,
    server_secret,
    space,
    steps,
    uploads,
    used_once,
    weighed,
    xet_index,
)
"""Sorted by name."""

__all__ = ["CONTEXTS", "METADATA"]
