"""Large answers from an address that an administrator named, piece by piece, and from where it sends on to.

Each hop is a connection of its own to an address that was looked at: a redirect reaches no more than the first request
may. What was meant for the first server alone (a token) is not sent to another one. An answer that comes too slowly to
be meant is broken off.

Source: RFC 9112 (HTTP/1.1 message format), RFC 9110 sections 14 and 15.4 (ranges, redirects); OWASP, "Server-Side
Request Forgery Prevention"; CVE-2018-18074 (a token that followed a redirect).
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from ipaddress import ip_address, ip_network
from typing import NamedTuple
from urllib.parse import SplitResult, urljoin

from weighbridge.host.outgoing import Connection, Dialer, OutgoingError, reason_of
from weighbridge.host.outgoing_http import checked, tls_context

MOST_HOPS = 5
HEAD_SECONDS = 60.0
"""From the name to the end of the head of an answer."""
SLOW_SECONDS, SLOW_BYTES = 60.0, 65_536
"""An answer that brings fewer bytes in so many seconds is broken off."""
_LARGEST_HEAD = 65_536
_PIECE = 1 << 18
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FIRST_ALONE = frozenset({"authorization", "cookie"})


class Fetched(NamedTuple):
    """An answer whose body is still to come."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    url: str
    """Where it came from in the end."""
    pieces: AsyncIterator[bytes]
    """The body as it comes. Raises OutgoingError if it breaks off or comes too slowly."""

    async def whole(self, most: int) -> bytes:
        """Return the body. Raises OutgoingError: it is longer than `most`, or breaks off."""
        found = bytearray()
        async for piece in self.pieces:
            found += piece
            if len(found) > most:
                raise OutgoingError(f"it answers with more than {most:,} bytes")
        return bytes(found)


class Fetcher:
    """Asks for large things.

    Args:
        dialer: opens connections to addresses that may be reached.
        networks: where plain HTTP may be spoken, too; to this machine it may wherever it may be reached at all.
        authorities: certificates in PEM that are trusted instead of the system's.
        head_seconds: how long the head of an answer may take.
        slow_seconds: how long an answer may bring less than `SLOW_BYTES`.
    """

    def __init__(
        self,
        dialer: Dialer,
        networks: tuple[str, ...] = (),
        authorities: str = "",
        *,
        head_seconds: float = HEAD_SECONDS,
        slow_seconds: float = SLOW_SECONDS,
    ) -> None:
        self._dialer = dialer
        self._networks = [ip_network(one) for one in networks]
        self._authorities = authorities
        self._context: ssl.SSLContext | None = None
        self._head_seconds, self._slow_seconds = head_seconds, slow_seconds

    @asynccontextmanager
    async def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> AsyncIterator[Fetched]:
        """Ask for an address, and for where it sends on to.

        Args:
            url: `https://…`, or `http://…` where that may be spoken.
            headers: besides Host, User-Agent and Connection; `Authorization` goes to the first server alone.

        Raises:
            OutgoingError: there is no answer, or too many redirects; `ForbiddenError`: an address that must not be
                reached.
        """
        fields = {"Accept-Encoding": "identity", **(headers or {})}
        origin = _origin(checked(url))
        for _ in range(MOST_HOPS + 1):
            parts = checked(url)
            if origin[0] == "https" and parts.scheme != "https":
                raise OutgoingError("it sends on from https:// to http://, which is not followed")
            if _origin(parts) != origin:
                fields = {name: value for name, value in fields.items() if name.lower() not in _FIRST_ALONE}
            connection = await self._dial(parts)
            try:
                status, found = await self._head(connection, parts, fields)
                location = found.get("location", "")
                if status not in _REDIRECTS or not location:
                    yield Fetched(status, found, url, self._pieces(connection, found, parts, has_body=status != 304))
                    return
            finally:
                connection.drop()
            url = urljoin(url, location).partition("#")[0]
        raise OutgoingError(f"it sends on more than {MOST_HOPS} times")

    async def _dial(self, parts: SplitResult) -> Connection:
        host = parts.hostname or ""
        try:
            async with asyncio.timeout(self._head_seconds):
                if parts.scheme == "http":
                    found = await self._dialer.addresses(host, parts.port or 80)
                    if not all(one.is_loopback or self._is_plain(str(one)) for one in found):
                        raise OutgoingError(f"{host} is reached by https:// alone")
                    return await self._dialer.dial(host, parts.port or 80, None)
                if self._context is None:
                    self._context = tls_context(self._authorities)
                return await self._dialer.dial(host, parts.port or 443, self._context)
        except TimeoutError:
            raise OutgoingError(f"{host} did not answer in {self._head_seconds:.0f} seconds") from None

    def _is_plain(self, address: str) -> bool:
        one = ip_address(address)
        return any(one in network for network in self._networks if network.version == one.version)

    async def _head(
        self, connection: Connection, parts: SplitResult, headers: Mapping[str, str]
    ) -> tuple[int, dict[str, str]]:
        host = parts.hostname or ""
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        fields = {"Host": parts.netloc, "User-Agent": "weighbridge", "Connection": "close", **headers}
        lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
        text = "\r\n".join(lines)
        if not text.isascii() or any(not line.isprintable() for line in lines):
            raise OutgoingError("what would be asked is not plain text")
        try:
            async with asyncio.timeout(self._head_seconds):
                await connection.send_all(f"{text}\r\n\r\n".encode("ascii"))
                return await _read_head(connection.reader)
        except TimeoutError:
            raise OutgoingError(f"{host} did not answer in {self._head_seconds:.0f} seconds") from None
        except (OSError, ValueError, EOFError, asyncio.LimitOverrunError) as error:
            raise OutgoingError(f"{host}: {_said(error)}") from None

    async def _pieces(
        self, connection: Connection, headers: Mapping[str, str], parts: SplitResult, *, has_body: bool
    ) -> AsyncIterator[bytes]:
        body = _body(connection.reader, headers if has_body else {"content-length": "0"})
        came, loop = 0, asyncio.get_running_loop()
        until = loop.time() + self._slow_seconds
        try:
            while True:
                async with asyncio.timeout_at(until):
                    piece = await anext(body, b"")
                if not piece:
                    return
                came += len(piece)
                if came >= SLOW_BYTES:
                    came = 0
                    until = loop.time() + self._slow_seconds
                yield piece
        except TimeoutError:
            raise OutgoingError(f"{parts.hostname} sends too slowly") from None
        except (OSError, ValueError, EOFError, asyncio.LimitOverrunError) as error:
            raise OutgoingError(f"{parts.hostname}: {_said(error)}") from None


