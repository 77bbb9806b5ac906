"""From records of the ledger to events.

In: records. Out: `Event`s. A record of a model or a process carries what the reports carry; of every other record its
kind, time and texts are kept.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from weighbridge.export.event import Event
from weighbridge.export.events import artifact_events, process_events
from weighbridge.export.reported import number, text
from weighbridge.ledger.entry import KINDS, Record


def record_events(records: Iterable[Record], machine: str, version: str) -> Iterator[Event]:
    """Yield the events of records.

    Args:
        records: in their order.
        machine: whose they are.
        version: of the program that reads them.
    """
    for record in records:
        common = Event(
            kind="record",
            id="",
            at=record.at,
            machine=machine,
            tool_version=version,
            message=KINDS.get(record.kind, "A record of a kind that is not known here."),
            network=record.network,
            index=record.sequence,
            record_kind=record.kind,
        )
        data = record.data
        if record.kind in ("artifact", "verdict") and "sha256" in data:
            yield from artifact_events(_as_artifact(data), common)
        elif record.kind == "process" and "pid" in data:
            yield from process_events(data, common)
        else:
            yield from _other(data, common)


def _as_artifact(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the data of a record as an artifact: one with a single path has it as its place."""
    path = text(data, "path")
    return {**data, "places": [{"path": path}]} if path and "places" not in data else data


def _other(data: Mapping[str, Any], common: Event) -> Iterator[Event]:
    yield replace(
        common,
        id=f"record-{common.index}",
        sha256=text(data, "sha256"),
        path=text(data, "path"),
        name=text(data, "name"),
        pid=number(data, "pid"),
        reason=text(data, "reason"),
    )
