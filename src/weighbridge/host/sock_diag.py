"""The sockets that accept connections, asked of the kernel: every one in this network namespace in two dumps.

Source: sock_diag(7); `linux/inet_diag.h`, `linux/unix_diag.h`, `linux/netlink.h`; states from `net/tcp_states.h`.
"""

import socket
import struct
import sys
from collections import Counter
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

from weighbridge.host.live import SocketListener

_NETLINK_SOCK_DIAG = 4
_BY_FAMILY = 20
_REQUEST_DUMP = 0x301
_DONE, _ERROR = 3, 2
_LISTEN = 1 << 10
_SHOW_NAME, _SHOW_FILE, _SHOW_USER = 0x1, 0x2, 0x40
_NAME, _FILE, _USER = 0, 1, 7
_ACCEPTING = (1, 5)
"""SOCK_STREAM and SOCK_SEQPACKET."""
_HEADER = struct.Struct("=IHHII")
_INET = struct.Struct("=BBBBHH16s16sIII IIIII")
_UNIX = struct.Struct("=BBBBIII")
_ATTRIBUTE = struct.Struct("=HH")
_BUFFER = 1 << 18
_MOST = 100_000
"""Listeners; a machine that has more is being flooded."""
_SECONDS = 2.0


def listening(namespace: int) -> list[SocketListener]:
    """Return the listening TCP and UNIX sockets of this network namespace, whose inode is `namespace`.

    Raises OSError where the kernel does not answer such questions.
    """
    found: list[SocketListener] = []
    for family in (socket.AF_INET, socket.AF_INET6):
        request = struct.pack("=BBBBI48x", family, socket.IPPROTO_TCP, 0, 0, _LISTEN)
        found += (one for message in _dump(request) if (one := tcp_listener(message, namespace)) is not None)
    request = struct.pack("=BBHIIIII", socket.AF_UNIX, 0, 0, _LISTEN, 0, _SHOW_NAME | _SHOW_FILE | _SHOW_USER, 0, 0)
    bound = [one for message in _dump(request) if (one := unix_listener(message, namespace)) is not None]
    names = Counter(one.address for one in bound)
    found += (one if names[one.address] > 1 else one._replace(file_inode=0) for one in bound)
    return found


def tcp_listener(message: bytes, namespace: int) -> SocketListener | None:
    """Return what an `inet_diag_msg` tells; None if it is too short."""
    if len(message) < _INET.size:
        return None
    family, _, _, _, port, _, source, *_rest, user, inode = _INET.unpack_from(message)
    address = IPv4Address(source[:4]) if family == socket.AF_INET else IPv6Address(source)
    # The port alone is in network byte order.
    return SocketListener("tcp", str(address), socket.ntohs(port), inode, user, namespace)


def unix_listener(message: bytes, namespace: int) -> SocketListener | None:
    """Return what a `unix_diag_msg` with its attributes tells; None if it has no name or accepts nothing."""
    if len(message) < _UNIX.size:
        return None
    _, kind, _, _, inode, *_ = _UNIX.unpack_from(message)
    name, user, file_inode = b"", None, 0
    at = _UNIX.size
    while at + _ATTRIBUTE.size <= len(message):
        length, attribute = _ATTRIBUTE.unpack_from(message, at)
        if length < _ATTRIBUTE.size:
            break
        value = message[at + _ATTRIBUTE.size : at + length]
        if attribute == _NAME:
            name = value
        elif attribute == _FILE and len(value) == 8:
            file_inode = int.from_bytes(value[:4], sys.byteorder)
        elif attribute == _USER and len(value) == 4:
            user = int.from_bytes(value, sys.byteorder)
        at += (length + 3) & ~3
    if not name or kind not in _ACCEPTING:
        return None
    return SocketListener("unix", unix_name(name), 0, inode, user, namespace, file_inode)


def unix_name(name: bytes) -> str:
    """Return the name of a UNIX socket as text: a zero byte before an abstract name becomes `@`.

    Bytes that are not UTF-8 become surrogates, as in `os.fsdecode`, so that the name leads to the socket again.
    """
    shown = b"@" + name[1:] if name[:1] == b"\0" else name.rstrip(b"\0")
    return shown.decode("utf-8", "surrogateescape")


def _dump(request: bytes) -> Iterator[bytes]:
    """Yield the bodies of all answers to one question. Raises OSError."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, _NETLINK_SOCK_DIAG) as kernel:
        kernel.settimeout(_SECONDS)
        kernel.sendto(_HEADER.pack(_HEADER.size + len(request), _BY_FAMILY, _REQUEST_DUMP, 1, 0) + request, (0, 0))
        count = 0
        while count < _MOST:
            answer = kernel.recv(_BUFFER)
            at = 0
            while at + _HEADER.size <= len(answer):
                length, kind, *_ = _HEADER.unpack_from(answer, at)
                if kind == _DONE or length < _HEADER.size:
                    return
                if kind == _ERROR:
                    code = -int.from_bytes(answer[at + 16 : at + 20], sys.byteorder, signed=True)
                    raise OSError(code, "the kernel does not list its sockets")
                yield answer[at + _HEADER.size : at + length]
                count += 1
                at += (length + 3) & ~3
