"""JSON Schema of `json-v1`, printed into the reference documentation. Source: JSON Schema draft 2020-12."""

from enum import StrEnum
from typing import Any

from weighbridge.model.ancestry import Relation
from weighbridge.model.fact import Grade
from weighbridge.model.finding import Assessment, Confidence, Persona, Severity
from weighbridge.model.license import Commercial, Outputs, TextLikeness
from weighbridge.model.verdict import Decision
from weighbridge.report.json_v1 import SCHEMA

TEXT: dict[str, Any] = {"type": "string"}
COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
DIGEST: dict[str, Any] = {"anyOf": [{"type": "string", "pattern": "^[0-9a-f]{64}$"}, {"type": "null"}]}
PATH: dict[str, Any] = {
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
        **object_of(
            {
                "schema": {"const": SCHEMA},
                "tool": object_of({"name": TEXT, "version": TEXT}),
                "machine": TEXT,
                "roots": list_of(TEXT),
                "finished_at": {"type": "string", "format": "date-time"},
                "policy": TEXT,
                "interrupted": {"type": "boolean"},
                "artifacts": list_of(_artifact()),
                "repositories": list_of(
                    object_of(
                        {
                            **PATH,
                            "assessment": one_of(Assessment),
                            "findings": list_of(finding_schema()),
                            "artifacts": list_of(TEXT),
                        },
                        optional=("path_bytes",),
                    )
                ),
                "unexamined": list_of(
                    object_of({**PATH, "reason": TEXT, "member": TEXT}, optional=("path_bytes", "member"))
                ),
                "summary": _summary(),
            }
        ),
        "$defs": {"ancestor": _ancestor()},
    }


def _artifact() -> dict[str, Any]:
    place = {
        **PATH,
        "member": {"type": "string", "description": "Path inside the archive; nested archives joined with !/."},
        "store": {"type": "string", "description": "Id of the known store, when in one."},
        "store_name": {"type": "string", "description": "What the store calls it."},
        "link": {"const": True, "description": "Present when the path is a symbolic link."},
    }
    return object_of(
        {
            "sha256": DIGEST | {"description": "Measured; null with --no-digest."},
            "claimed_sha256": DIGEST | {"description": "What the store's file name or manifest says."},
            "blake3": DIGEST,
            "format": TEXT | {"description": "Reader id."},
            "size": COUNT,
            "places": list_of(object_of(place, optional=("path_bytes", "member", "store", "store_name", "link"))),
            "assessment": one_of(Assessment),
            "findings": list_of(finding_schema()),
            "license": _license(),
            "lineage": list_of(TEXT) | {"description": "Names of the ancestors, measured ones first."},
            "ancestry": list_of(_ancestor()) | {"description": "The same ancestors with what is known."},
            "verdict": verdict_schema(),
            "facts": list_of(
                object_of(
                    {
                        "name": TEXT,
                        "value": {"description": "Text, number, boolean, null, list or object."},
                        "grade": one_of(Grade),
                        "source": TEXT,
                    }
                )
            ),
            "parts": list_of(object_of({**PATH, "size": COUNT, "sha256": DIGEST}, optional=("path_bytes",))),
            "coverage": {
                "anyOf": [
                    object_of({"bytes_read": COUNT, "members_read": COUNT, "skipped": list_of(TEXT)}),
                    {"type": "null"},
                ]
            },
        }
    )


def finding_schema() -> dict[str, Any]:
    """Return the schema of a finding."""
    evidence = {
        "offset": or_null({"type": "integer"}),
        "member": or_null(TEXT),
        "opcode": or_null(TEXT),
        "key": or_null(TEXT),
        "value": or_null(TEXT),
    }
    return object_of(
        {
            "check": TEXT,
            "severity": one_of(Severity),
            "confidence": one_of(Confidence),
            "message": TEXT,
            "evidence": object_of(evidence),
            "remedy": TEXT,
            "implies": one_of(Assessment),
            "atlas": or_null(TEXT) | {"description": "MITRE ATLAS technique."},
            "persona": one_of(Persona),
        }
    )


