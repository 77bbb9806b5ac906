"""Who a client is, by network address: the other end of the connection, or what a declared proxy says it is.

A header that anybody can write is believed only as far as declared proxies wrote it. Each appends the address that it
saw to the end of `X-Forwarded-For`, so the list is read from its end, until an address that is no declared proxy.
Source: RFC 7239, section 8.1; the lesson is CVE-2026-46356 (limits that any client could pass by with such a header).
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
_MOST = 32
"""Addresses of a header that are looked at."""
UNKNOWN = "unknown"


def networks(declared: Sequence[str]) -> tuple[Network, ...]:
    """Return the declared proxies. Raises ValueError."""
    return tuple(ip_network(one) for one in declared)


def client_address(peer: str | None, forwarded: Sequence[str], proxies: Sequence[Network]) -> str:
    """Return the address of a client, in its canonical spelling.

    Args:
        peer: the other end of the connection; None if there is none, as on a socket of the file system.
        forwarded: values of the `X-Forwarded-For` headers, in order.
        proxies: networks whose word is taken.
    """
    address = _parsed(peer or "")
    if address is None:
        return UNKNOWN
    named = [part for value in forwarded for part in value.split(",")][-_MOST:]
    while named and _is_within(address, proxies):
        before = _parsed(named.pop())
        if before is None:
            break  # a proxy that does not know: it is the last one that is known
        address = before
    return str(address)


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip()[:64].partition("%")[0])
    except ValueError:
        return None
    # One client must not have two names.
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _is_within(address: IPv4Address | IPv6Address, proxies: Sequence[Network]) -> bool:
    return any(address.version == proxy.version and address in proxy for proxy in proxies)
