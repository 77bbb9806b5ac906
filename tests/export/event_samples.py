"""Events for tests: real reports, and events whose every text is hostile."""

import json
from dataclasses import fields
from functools import cache
from typing import Any

from hypothesis import strategies as st
from tests.cli_runs import wb
from tests.export.intents import HOSTILE
from tests.samples.scan import context
from tests.tui.snapshots import EVERYTHING

from weighbridge.export.event import Address, Event, Kind, What
from weighbridge.export.events import events_of
from weighbridge.report.ps_json import document

TEXTS = st.one_of(st.just(HOSTILE + "\ud800"), st.text(max_size=30), st.text("|=\\\"]'\n\r <>&;-x", max_size=20))


@cache
def scan_report() -> dict[str, Any]:
    """Return the report of the demo machine."""
    code, out, _ = wb("demo", "--format", "json")
    assert code in (0, 4, 21)
    found: dict[str, Any] = json.loads(out)
    return found


def ps_report() -> dict[str, Any]:
    """Return a snapshot that has everything in it."""
    return document(EVERYTHING, context())


def all_events() -> list[Event]:
    """Return the events of both reports."""
    return [*events_of(scan_report()), *events_of(ps_report())]


_NUMBERS = ("size", "pid", "parent", "index")
_TEXTS = tuple(
    field.name
    for field in fields(Event)
    if field.name not in ("kind", "id", "observed_only", "autonomous", "command_line", "listeners", "evidence")
    and field.name not in (*_NUMBERS, "not_visible", "what", "remote", "risks")
)


def _event(kind: Kind, what: What | None, text: str, number: int | None, ordinary: dict[str, str]) -> Event:
    """Return an event in which every text is `text`, but for those that are given."""
    return Event(
        kind=kind,
        id="0123456789abcdef",
        **(dict.fromkeys(_TEXTS, text) | ordinary),  # type: ignore[arg-type]  # texts are texts
        **dict.fromkeys(_NUMBERS, number),  # type: ignore[arg-type]  # numbers are numbers
        command_line=(text, text),
        evidence=(text,),
        not_visible=(text,),
        what=what,
        remote=number is None,
        risks=(text,),
        listeners=(Address(address=text, port=number),),
    )


EVENTS = st.builds(
    _event,
    kind=st.sampled_from(("artifact", "finding", "process", "record")),
    what=st.sampled_from((None, "agent", "tool server", "skill", "instructions")),
    text=TEXTS,
    number=st.none() | st.integers(min_value=1, max_value=65535),
    ordinary=st.fixed_dictionaries(
        {},
        optional={
            "at": st.sampled_from(("2026-11-21T08:00:00Z", "2026-11-21T08:00:00.123456789Z", "2026-11-21T08:00Z")),
            "severity": st.sampled_from(("info", "critical")),
            "decision": st.sampled_from(("allow", "warn", "pending", "deny", "")),
            "check": st.just(""),
            "sha256": st.just("ab" * 32),
        },
    ),
)
