"""From records of the ledger to events, one each.

In: records, as `pipeline/watch_seen.py` writes them, from anywhere. Out: `Event`s. What is not of its type counts as
absent. Each event also carries the whole record, so that nothing is lost that its format has no field for.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from weighbridge.export.event import Address, Event, Kind
from weighbridge.export.reported import base_name, mapping, number, objects, text, texts
from weighbridge.ledger.entry import KINDS, Record

_EVENTS: dict[str, Kind] = {
    "artifact": "artifact",
    "sighting": "artifact",
    "verdict": "artifact",
    "process": "process",
    "finding": "finding",
}
_DIGEST = re.compile(r"(?:claimed:)?([0-9a-f]{64})")
_BY_DECISION = {"deny": "high", "pending": "medium", "warn": "medium"}
_UNKNOWN = "A record of a kind that is not known here."
_TELLING = (
    *("what", "name", "connectivity", "reasons", "reason", "why", "not_visible", "address", "port", "product", "mode"),
    *("format", "assessment", "decision", "policy", "artifact", "path"),
)
"""What of a record's data stands in the sentence, in this order."""
_MOST_WORDS = 4


def record_events(records: Iterable[Record], machine: str, version: str) -> Iterator[Event]:
    """Yield the events of records.

    Args:
        records: in their order.
        machine: whose they are.
        version: of the program that reads them.
    """
    for record in records:
        data = record.data
        verdict = data if record.kind == "verdict" else mapping(data, "verdict")
        decision = text(verdict, "decision")
        yield replace(
            Event(
                kind=_EVENTS.get(record.kind, "record"),
                id=sha256(f"{record.boot}-{record.sequence}-{record.at}".encode()).hexdigest()[:32],
                at=record.at,
                machine=machine,
                tool_version=version,
                message=text(data, "message") or _sentence(record),
                severity=text(data, "severity") or _BY_DECISION.get(decision, "info"),
                network=record.network,
                index=record.sequence,
                record_kind=record.kind,
                original=json.dumps(data, ensure_ascii=True, separators=(",", ":"), sort_keys=True),
            ),
            **_about(data),
            **_process(data),
            policy=text(verdict, "policy"),
            decision=decision,
            rule=next(iter(texts(verdict, "rules")), ""),
        )


def _sentence(record: Record) -> str:
    """Return what a record says: its kind's sentence, then what tells it from others of its kind."""
    said = KINDS.get(record.kind, _UNKNOWN)
    found = (texts(record.data, key) or (_plain(record.data, key),) for key in _TELLING)
    words = [word for part in found for word in part if word][:_MOST_WORDS]
    return f"{said.rstrip('.')}: {', '.join(words)}" if words else said


def _plain(data: Mapping[str, Any], key: str) -> str:
    found = number(data, key)
    return text(data, key) if found is None else str(found)


def _about(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a record says of a model or a file."""
    weights = next(objects(data, "weights"), {})
    name = text(data, "artifact")
    named = _DIGEST.fullmatch(name)
    path = text(data, "path") or text(weights, "path") or ("" if named else name)
    return {
        "name": text(data, "store_name") or text(weights, "name") or base_name(path),
        "sha256": text(data, "sha256") or text(weights, "sha256") or (named[1] if named else ""),
        "path": path,
        "size": number(data, "size") if not weights else number(weights, "size"),
        "format": text(data, "format") or text(weights, "format"),
        "license": text(data, "license"),
        "assessment": text(data, "assessment"),
        "check": text(data, "check"),
        "confidence": text(data, "confidence"),
        "reason": text(data, "reason"),
        "evidence": texts(weights, "evidence"),
    }


def _process(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a record says of a process, and of what it listens on."""
    actor = mapping(data, "actor")
    autonomous = actor.get("autonomous")
    listening = (
        Address(address=text(data, "address"), port=number(data, "port"), exposed=data.get("exposed") is True),
    )
    return {
        "pid": number(data, "pid"),
        "parent": number(data, "parent"),
        "process": text(data, "name") if "pid" in data else "",
        "executable": text(data, "executable"),
        "command_line": texts(data, "command_line"),
        "user": text(data, "user"),
        "runtime": text(data, "runtime") or text(data, "product"),
        "agent": text(actor, "agent") or text(data, "agent"),
        "actor": text(actor, "kind"),
        "autonomous": autonomous if isinstance(autonomous, bool) else None,
        "listeners": listening if text(data, "address") else (),
        "not_visible": texts(data, "not_visible"),
    }
