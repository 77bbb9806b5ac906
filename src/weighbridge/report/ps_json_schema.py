"""JSON Schema of `weighbridge.ps/1`, printed into the reference documentation. Source: JSON Schema draft 2020-12."""

from typing import Any

from weighbridge.model.actor import ActorKind
from weighbridge.model.network_state import Connectivity
from weighbridge.model.running import WeightsEvidence
from weighbridge.report.json_v1_schema import (
    COUNT,
    DIGEST,
    PATH,
    TEXT,
    finding_schema,
    list_of,
    object_of,
    one_of,
    or_null,
    verdict_schema,
)
from weighbridge.report.ps_json import SCHEMA

_YES_OR_NO: dict[str, Any] = {"type": "boolean"}


def ps_schema() -> dict[str, Any]:
    """Return the schema of the whole document."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        "description": "Output of `wb ps --format json`. Version 1 gains fields; it never loses or renames any.",
        **object_of(
            {
                "schema": {"const": SCHEMA},
                "tool": object_of({"name": TEXT, "version": TEXT}),
                "machine": TEXT,
                "taken_at": {"type": "string", "format": "date-time"},
                "policy": TEXT | {"description": "Name, version and mode; empty if nothing was weighed."},
                "network": _network(),
                "processes": list_of(process_schema()),
                "device_load": list_of(_accelerator()) | {"description": "Load that belongs to no process in sight."},
                "processes_seen": COUNT,
                "not_visible": list_of(TEXT),
            }
        ),
    }


def process_schema() -> dict[str, Any]:
    """Return the schema of one process."""
    return object_of(
        {
            "pid": COUNT,
            "started": COUNT | {"description": "Clock ticks from boot to start; names the process with its pid."},
            "name": TEXT | {"description": "What the kernel calls it: a hint."},
            "executable": or_null(TEXT),
            "command_line": list_of(TEXT) | {"description": "What looks secret is replaced by ***."},
            "user": or_null(TEXT),
            "parent": or_null(COUNT),
            "runtime": or_null(TEXT) | {"description": "Catalog id of the product that runs models in it."},
            "runtime_reasons": list_of(TEXT),
            "served_for": or_null(TEXT) | {"description": "Catalog id of the product whose child server it is."},
            "container": or_null(TEXT),
            "weights": list_of(_weights()),
            "listeners": list_of(_listener()),
            "accelerators": list_of(_accelerator()),
            "actor": _actor(),
            "network": _network(),
            "resident_bytes": or_null(COUNT),
            "findings": list_of(finding_schema()),
            "verdict": or_null(verdict_schema()),
            "not_visible": list_of(TEXT) | {"description": "What could not be seen of it, and what would be needed."},
        }
    )


def _weights() -> dict[str, Any]:
    return object_of(
        {
            "sha256": DIGEST | {"description": "Of the bytes that the process holds; null until measured."},
            "claimed_sha256": DIGEST | {"description": "What a store or the server says."},
            "path": or_null(TEXT) | {"description": "Where the process got it: a label, not the identity."},
            "path_bytes": PATH["path_bytes"],
            "evidence": list_of(one_of(WeightsEvidence)) | {"description": "What it stands on, strongest first."},
            "size": or_null(COUNT),
            "format": or_null(TEXT),
            "name": or_null(TEXT),
            "deleted": _YES_OR_NO | {"description": "No path leads to these bytes any more."},
            "replaced": _YES_OR_NO | {"description": "Other bytes lie at the path now."},
        },
        optional=("path_bytes",),
    )


def _listener() -> dict[str, Any]:
    return object_of(
        {
            "transport": {"enum": ["tcp", "unix"]},
            "address": TEXT,
            "port": or_null(COUNT),
            "exposed": _YES_OR_NO | {"description": "Other machines can reach it."},
            "product": or_null(TEXT) | {"description": "Catalog id of what answers, by what it answers."},
            "identified_by": list_of(TEXT),
            "api": or_null(TEXT),
            "models": list_of(TEXT),
            "authenticated": or_null(_YES_OR_NO),
        }
    )


def _accelerator() -> dict[str, Any]:
    return object_of(
        {
            "accelerator": TEXT,
            "title": TEXT,
            "scope": {"enum": ["process", "device"]},
            "window_seconds": {"type": "number", "minimum": 0},
            "quality": {"enum": ["measured", "sampled", "estimated"]},
            "source": TEXT,
            "engine": or_null(TEXT),
            "busy": or_null({"type": "number", "minimum": 0, "maximum": 1}),
            "memory_bytes": or_null(COUNT),
        }
    )


def _actor() -> dict[str, Any]:
    return object_of(
        {
            "kind": one_of(ActorKind),
            "reasons": list_of(TEXT),
            "agent": or_null(TEXT),
            "session": or_null(TEXT),
            "autonomous": _YES_OR_NO,
        }
    )


def _network() -> dict[str, Any]:
    return object_of({"connectivity": one_of(Connectivity), "reasons": list_of(TEXT)})
