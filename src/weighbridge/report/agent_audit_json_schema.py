"""JSON Schema of `weighbridge.agents/1`, part of the reference documentation. Source: JSON Schema draft 2020-12."""

from typing import Any

from weighbridge.model.agent import Scope
from weighbridge.model.finding import Confidence, Severity
from weighbridge.model.toolchain import Ecosystem
from weighbridge.report.agent_audit_json import SCHEMA
from weighbridge.report.json_v1_schema import COUNT, DIGEST, TEXT, list_of, object_of, one_of, or_null

_YES_OR_NO: dict[str, Any] = {"type": "boolean"}
_IDS = list_of(TEXT) | {"description": "Catalog ids of agents."}


def any_of(words: tuple[str, ...]) -> dict[str, Any]:
    """Return the schema of one of these words."""
    return {"enum": list(words)}


def agents_schema() -> dict[str, Any]:
    """Return the schema of the whole document."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        "description": "Output of `wb agent audit --format json`. Version 1 gains fields; it never loses any.",
        **object_of(
            {
                "schema": {"const": SCHEMA},
                "taken_at": {"type": "string", "format": "date-time"},
                "agents": list_of(_agent()),
                "tool_servers": list_of(_tool_server()),
                "skills": list_of(_skill()),
                "hooks": list_of(_hook()),
                "permissions": list_of(_permission()),
                "instructions": list_of(_instructions()),
                "keys": list_of(_key()) | {"description": "Without their values."},
                "projects": list_of(TEXT) | {"description": "Folders whose own configurations were read."},
                "tools": list_of(_tool()),
                "findings": list_of(_finding()),
                "unexamined": list_of(object_of({"path": TEXT, "reason": TEXT})),
            }
        ),
    }


def _agent() -> dict[str, Any]:
    evidence = {"kind": any_of(("program", "package", "configuration")), "detail": TEXT, "path": TEXT}
    return object_of(
        {
            "id": TEXT,
            "title": TEXT,
            "installed": _YES_OR_NO | {"description": "False if only its configuration was found."},
            "version": or_null(TEXT),
            "evidence": list_of(object_of(evidence)),
        }
    )


def _tool_server() -> dict[str, Any]:
    package = {
        "ecosystem": any_of(("npm", "pypi", "oci", "git", "jsr")),
        "name": TEXT,
        "version": or_null(TEXT),
        "pinned": _YES_OR_NO,
    }
    transports = ("stdio", "http", "sse", "websocket", "unix", "built-in", "unknown")
    return object_of(
        {
            "name": TEXT,
            "agents": _IDS,
            "scope": one_of(Scope),
            "path": TEXT,
            "key": TEXT,
            "transport": any_of(transports),
            "command": list_of(TEXT) | {"description": "What looks secret is replaced by ***."},
            "url": or_null(TEXT),
            "loopback": _YES_OR_NO,
            "environment": list_of(TEXT) | {"description": "Names of variables."},
            "headers": list_of(TEXT) | {"description": "Names of headers."},
            "package": or_null(object_of(package)),
            "fetched_code": _YES_OR_NO,
            "enabled": _YES_OR_NO,
            "approved_tools": list_of(TEXT),
        }
    )


def _texts() -> dict[str, Any]:
    return {
        "hidden": list_of(object_of({"file": TEXT, "line": COUNT, "kind": TEXT, "count": COUNT})),
        "runs": list_of(object_of({"file": TEXT, "line": COUNT, "kind": TEXT, "text": TEXT})),
    }


def _skill() -> dict[str, Any]:
    return object_of(
        {
            "name": TEXT,
            "description": TEXT,
            "path": TEXT,
            "scope": one_of(Scope),
            "agents": _IDS,
            "readers": _IDS,
            "files": COUNT,
            "bytes": COUNT,
            "sha256": DIGEST,
            "programs": list_of(TEXT),
            **_texts(),
        }
    )


def _hook() -> dict[str, Any]:
    return object_of(
        {
            "agent": TEXT,
            "event": TEXT,
            "matcher": TEXT,
            "command": TEXT,
            "program": or_null(TEXT),
            "writable_by_all": or_null(TEXT),
            "fetched_code": _YES_OR_NO,
            "scope": one_of(Scope),
            "path": TEXT,
            "key": TEXT,
        }
    )


def _permission() -> dict[str, Any]:
    return object_of(
        {
            "agent": TEXT,
            "key": TEXT,
            "value": TEXT,
            "autonomous": _YES_OR_NO | {"description": "Whether the agent then acts without asking."},
            "hearsay": _YES_OR_NO | {"description": "Whether that is said of it, and nobody confirmed it."},
            "meaning": TEXT,
            "scope": one_of(Scope),
            "path": TEXT,
        }
    )


def _instructions() -> dict[str, Any]:
    return object_of(
        {
            "path": TEXT,
            "scope": one_of(Scope),
            "agents": _IDS,
            "readers": _IDS,
            "size": COUNT,
            "sha256": DIGEST,
            **_texts(),
        }
    )


def _key() -> dict[str, Any]:
    places = ("configuration", "project file", "shell profile", "credential store", "environment")
    return object_of(
        {
            "format": TEXT,
            "provider": TEXT,
            "fingerprint": TEXT | {"description": "Equal fingerprints are equal keys, on one machine."},
            "path": or_null(TEXT),
            "line": or_null(COUNT),
            "name": or_null(TEXT),
            "pid": or_null(COUNT),
            "agents": _IDS,
            "place": any_of(places),
            "readable_by": any_of(("user", "group", "everybody")),
        }
    )


def _tool() -> dict[str, Any]:
    return object_of(
        {
            "ecosystem": one_of(Ecosystem),
            "name": TEXT,
            "version": or_null(TEXT),
            "role": TEXT,
            "path": TEXT,
            "environment": TEXT,
        }
    )


def _finding() -> dict[str, Any]:
    return object_of(
        {
            "kind": any_of(("permission", "tool server", "hook", "skill", "instructions", "key", "tool")),
            "name": TEXT,
            "path": TEXT,
            "line": or_null(COUNT),
            "agents": _IDS,
            "check": TEXT,
            "severity": one_of(Severity),
            "confidence": one_of(Confidence),
            "message": TEXT,
            "remedy": TEXT,
            "key": or_null(TEXT),
            "value": or_null(TEXT),
        }
    )
