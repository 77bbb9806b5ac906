"""Requests to the one server that this machine was enrolled with, over TLS, through a proxy if there is one.

Nothing is followed: a redirect is an error that names where it leads. Nothing is retried here. Every answer is bounded
in size and time. A server without TLS is spoken to on this very machine only.

Source: RFC 9110, RFC 9112; `urllib3`, which loads with the first request.
"""

import time
from collections.abc import Mapping
from ipaddress import ip_address
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import ssl

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 60.0
_CHUNK = 1 << 16
_USER_AGENT = "weighbridge"


class HttpReply(NamedTuple):
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes


UNTRUSTED = "its certificate does not hold"
"""How the reason begins where whoever answers is not who was asked, as far as certificates tell."""


class HttpError(Exception):
    """No answer; with a reason for a person, in a few words."""


class TooLargeError(HttpError):
    """An answer, but one that is longer than it may be."""


class Address(NamedTuple):
    """Where a server is."""

    scheme: str
    host: str
    port: int | None

    @property
    def url(self) -> str:
        """As people write it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + (f":{self.port}" if self.port is not None else "")


def address_of(url: str) -> Address:
    """Return the address in a URL.

    Raises:
        ValueError: it is none, or one that must not be used; with a reason for a person.
    """
    parts = urlsplit(url.strip())
    try:
        port = parts.port
    except ValueError:
        raise ValueError("has a port that is none") from None
    host = parts.hostname or ""
    if parts.scheme not in ("https", "http") or not host or not host.isascii():
        raise ValueError("is no address of a server, such as https://fleet.example.com")
    if parts.username or parts.password or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("has more than a host and a port")
    if parts.scheme == "http" and not _is_here(host):
        raise ValueError("is not encrypted; only a server on this very machine may be reached with http://")
    return Address(parts.scheme, host, port)


def proxy_for(address: Address) -> str | None:
    """Return the proxy that the surroundings name for an address: HTTPS_PROXY and NO_PROXY, or the system's own."""
    from urllib.request import getproxies, proxy_bypass  # reads the settings of macOS and Windows, too

    if _is_here(address.host):
        return None
    if proxy_bypass(address.host):
        return None
    return getproxies().get(address.scheme)


class FleetClient:
    """A connection to one server.

    Args:
        url: its address, as `address_of` takes it.
        authorities: certificates in PEM that are trusted instead of the system's; None for those.
        proxy: through which; None for what the surroundings say.
        connections: how many at the same time.

    Raises:
        ValueError: one of them cannot be used; with a reason for a person.
    """

    usual_headers: Mapping[str, str] = MappingProxyType({"User-Agent": _USER_AGENT, "Accept-Encoding": "identity"})
    """What every request has."""

    def __init__(
        self, url: str, *, authorities: str | None = None, proxy: str | None = None, connections: int = 1
    ) -> None:
        self.address = address_of(url)
        self._authorities = authorities
        self._connections = connections
        self._proxy = proxy if proxy is not None else proxy_for(self.address)
        if self._proxy is not None and urlsplit(self._proxy).scheme not in ("http", "https"):
            raise ValueError(f"{self._proxy!r} is no address of a proxy, such as http://proxy.example.com:3128")
        self._context = _context(authorities) if self.address.scheme == "https" else None
        self._pool: Any = None

    def post(self, path: str, body: bytes, headers: Mapping[str, str], limit: int) -> HttpReply:
        """Send one POST and return the answer.

        Args:
            path: begins with a slash.
            body: as it is sent.
            headers: besides those that every request has.
            limit: bytes of the answer.

        Raises:
            HttpError: there is none.
        """
        return self._asked("POST", path, body, headers, limit)

    def get(self, path: str, limit: int, headers: Mapping[str, str] | None = None) -> HttpReply:
        """Send one GET and return the answer.

        Args:
            path: begins with a slash.
            limit: bytes of the answer.
            headers: besides those that every request has.

        Raises:
            HttpError: there is none; `TooLargeError` if it is too long.
        """
        return self._asked("GET", path, None, headers or {}, limit)

    def _asked(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], limit: int) -> HttpReply:
        import urllib3

        sent = {**self.usual_headers, **headers}
        try:
            reply = self.pooled().request(
                method,
                self.address.url + path,
                body=body,
                headers=sent,
                redirect=False,
                retries=False,
                preload_content=False,
                decode_content=False,
                timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=ANSWER_SECONDS),
            )
            try:
                content = _bounded(reply, limit)
            finally:
                reply.close()
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise HttpError(reason_of(error)) from None
        found = {name.lower(): value for name, value in reply.headers.items()}
        if 300 <= reply.status < 400:
            raise HttpError(f"it sends on to {found.get('location', 'elsewhere')[:200]!r}, which is not followed")
        return HttpReply(reply.status, found, content)

    def close(self) -> None:
        """Let go of the connection."""
        if self._pool is not None:
            self._pool.clear()
            self._pool = None

    def pooled(self) -> Any:  # noqa: ANN401  (a manager with or without a proxy; urllib3 loads late)
        """Return what holds the connections."""
        if self._pool is None:
            import urllib3

            settings: dict[str, Any] = {"num_pools": 1, "maxsize": self._connections}
            if self._context is not None:
                settings["ssl_context"] = self._context
            self._pool = (
                urllib3.PoolManager(**settings)
                if self._proxy is None
                else urllib3.ProxyManager(self._proxy, **settings)
            )
        return self._pool


def _context(authorities: str | None) -> "ssl.SSLContext":
    import ssl

    try:
        context = ssl.create_default_context(cadata=authorities)
    except (ssl.SSLError, ValueError):
        raise ValueError("the file of certificates holds none in PEM") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _bounded(reply: Any, limit: int) -> bytes:  # noqa: ANN401  (an answer of urllib3)
    deadline = time.monotonic() + ANSWER_SECONDS
    content = bytearray()
    while piece := reply.read1(_CHUNK):  # what is there, however little: whole chunks could take for ever
        content += piece
        if len(content) > limit:
            raise TooLargeError("its answer is too large")
        if time.monotonic() > deadline:
            raise ValueError("its answer takes too long")
    return bytes(content)


def reason_of(error: Exception) -> str:
    """Return what went wrong in a few words, without objects of libraries."""
    inner: BaseException = error
    for _ in range(8):
        following = getattr(inner, "reason", None) or inner.__cause__ or inner.__context__
        if not isinstance(following, BaseException):
            break
        inner = following
    if verify := getattr(inner, "verify_message", ""):
        return f"{UNTRUSTED}: {verify}"
    if isinstance(inner, OSError) and inner.strerror:
        return inner.strerror.lower()
    text = str(inner).rpartition(": ")[2] or type(inner).__name__
    return text[:200]


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
