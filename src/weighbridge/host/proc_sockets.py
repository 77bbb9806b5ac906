"""The kernel's text tables of sockets, read: for other network namespaces, and where netlink gives no answer.

Source: Linux Documentation/networking/proc_net_tcp.rst; proc_pid_net(5) for `unix`.
"""

import sys
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

from weighbridge.host.live import SocketListener
from weighbridge.host.sock_diag import unix_name

_LISTEN = b"0A"
_ACCEPTS = 0x10000
"""`__SO_ACCEPTCON`."""


def parse_tcp(table: bytes, namespace: int) -> Iterator[SocketListener]:
    """Yield the listening sockets of `net/tcp` or `net/tcp6`; lines that make no sense are passed over."""
    for line in table.splitlines()[1:]:
        fields = line.split()
        if len(fields) < 10 or fields[3] != _LISTEN:
            continue
        try:
            address, port = fields[1].split(b":")
            user, inode = int(fields[7]), int(fields[9])
            yield SocketListener("tcp", _address(address), int(port, 16), inode, user, namespace)
        except ValueError:
            continue


def parse_unix(table: bytes, namespace: int) -> Iterator[SocketListener]:
    """Yield the named listening sockets of `net/unix`; whose they are is not in it."""
    for line in table.splitlines()[1:]:
        fields = line.split(b" ", 6)
        try:
            flags, rest = int(fields[3], 16), fields[6].lstrip()
            inode, _, path = rest.partition(b" ")
            if flags & _ACCEPTS and path:
                name = b"\0" + path[1:] if path.startswith(b"@") else path
                yield SocketListener("unix", unix_name(name), 0, int(inode), None, namespace)
        except (ValueError, IndexError):
            continue


def _address(text: bytes) -> str:
    """Return the address that the kernel printed as numbers of 32 bits in the byte order of this machine."""
    words = [int(text[at : at + 8], 16).to_bytes(4, sys.byteorder) for at in range(0, len(text), 8)]
    packed = b"".join(words)
    return str(IPv4Address(packed) if len(packed) == 4 else IPv6Address(packed))
