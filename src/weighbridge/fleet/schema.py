"""Every context that owns tables, so that `METADATA` is complete for whoever imports it from here."""

from weighbridge.fleet import (
    accounts,
    artifacts,
    audit,
    dead_letters,
    endpoints,
    enrollment,
    epoch,
    export_targets,
    findings,
    inventory,
    links,
    outbox,
    policy_repository,
    policy_rings,
    policy_versions,
    processes,
    records,
    sessions,
    sightings,
    tokens,
    triage,
    verdicts,
    witness,
)
from weighbridge.fleet.tables import METADATA

CONTEXTS = (
    accounts,
    artifacts,
    audit,
    dead_letters,
    endpoints,
    enrollment,
    epoch,
    export_targets,
    findings,
    inventory,
    links,
    outbox,
    policy_repository,
    policy_rings,
    policy_versions,
    processes,
    records,
    sessions,
    sightings,
    tokens,
    triage,
    verdicts,
    witness,
)
"""Sorted by name."""

__all__ = ["CONTEXTS", "METADATA"]
