"""Syslog over TLS. There is no answer in this protocol: what a receiver loses after it took the bytes is not noticed.

Source: RFC 5424 (messages), RFC 5425 sections 4.3 (`MSG-LEN SP SYSLOG-MSG`) and 4.4 (close_notify), port 6514.
"""

import asyncio
from collections.abc import Callable, Sequence

from weighbridge.export import syslog
from weighbridge.export.event import Event
from weighbridge.fleet.outbox_events import Outgoing
from weighbridge.fleet.target import Destination, Target
from weighbridge.host.outgoing import OutgoingError, reason_of
from weighbridge.host.outgoing_http import Poster, tls_context

PORT = 6514
_GOODBYE_SECONDS = 2.0


async def send(destination: Destination, events: Sequence[Outgoing], poster: Poster, now: int) -> None:
    """Send events; returns once the receiver's machine has them. Raises OutgoingError."""
    await send_lines(destination, events, poster, syslog.line)


async def send_lines(
    destination: Destination, events: Sequence[Outgoing], poster: Poster, line: Callable[[Event], str]
) -> None:
    """Send each event as the message that `line` makes of it. Raises OutgoingError."""
    host, port = host_and_port(destination.address)
    content = b"".join(framed(line(one.event)) for one in events)
    try:
        async with asyncio.timeout(poster.seconds):
            connection = await poster.dialer.dial(host, port, tls_context(destination.authorities))
            try:
                await connection.send_all(content)
                await connection.say_goodbye(_GOODBYE_SECONDS)
            finally:
                connection.drop()
    except TimeoutError:
        raise OutgoingError(f"{host} did not take it in {poster.seconds:.0f} seconds") from None
    except OSError as error:
        raise OutgoingError(f"{host} port {port}: {reason_of(error)}") from None


def framed(message: str) -> bytes:
    """Return a message with its length before it."""
    content = message.encode("utf-8", "backslashreplace")
    return b"%d %s" % (len(content), content)


def host_and_port(address: str) -> tuple[str, int]:
    """Return what an address names: `HOST`, `HOST:PORT` or `[IPV6]:PORT`.

    Raises:
        OutgoingError: it names nothing.
    """
    text = address.strip()
    if text.startswith("["):
        host, closed, rest = text[1:].partition("]")
        host = host if closed else ""
    else:
        host, colon, tail = text.partition(":")
        rest = colon + tail
    digits = rest[1:] if rest.startswith(":") else "" if rest else str(PORT)
    good = host and host.isascii() and host.isprintable() and not set(host) & set(" /@")
    if not good or not (digits.isascii() and digits.isdecimal()) or not 0 < int(digits[:6]) < 65_536:
        raise OutgoingError("the address is not HOST:PORT")
    return host, int(digits)


TARGET = Target(
    id="syslog",
    title="Syslog (RFC 5424) over TLS",
    send=send,
    address="collector.example.com:6514",
)
