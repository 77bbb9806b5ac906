import asyncio
import socket
import ssl
from collections.abc import Sequence
from ipaddress import ip_address

import pytest

from weighbridge.host.outgoing import Dialer, ForbiddenError, OutgoingError, is_public, reason_of, system_resolve

FORBIDDEN = (
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "2002:7f00:1::",
    "64:ff9b::a9fe:a9fe",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
)


def answering(*addresses: str):
    asked = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append((host, port))
        return addresses

    return resolve, asked


@pytest.mark.parametrize("address", FORBIDDEN)
def test_what_only_this_machine_reaches_is_refused(address):
    resolve, _ = answering(address)
    with pytest.raises(ForbiddenError, match="not public"):
        asyncio.run(Dialer(resolve=resolve).addresses("name.example", 443))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are_reached(address):
    resolve, _ = answering(address)
    assert asyncio.run(Dialer(resolve=resolve).addresses("name.example", 443)) == [ip_address(address)]


def test_one_forbidden_address_among_good_ones_is_enough():
    resolve, _ = answering("8.8.8.8", "10.0.0.1")
    with pytest.raises(ForbiddenError, match=r"10\.0\.0\.1"):
        asyncio.run(Dialer(resolve=resolve).addresses("name.example", 443))


def test_a_network_that_the_settings_name_is_reached_and_its_neighbor_is_not():
    dialer = Dialer(["10.1.0.0/16", "fd00::/8"])
    assert [
        dialer.allows(ip_address(one)) for one in ("10.1.2.3", "::ffff:10.1.2.3", "fd12::1", "10.2.0.1", "::1")
    ] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert not is_public(ip_address("10.1.2.3"))


@pytest.mark.parametrize("addresses", [(), ("nonsense",)])
def test_a_name_without_an_address(addresses):
    resolve, _ = answering(*addresses)
    with pytest.raises(OutgoingError, match="no address"):
        asyncio.run(Dialer(resolve=resolve).addresses("name.example", 443))


def test_the_connection_goes_to_the_address_that_was_looked_at():
    """The name is asked for once; where it leads a moment later does not matter."""

    async def run() -> bytes:
        async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"hello")
            await writer.drain()
            writer.close()

        listener = await asyncio.start_server(greet, "127.0.0.1", 0)
        port = listener.sockets[0].getsockname()[1]
        connection = await Dialer(["127.0.0.0/8"], resolve).dial("name.invalid", port, None)
        said = await connection.reader.read()
        connection.drop()
        listener.close()
        return said

    resolve, asked = answering("127.0.0.1")
    assert asyncio.run(run()) == b"hello"
    assert len(asked) == 1


def test_nobody_listens():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen, so that nobody else does
        with pytest.raises(OutgoingError, match=r"127\.0\.0\.1 port"):
            asyncio.run(Dialer(["127.0.0.0/8"]).dial("127.0.0.1", taken.getsockname()[1], None))


def test_the_system_knows_this_machine():
    assert "127.0.0.1" in asyncio.run(system_resolve("127.0.0.1", 80))


def test_reasons_are_short_and_without_what_a_stranger_wrote():
    assert reason_of(ConnectionRefusedError(111, "Connection refused")) == "connection refused"
    assert reason_of(ValueError("whatever they sent")) == "valueerror"
    error = ssl.SSLCertVerificationError(1, "x")
    error.verify_message = "self-signed certificate"
    assert reason_of(error) == "its certificate does not hold: self-signed certificate"