def _license() -> dict[str, Any]:
    return object_of(
        {
            "declared": list_of(TEXT),
            "concluded": or_null(TEXT),
            "method": or_null({"enum": ["text", "label", "text-and-label", "name"]})
            | {"description": "What the conclusion rests on."},
            "confidence": or_null(one_of(Confidence)),
            "effective": _effective(),
            "reasons": list_of(TEXT),
            "evidence": list_of(object_of({"value": TEXT, "source": TEXT})),
            "texts": list_of(
                object_of(
                    {
                        "source": TEXT,
                        "sha256": TEXT | {"description": "Of the text as UTF-8."},
                        "likeness": one_of(TextLikeness),
                        "license": or_null(TEXT),
                        "candidates": list_of(TEXT),
                        "coverage": {"type": "number", "minimum": 0, "maximum": 1},
                        "detail": TEXT,
                    }
                )
            ),
        }
    )


def _effective() -> dict[str, Any]:
    """The strictest terms over the artifact and all its ancestors."""
    threshold = {
        "metric": TEXT,
        "above": COUNT,
        "effect": TEXT,
        "scope": TEXT | {"description": "Kind of business; empty: every one."},
        "measured": TEXT,
    }
    link = {
        "name": TEXT,
        "license": or_null(TEXT),
        "commercial": one_of(Commercial),
        "grade": one_of(Grade),
        "source": TEXT,
    }
    return object_of(
        {
            "commercial": one_of(Commercial),
            "reasons": list_of(TEXT),
            "production": one_of(Commercial),
            "outputs": one_of(Outputs),
            "output_training": TEXT,
            "thresholds": list_of(object_of(threshold)),
            "regions_excluded": list_of(TEXT),
            "obligations": list_of(TEXT),
            "derivative_terms": list_of(TEXT),
            "use_policy": TEXT,
            "chain": list_of(object_of(link))
            | {"description": "The artifact first, then its ancestors, nearest first."},
            "decided_by": or_null(TEXT) | {"description": "The member of the chain whose terms are the strictest."},
        }
    )


def verdict_schema() -> dict[str, Any]:
    """Return the schema of a verdict."""
    rule = {
        "id": TEXT,
        "severity": TEXT,
        "reason": TEXT,
        "remedy": TEXT,
        "clause": or_null(TEXT),
        "facts": {"type": "object", "additionalProperties": TEXT},
    }
    return object_of(
        {
            "decision": one_of(Decision),
            "policies": list_of(TEXT) | {"description": "Ids of the rules that decided."},
            "remedy": TEXT,
            "action": or_null(TEXT),
            "policy": or_null(TEXT),
            "mode": or_null(TEXT),
            "by_rules": or_null(one_of(Decision)) | {"description": "What the rules decide before the mode lowers it."},
            "rules": list_of(object_of(rule)),
        }
    )


def _summary() -> dict[str, Any]:
    counts = dict.fromkeys(
        ("artifacts", "places", "bytes", "findings", "unexamined", "files_seen", "bytes_seen"), COUNT
    )
    return object_of(
        {
            **counts,
            "by_assessment": object_of({word.value: COUNT for word in Assessment}),
            "by_decision": object_of({word.value: COUNT for word in Decision}),
            "by_format": {"type": "object", "additionalProperties": COUNT},
        }
    )


def _ancestor() -> dict[str, Any]:
    number = or_null({"type": "number"})
    return object_of(
        {
            "name": TEXT,
            "relation": one_of(Relation),
            "grade": one_of(Grade),
            "source": TEXT,
            "sha256": DIGEST,
            "license": or_null(TEXT | {"description": "As whoever added it to the atlas gave it."}),
            "score": number | {"description": "Correlation of sampled weights, -1 to 1, where they were compared."},
            "share": number | {"description": "How much of the artifact this one is, where several were merged."},
            "residual": number | {"description": "Spread that all measured parents together leave unexplained."},
            "detail": TEXT,
            "parents": list_of({"$ref": "#/$defs/ancestor"}),
        }
    )


def object_of(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the schema of an object; every property but `optional` ones is required."""
    return {
        "type": "object",
        "required": [name for name in properties if name not in optional],
        "properties": properties,
    }


def list_of(items: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a list."""
    return {"type": "array", "items": items}


def or_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema that also takes null."""
    return {"anyOf": [schema, {"type": "null"}]}


def one_of(words: type[StrEnum]) -> dict[str, Any]:
    """Return the schema of one of the words of a vocabulary."""
    return {"enum": [word.value for word in words]}
