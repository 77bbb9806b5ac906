"""JSON Schema of `json-v1`, printed into the reference documentation. Source: JSON Schema draft 2020-12."""

from enum import StrEnum
from typing import Any

from weighbridge.model.ancestry import Relation
from weighbridge.model.fact import Grade
from weighbridge.model.finding import Assessment, Confidence, Persona, Severity
from weighbridge.model.license import Commercial, Likeness, Outputs
from weighbridge.model.verdict import Decision
from weighbridge.report.json_v1 import SCHEMA

_TEXT: dict[str, Any] = {"type": "string"}
_COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
_DIGEST: dict[str, Any] = {"anyOf": [{"type": "string", "pattern": "^[0-9a-f]{64}$"}, {"type": "null"}]}
_PATH: dict[str, Any] = {
    "path": {"type": "string", "description": "For people and programs; bytes that are not UTF-8 as \\xNN."},
    "path_bytes": {
        "type": "string",
        "contentEncoding": "base64",
        "description": "The exact bytes; present only when they are not UTF-8.",
    },
}


def json_schema() -> dict[str, Any]:
    """Return the schema of the whole document."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        "description": "Output of `wb scan --format json-v1`. Version 1 gains fields; it never loses or renames any.",
        **_object(
            {
                "schema": {"const": SCHEMA},
                "tool": _object({"name": _TEXT, "version": _TEXT}),
                "machine": _TEXT,
                "roots": _list(_TEXT),
                "finished_at": {"type": "string", "format": "date-time"},
                "policy": _TEXT,
                "interrupted": {"type": "boolean"},
                "artifacts": _list(_artifact()),
                "repositories": _list(
                    _object(
                        {
                            **_PATH,
                            "assessment": _words(Assessment),
                            "findings": _list(_finding()),
                            "artifacts": _list(_TEXT),
                        },
                        optional=("path_bytes",),
                    )
                ),
                "unexamined": _list(
                    _object({**_PATH, "reason": _TEXT, "member": _TEXT}, optional=("path_bytes", "member"))
                ),
                "summary": _summary(),
            }
        ),
        "$defs": {"ancestor": _ancestor()},
    }


def _artifact() -> dict[str, Any]:
    place = {
        **_PATH,
        "member": {"type": "string", "description": "Path inside the archive; nested archives joined with !/."},
        "store": {"type": "string", "description": "Id of the known store, when in one."},
        "store_name": {"type": "string", "description": "What the store calls it."},
        "link": {"const": True, "description": "Present when the path is a symbolic link."},
    }
    return _object(
        {
            "sha256": _DIGEST | {"description": "Measured; null with --no-digest."},
            "claimed_sha256": _DIGEST | {"description": "What the store's file name or manifest says."},
            "blake3": _DIGEST,
            "format": _TEXT | {"description": "Reader id."},
            "size": _COUNT,
            "places": _list(_object(place, optional=("path_bytes", "member", "store", "store_name", "link"))),
            "assessment": _words(Assessment),
            "findings": _list(_finding()),
            "license": _license(),
            "lineage": _list(_TEXT) | {"description": "Names of the ancestors, measured ones first."},
            "ancestry": _list(_ancestor()) | {"description": "The same ancestors with what is known."},
            "verdict": _verdict(),
            "facts": _list(
                _object(
                    {
                        "name": _TEXT,
                        "value": {"description": "Text, number, boolean, null, list or object."},
                        "grade": _words(Grade),
                        "source": _TEXT,
                    }
                )
            ),
            "parts": _list(_object({**_PATH, "size": _COUNT, "sha256": _DIGEST}, optional=("path_bytes",))),
            "coverage": {
                "anyOf": [
                    _object({"bytes_read": _COUNT, "members_read": _COUNT, "skipped": _list(_TEXT)}),
                    {"type": "null"},
                ]
            },
        }
    )


def _finding() -> dict[str, Any]:
    evidence = {
        "offset": _or_null({"type": "integer"}),
        "member": _or_null(_TEXT),
        "opcode": _or_null(_TEXT),
        "key": _or_null(_TEXT),
        "value": _or_null(_TEXT),
    }
    return _object(
        {
            "check": _TEXT,
            "severity": _words(Severity),
            "confidence": _words(Confidence),
            "message": _TEXT,
            "evidence": _object(evidence),
            "remedy": _TEXT,
            "implies": _words(Assessment),
            "atlas": _or_null(_TEXT) | {"description": "MITRE ATLAS technique."},
            "persona": _words(Persona),
        }
    )


def _license() -> dict[str, Any]:
    return _object(
        {
            "declared": _list(_TEXT),
            "concluded": _or_null(_TEXT),
            "method": _or_null({"enum": ["text", "label", "text-and-label", "name"]})
            | {"description": "What the conclusion rests on."},
            "confidence": _or_null(_words(Confidence)),
            "effective": _effective(),
            "reasons": _list(_TEXT),
            "evidence": _list(_object({"value": _TEXT, "source": _TEXT})),
            "texts": _list(
                _object(
                    {
                        "source": _TEXT,
                        "sha256": _TEXT | {"description": "Of the text as UTF-8."},
                        "likeness": _words(Likeness),
                        "license": _or_null(_TEXT),
                        "candidates": _list(_TEXT),
                        "coverage": {"type": "number", "minimum": 0, "maximum": 1},
                        "detail": _TEXT,
                    }
                )
            ),
        }
    )


def _effective() -> dict[str, Any]:
    """The strictest terms over the artifact and all its ancestors."""
    threshold = {
        "metric": _TEXT,
        "above": _COUNT,
        "effect": _TEXT,
        "scope": _TEXT | {"description": "Kind of business; empty: every one."},
        "measured": _TEXT,
    }
    link = {
        "name": _TEXT,
        "license": _or_null(_TEXT),
        "commercial": _words(Commercial),
        "grade": _words(Grade),
        "source": _TEXT,
    }
    return _object(
        {
            "commercial": _words(Commercial),
            "reasons": _list(_TEXT),
            "production": _words(Commercial),
            "outputs": _words(Outputs),
            "output_training": _TEXT,
            "thresholds": _list(_object(threshold)),
            "regions_excluded": _list(_TEXT),
            "obligations": _list(_TEXT),
            "derivative_terms": _list(_TEXT),
            "use_policy": _TEXT,
            "chain": _list(_object(link)) | {"description": "The artifact first, then its ancestors, nearest first."},
            "decided_by": _or_null(_TEXT) | {"description": "The member of the chain whose terms are the strictest."},
        }
    )


def _verdict() -> dict[str, Any]:
    rule = {
        "id": _TEXT,
        "severity": _TEXT,
        "reason": _TEXT,
        "remedy": _TEXT,
        "clause": _or_null(_TEXT),
        "facts": {"type": "object", "additionalProperties": _TEXT},
    }
    return _object(
        {
            "decision": _words(Decision),
            "policies": _list(_TEXT) | {"description": "Ids of the rules that decided."},
            "remedy": _TEXT,
            "action": _or_null(_TEXT),
            "policy": _or_null(_TEXT),
            "mode": _or_null(_TEXT),
            "by_rules": _or_null(_words(Decision))
            | {"description": "What the rules decide before the mode lowers it."},
            "rules": _list(_object(rule)),
        }
    )


def _summary() -> dict[str, Any]:
    counts = dict.fromkeys(
        ("artifacts", "places", "bytes", "findings", "unexamined", "files_seen", "bytes_seen"), _COUNT
    )
    return _object(
        {
            **counts,
            "by_assessment": _object({word.value: _COUNT for word in Assessment}),
            "by_decision": _object({word.value: _COUNT for word in Decision}),
            "by_format": {"type": "object", "additionalProperties": _COUNT},
        }
    )


def _ancestor() -> dict[str, Any]:
    number = _or_null({"type": "number"})
    return _object(
        {
            "name": _TEXT,
            "relation": _words(Relation),
            "grade": _words(Grade),
            "source": _TEXT,
            "sha256": _DIGEST,
            "license": _or_null(_TEXT | {"description": "As whoever added it to the atlas gave it."}),
            "score": number | {"description": "Correlation of sampled weights, -1 to 1, where they were compared."},
            "share": number | {"description": "How much of the artifact this one is, where several were merged."},
            "residual": number | {"description": "Spread that all measured parents together leave unexplained."},
            "detail": _TEXT,
            "parents": _list({"$ref": "#/$defs/ancestor"}),
        }
    )


def _object(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "type": "object",
        "required": [name for name in properties if name not in optional],
        "properties": properties,
    }


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _words(words: type[StrEnum]) -> dict[str, Any]:
    return {"enum": [word.value for word in words]}
