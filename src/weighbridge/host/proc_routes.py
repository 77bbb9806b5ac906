"""The kernel's text tables of routes, read.

In: the content of `/proc/PID/net/route` and `/proc/PID/net/ipv6_route`. Out: destinations with gateway and interface.
Source: Linux Documentation/networking/proc_net_tcp.rst's neighbors `net/ipv4/fib_trie.c` (fib_route_seq_show) and
`net/ipv6/route.c` (rt6_info_route); flags from `include/uapi/linux/route.h` and `ipv6_route.h`.
"""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from typing import NamedTuple

_UP = 0x1
_GATEWAY = 0x2
_REJECT = 0x200
_LOCAL = 0x80000000
_LOOPBACK = "lo"


class RouteLine(NamedTuple):
    """One route as the kernel lists it."""

    destination: str
    """CIDR."""
    gateway: str | None
    interface: str


def parse_ipv4_routes(table: bytes) -> Iterator[RouteLine]:
    """Yield the usable routes of `/proc/PID/net/route`; lines that make no sense are passed over."""
    for line in table.splitlines()[1:]:
        fields = line.split()
        try:
            interface = fields[0].decode("utf-8", "backslashreplace")
            destination, gateway, flags, mask = (int(fields[index], 16) for index in (1, 2, 3, 7))
        except (ValueError, IndexError):
            continue
        if flags & _UP and not flags & _REJECT and interface != _LOOPBACK:
            via = str(_ipv4(gateway)) if flags & _GATEWAY else None
            yield RouteLine(f"{_ipv4(destination)}/{mask.bit_count()}", via, interface)


def parse_ipv6_routes(table: bytes) -> Iterator[RouteLine]:
    """Yield the usable routes of `/proc/PID/net/ipv6_route`; this machine's own addresses are none."""
    for line in table.splitlines():
        fields = line.split()
        try:
            destination, gateway = (IPv6Address(bytes.fromhex(fields[index].decode("ascii"))) for index in (0, 4))
            prefix, flags = int(fields[1], 16), int(fields[8], 16)
            network = IPv6Network((destination, prefix), strict=False)
            interface = fields[9].decode("utf-8", "backslashreplace")
        except (ValueError, IndexError):
            continue
        if flags & _UP and not flags & (_REJECT | _LOCAL) and interface != _LOOPBACK:
            yield RouteLine(str(network), str(gateway) if flags & _GATEWAY else None, interface)


def _ipv4(little: int) -> IPv4Address:
    """Return the address that the kernel printed as a number in the byte order of this machine."""
    import sys

    return IPv4Address((little & 0xFFFFFFFF).to_bytes(4, sys.byteorder))
