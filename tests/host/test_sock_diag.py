"""Answers of the kernel about sockets, built by hand from `linux/inet_diag.h` and `linux/unix_diag.h`."""

import socket
import struct

import pytest

from weighbridge.host.sock_diag import tcp_listener, unix_listener, unix_name


def inet(family: int, address: bytes, port: int) -> bytes:
    identity = struct.pack(">HH", port, 0) + address.ljust(16, b"\0") + bytes(16) + bytes(12)
    return bytes((family, 10, 0, 0)) + identity + struct.pack("=IIIII", 0, 0, 128, 1000, 777)


def test_a_tcp_listener_has_address_port_user_and_inode() -> None:
    found = tcp_listener(inet(socket.AF_INET, b"\x7f\0\0\1", 11434), 5)
    assert found is not None
    assert (found.transport, found.address, found.port, found.user, found.inode, found.namespace) == (
        "tcp",
        "127.0.0.1",
        11434,
        1000,
        777,
        5,
    )


def test_a_tcp6_listener_is_written_as_people_write_it() -> None:
    found = tcp_listener(inet(socket.AF_INET6, bytes(16), 80), 5)
    assert found is not None
    assert found.address == "::"


def unix(kind: int, *attributes: tuple[int, bytes]) -> bytes:
    message = struct.pack("=BBBBIII", socket.AF_UNIX, kind, 10, 0, 99, 0, 0)
    for number, value in attributes:
        message += struct.pack("=HH", 4 + len(value), number) + value + bytes(-len(value) % 4)
    return message


def test_a_unix_listener_has_name_and_user() -> None:
    found = unix_listener(unix(1, (5, b"\1" * 5), (0, b"/run/x.sock"), (7, struct.pack("=I", 0))), 5)
    assert found is not None
    assert (found.transport, found.address, found.port, found.user, found.inode) == ("unix", "/run/x.sock", 0, 0, 99)


@pytest.mark.parametrize(
    "message",
    [b"", unix(1), unix(2, (0, b"/run/datagram")), unix(1) + b"\x02\x00\x00\x00", unix(1, (0, b""))],
)
def test_what_has_no_name_or_accepts_nothing_is_left_out(message: bytes) -> None:
    assert unix_listener(message, 5) is None


def test_a_short_message_is_left_out() -> None:
    assert tcp_listener(b"\2" * 71, 5) is None


def test_abstract_names_begin_with_an_at_sign() -> None:
    assert unix_name(b"\0ollama") == "@ollama"
    assert unix_name(b"/run/\xff\0\0") == "/run/\udcff"