def _said(error: Exception) -> str:
    if isinstance(error, OSError):
        return reason_of(error)
    return "it broke off" if isinstance(error, EOFError) else "the answer is not HTTP"


def _origin(parts: SplitResult) -> tuple[str, str, int]:
    return parts.scheme, (parts.hostname or "").lower(), parts.port or (443 if parts.scheme == "https" else 80)


async def _read_head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    while True:
        head = await reader.readuntil(b"\r\n\r\n")
        if len(head) > _LARGEST_HEAD:
            raise ValueError("too long")
        first, *lines = head.decode("latin-1").split("\r\n")
        protocol, _, rest = first.partition(" ")
        if not protocol.startswith("HTTP/1.") or not (rest[:3].isascii() and rest[:3].isdecimal()):
            raise ValueError("not HTTP")
        if not rest.startswith("1"):
            break
    pairs = (line.partition(":") for line in lines if ":" in line)
    return int(rest[:3]), {name.strip().lower(): value.strip() for name, _, value in pairs}


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> AsyncIterator[bytes]:
    """Yield a body. Raises EOFError if it ends before it should."""
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise ValueError("it is packed though that was not asked for")
    if "chunked" in headers.get("transfer-encoding", "").lower():
        async for piece in _chunks(reader):
            yield piece
        return
    stated = headers.get("content-length", "")
    if not stated:
        while piece := await reader.read(_PIECE):
            yield piece
        return
    if not (stated.isascii() and stated.isdecimal() and len(stated) < 19):
        raise ValueError("a length that is none")
    left = int(stated)
    while left:
        piece = await reader.read(min(left, _PIECE))
        if not piece:
            raise EOFError
        left -= len(piece)
        yield piece


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while True:
        line = await reader.readuntil(b"\r\n")
        digits = line.partition(b";")[0].strip()
        if not 0 < len(digits) <= 15 or not digits.isalnum():
            raise ValueError("a chunk without a size")
        left = int(digits, 16)
        if left == 0:
            return
        while left:
            piece = await reader.read(min(left, _PIECE))
            if not piece:
                raise EOFError
            left -= len(piece)
            yield piece
        if await reader.readexactly(2) != b"\r\n":
            raise ValueError("a chunk without an end")
