"""Common Event Format in syslog messages over TLS.

Source: ArcSight Common Event Format, implementation standard, "CEF over syslog"; RFC 5424, RFC 5425 as in
`target_syslog`. The message begins with `CEF:0` right after the header and has no structured data.
"""

from collections.abc import Sequence

from weighbridge.export import cef, syslog
from weighbridge.export.event import Event
from weighbridge.fleet.outbox_events import Outgoing
from weighbridge.fleet.target import Destination, Target
from weighbridge.fleet.target_syslog import send_lines
from weighbridge.host.outgoing_http import Poster


async def send(destination: Destination, events: Sequence[Outgoing], poster: Poster, now: int) -> None:
    """Send events; returns once the receiver's machine has them. Raises OutgoingError."""
    await send_lines(destination, events, poster, line)


def line(event: Event) -> str:
    """Return one message."""
    return f"{syslog.header(event)} - {cef.line(event)}"


TARGET = Target(
    id="cef",
    title="Common Event Format in syslog over TLS",
    send=send,
    address="collector.example.com:6514",
)
