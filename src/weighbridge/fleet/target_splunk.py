"""Splunk's HTTP Event Collector. Its 200 means accepted, not indexed; an event's id is the same when it is sent again.

Source: Splunk, "Format events for HTTP Event Collector" (objects one after another, `time` in seconds, `fields` flat),
"HTTP Event Collector REST API endpoints" (`/services/collector/event`, codes 9 and 26: busy).
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from weighbridge.export import ecs, ocsf
from weighbridge.fleet.outbox_events import Outgoing
from weighbridge.fleet.target import Destination, Target, accepted, pieces
from weighbridge.host.outgoing_http import Poster

PATH = "/services/collector/event"
_DOCUMENT = {"ocsf": ocsf.document, "ecs": ecs.document}


async def send(destination: Destination, events: Sequence[Outgoing], poster: Poster, now: int) -> None:
    """Send events; returns once all are taken. Raises UndeliveredError, OutgoingError."""
    url = destination.address.rstrip("/")
    url = url if url.endswith(PATH) else url + PATH
    headers = {"Authorization": f"Splunk {destination.secret}", "Content-Type": "application/json"}
    parts = [json.dumps(envelope(one, destination.format, now), separators=(",", ":")).encode() for one in events]
    for group in pieces(parts):
        accepted(await poster.post(url, b"\n".join(group), headers, destination.authorities))


def envelope(one: Outgoing, form: str, now: int) -> dict[str, Any]:
    """Return an event as the collector takes it.

    Args:
        one: the event.
        form: `ocsf` or `ecs`.
        now: milliseconds since 1970, for events that state no time.
    """
    fields = {"event_id": one.event.id, "topic": one.topic, "endpoint_id": one.endpoint_id}
    return {
        "time": _seconds(one.event.at, now),
        "host": one.event.machine or "unknown",
        "source": "weighbridge",
        "sourcetype": f"weighbridge:{form}",
        "event": _DOCUMENT[form](one.event),
        "fields": {name: value for name, value in fields.items() if value},
    }


def _seconds(at: str, now: int) -> float:
    try:
        return round(max(0.0, datetime.fromisoformat(at).timestamp()), 3)
    except (ValueError, OverflowError, OSError):
        return now / 1000


TARGET = Target(
    id="splunk",
    title="Splunk HTTP Event Collector",
    send=send,
    address="https://splunk.example.com:8088",
    needs_secret=True,
    formats=("ocsf", "ecs"),
)
