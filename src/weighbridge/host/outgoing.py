"""Connections to addresses that an administrator named, without letting them reach what only this machine can.

A name is resolved once, every address it has is looked at, and the connection goes to one of those: a name server that
answers otherwise a moment later changes nothing. Addresses of this machine, of private networks and of cloud metadata
are refused unless they lie in a network that the server's settings name.

Source: OWASP, "Server-Side Request Forgery Prevention"; IANA special-purpose address registries, as `ipaddress` knows
them; RFC 4291 (mapped), RFC 3056 (6to4), RFC 4380 (Teredo), RFC 6052 (64:ff9b::/96) for addresses within addresses.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
_TRANSLATED = IPv6Network("64:ff9b::/96")
_MOST_ADDRESSES = 8


class OutgoingError(Exception):
    """Nothing was reached; with a reason for a person, in a few words."""


class ForbiddenError(OutgoingError):
    """An address that must not be reached."""


class Connection(NamedTuple):
    """An open connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send_all(self, content: bytes) -> None:
        """Send, and wait until the system has taken every byte. Raises OSError."""
        self.writer.transport.set_write_buffer_limits(0)
        self.writer.write(content)
        await self.writer.drain()

    async def say_goodbye(self, seconds: float) -> None:
        """Say that nothing more comes, and wait so long at most for the other side to have read everything.

        Raises OSError if it broke off instead.
        """
        self.writer.close()
        try:
            async with asyncio.timeout(seconds):
                await self.writer.wait_closed()
        except (TimeoutError, ssl.SSLError):
            return  # some say nothing, or not as TLS wants it

    def drop(self) -> None:
        """Let go at once."""
        self.writer.transport.abort()


async def system_resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a name. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class Dialer:
    """Opens connections.

    Args:
        networks: where addresses may lie beside the public ones: `10.0.0.0/8`.
        resolve: returns the addresses of a name.
        setting: what such networks are named by, for the person who is refused one.
    """

    def __init__(
        self, networks: Sequence[str] = (), resolve: Resolve = system_resolve, setting: str = "export_networks"
    ) -> None:
        self._networks = [ip_network(one) for one in networks]
        self._resolve = resolve
        self._setting = setting

    def allows(self, address: Address) -> bool:
        """Tell whether an address may be reached."""
        inner = _inner(address)
        return any(inner in one for one in self._networks if one.version == inner.version) or is_public(inner)

    async def addresses(self, host: str, port: int) -> list[Address]:
        """Return the addresses of a name, all of which may be reached.

        Raises:
            OutgoingError: it has none; `ForbiddenError` if one of them must not be reached.
        """
        try:
            found = [ip_address(one) for one in await self._resolve(host, port)]
        except (OSError, UnicodeError, ValueError):
            found = []
        if not found:
            raise OutgoingError(f"{host} has no address")
        for one in found:
            if not self.allows(one):
                raise ForbiddenError(f"{host} is {one}, which is not public; `{self._setting}` can allow its network")
        return found[:_MOST_ADDRESSES]

    async def dial(self, host: str, port: int, context: ssl.SSLContext | None) -> Connection:
        """Open a connection, with TLS for the name if there is a context. The caller bounds the time.

        Raises:
            OutgoingError: nobody was reached, or somebody else than the certificate should say.
        """
        failure: OutgoingError = OutgoingError(f"{host} has no address")
        for address in await self.addresses(host, port):
            try:
                name = host if context is not None else None
                opened = await asyncio.open_connection(str(address), port, ssl=context, server_hostname=name)
            except (OSError, ValueError) as error:
                failure = OutgoingError(f"{host} port {port}: {reason_of(error)}")
                continue
            return Connection(*opened)
        raise failure


def is_public(address: Address) -> bool:
    """Tell whether everybody can reach an address, so that reaching it from here tells nothing."""
    if address.is_multicast or address.is_unspecified or address.is_reserved:
        return False
    if isinstance(address, IPv6Address) and address.is_site_local:
        return False
    return address.is_global


def reason_of(error: Exception) -> str:
    """Return what went wrong in a few words, without what a stranger wrote."""
    verify = getattr(error, "verify_message", "")
    if verify:
        return f"its certificate does not hold: {verify}"
    said = getattr(error, "strerror", None) or type(error).__name__
    return str(said).lower()[:200]


def _inner(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address only carries, if it does."""
    if not isinstance(address, IPv6Address):
        return address
    carried = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
    if carried is None and address in _TRANSLATED:
        carried = IPv4Address(int(address) & 0xFFFF_FFFF)
    return carried if carried is not None else address
