"""The kernel's tables of sockets as text."""

import sys

import pytest

from weighbridge.host.proc_sockets import parse_tcp, parse_unix

little = pytest.mark.skipif(sys.byteorder != "little", reason="the samples are from a little-endian machine")
TCP = b"""\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:2CAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 777 1 0000000000000000 100
   1: 0100007F:2CAA 0100007F:9999 01 00000000:00000000 00:00000000 00000000  1000        0 778 1 0000000000000000 20
   2: broken
   3: zz:zz 00000000:0000 0A 0:0 0:0 0 0 0 1
"""
TCP6 = b"""\
  sl  local_address                         remote_address                        st ...
   0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 5 1 0 100
"""
UNIX = b"""\
Num       RefCount Protocol Flags    Type St Inode Path
0000000000000000: 00000002 00000000 00010000 0001 01 12345 /run/with space.sock
0000000000000000: 00000002 00000000 00010000 0001 01 12346 @abstract
0000000000000000: 00000003 00000000 00000000 0001 03 12347 /run/connected.sock
0000000000000000: 00000002 00000000 00010000 0001 01 12348
broken
"""


@little
def test_only_listening_sockets_count() -> None:
    (found,) = parse_tcp(TCP, 9)
    assert (found.address, found.port, found.user, found.inode, found.namespace) == ("127.0.0.1", 11434, 1000, 777, 9)


@little
def test_addresses_of_the_sixth_version() -> None:
    (found,) = parse_tcp(TCP6, 9)
    assert (found.address, found.port, found.inode) == ("::1", 8080, 5)


def test_named_unix_sockets_that_accept() -> None:
    assert [(one.address, one.inode) for one in parse_unix(UNIX, 9)] == [
        ("/run/with space.sock", 12345),
        ("@abstract", 12346),
    ]
