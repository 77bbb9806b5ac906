"""One request to an address that an administrator named: no redirects, no proxy, a bounded answer, a bounded time.

Source: RFC 9112 (HTTP/1.1 message format), RFC 9110 section 10.2.3 (Retry-After).
"""

import asyncio
import ssl
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from weighbridge.host.outgoing import Dialer, OutgoingError, reason_of

SECONDS = 30.0
"""For the whole of one request, from the name to the end of the answer."""
LARGEST_ANSWER = 16_384
"""Bytes of the body of an answer."""
_LARGEST_HEAD = 32_768


class Answer(NamedTuple):
    """What was answered."""

    status: int
    retry_after: float
    """Seconds; 0.0 if it does not say."""
    body: bytes
    """At most its first bytes: 16 KiB, unless more was asked for."""


class Poster:
    """Sends requests, nearly all of them POST, each over a connection of its own.

    Args:
        dialer: opens connections.
        seconds: for the whole of one request.
    """

    def __init__(self, dialer: Dialer, seconds: float = SECONDS) -> None:
        self.dialer = dialer
        self.seconds = seconds

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str], authorities: str = "", largest: int = LARGEST_ANSWER
    ) -> Answer:
        """Send a body and return the answer.

        Args:
            url: `https://`; `http://` only to this very machine, if its addresses may be reached at all.
            body: as it is sent.
            headers: besides Host, Content-Length, User-Agent and Connection.
            authorities: certificates in PEM that are trusted instead of the system's.
            largest: bytes of the answer that are read.

        Raises:
            OutgoingError: there is no answer; `ForbiddenError` if the address must not be reached.
        """
        return await self._request(
            "POST", url, body, {"Content-Length": str(len(body)), **headers}, authorities, largest
        )

    async def get(
        self,
        url: str,
        authorities: str = "",
        largest: int = LARGEST_ANSWER,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Return what is at an address, as `post` does."""
        fields = {"Accept": "application/json", **(headers or {})}
        return await self._request("GET", url, b"", fields, authorities, largest)

    async def _request(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str], authorities: str, largest: int
    ) -> Answer:
        parts = checked(url)
        context = tls_context(authorities) if parts.scheme == "https" else None
        port = parts.port or (443 if context is not None else 80)
        try:
            async with asyncio.timeout(self.seconds):
                sent = _head(method, parts, headers) + body
                return await self._exchanged(parts, port, context, sent, largest)
        except TimeoutError:
            raise OutgoingError(f"{parts.hostname} did not answer in {self.seconds:.0f} seconds") from None

    async def _exchanged(
        self, parts: SplitResult, port: int, context: ssl.SSLContext | None, sent: bytes, largest: int
    ) -> Answer:
        host = parts.hostname or ""
        if context is None and not all(one.is_loopback for one in await self.dialer.addresses(host, port)):
            raise OutgoingError(f"{host} is not this machine, so it must be reached by https://")
        connection = await self.dialer.dial(host, port, context)
        try:
            await connection.send_all(sent)
            return await _answer(connection.reader, largest)
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            said = reason_of(error) if isinstance(error, OSError) else "the answer is not HTTP"
            raise OutgoingError(f"{host} port {port}: {said}") from None
        finally:
            # It is used once, and a peer that never says goodbye must not hold anybody up.
            connection.drop()


def checked(url: str) -> SplitResult:
    """Return the parts of a URL that may be posted to.

    Raises:
        OutgoingError: it is none.
    """
    try:
        parts = urlsplit(url)
        port_is_good = parts.port != 0
    except ValueError:
        raise OutgoingError("the address is no URL") from None
    plain = parts.scheme in ("https", "http") and parts.hostname and port_is_good and parts.username is None
    if not plain or not url.isascii() or not url.isprintable() or " " in url or parts.fragment:
        raise OutgoingError("the address is no URL such as https://collector.example.com/path")
    return parts


def tls_context(authorities: str = "") -> ssl.SSLContext:
    """Return how TLS is spoken: at least 1.2, with certificates checked.

    Args:
        authorities: certificates in PEM that are trusted instead of the system's.

    Raises:
        OutgoingError: they are none.
    """
    try:
        context = ssl.create_default_context(cadata=authorities or None)
    except (ssl.SSLError, ValueError):
        raise OutgoingError("the trusted certificates are not PEM") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _head(method: str, parts: SplitResult, headers: Mapping[str, str]) -> bytes:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    fields = {"Host": parts.netloc, "User-Agent": "weighbridge", "Connection": "close", **headers}
    for name, value in fields.items():
        if not value.isascii() or not value.isprintable():
            raise OutgoingError(f"the header field {name} is not plain text")
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


async def _answer(reader: asyncio.StreamReader, largest: int) -> Answer:
    """Return the answer. Raises ValueError, OSError and the errors of reading."""
    while True:
        head = await reader.readuntil(b"\r\n\r\n")
        if len(head) > _LARGEST_HEAD:
            raise ValueError("too long")
        first, *lines = head.decode("latin-1").split("\r\n")
        protocol, _, rest = first.partition(" ")
        if not protocol.startswith("HTTP/1.") or not rest[:3].isdecimal():
            raise ValueError("not HTTP")
        if not rest.startswith("1"):  # what comes before the answer: 100 Continue, 103 Early Hints
            break
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    stated = fields.get("content-length", "")
    most = min(int(stated), largest) if stated.isascii() and stated.isdecimal() else largest
    body = bytearray()
    while len(body) < most and (piece := await reader.read(most - len(body))):
        body += piece
    content = _unchunked(bytes(body)) if fields.get("transfer-encoding", "").lower() == "chunked" else bytes(body)
    return Answer(int(rest[:3]), _seconds(fields.get("retry-after", ""), fields.get("date", "")), content)


def _unchunked(content: bytes) -> bytes:
    """Return what the chunks hold, as far as they are whole."""
    found = bytearray()
    while content:
        size, _, rest = content.partition(b"\r\n")
        digits = size.partition(b";")[0].strip()
        length = int(digits, 16) if 0 < len(digits) <= 8 and digits.isalnum() else 0
        if length == 0:
            break
        found += rest[:length]
        content = rest[length + 2 :]
    return bytes(found)


def _seconds(text: str, date: str) -> float:
    """Return how long to wait: as many seconds as it says, or until the moment that it says, by the server's clock."""
    if text.isascii() and text.isdecimal() and len(text) < 8:
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - parsedate_to_datetime(date)).total_seconds())
    except (TypeError, ValueError, IndexError, OverflowError):
        return 0.0
