import asyncio
from pathlib import Path

import pytest
from tests.export.test_syslog import read
from tests.fleet.certificates import self_signed
from tests.fleet.receivers import HttpReceiver, SyslogReceiver, poster
from tests.fleet.test_target_webhook import events_of
from tests.fleet.told import NOW

from weighbridge.fleet.store import Store
from weighbridge.fleet.target import Destination
from weighbridge.fleet.target_syslog import framed, host_and_port, send
from weighbridge.host.outgoing import OutgoingError


def test_a_receiver_reads_every_message(store: Store, tmp_path: Path) -> None:
    certificate = self_signed(tmp_path)
    events = events_of(store)
    with SyslogReceiver(certificate) as receiver:
        where = Destination(address=receiver.address, authorities=Path(certificate[0]).read_text())
        asyncio.run(send(where, events, poster(), NOW))
        asyncio.run(send(where, events[:1], poster(), NOW))
        messages = receiver.wait_for(len(events) + 1)
    headers = [read(one) for one in messages]
    assert [parameters["id"] for _, parameters, _ in headers] == [one.event.id for one in [*events, events[0]]]
    assert headers[0][2] == events[0].event.message


def test_a_certificate_that_nobody_vouches_for(store: Store, tmp_path: Path) -> None:
    with SyslogReceiver(self_signed(tmp_path)) as receiver:
        with pytest.raises(OutgoingError, match="certificate does not hold"):
            asyncio.run(send(Destination(address=receiver.address), events_of(store), poster(), NOW))
        assert receiver.messages == []


def test_one_who_does_not_speak_tls(store: Store) -> None:
    events = events_of(store)
    with HttpReceiver() as receiver:
        where = Destination(address=f"127.0.0.1:{receiver.server_port}")
        with pytest.raises(OutgoingError):
            asyncio.run(send(where, events, poster(seconds=5.0), NOW))


def test_the_length_is_that_of_the_bytes() -> None:
    assert framed("<1>1 ü") == b"7 <1>1 \xc3\xbc"
    assert framed("\ud800") == b"6 \\ud800"


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("siem.example.com", ("siem.example.com", 6514)),
        ("siem.example.com:514", ("siem.example.com", 514)),
        ("[2001:db8::1]:6514", ("2001:db8::1", 6514)),
        ("[2001:db8::1]", ("2001:db8::1", 6514)),
        (" 10.0.0.1:1 ", ("10.0.0.1", 1)),
    ],
)
def test_addresses(address: str, found: tuple[str, int]) -> None:
    assert host_and_port(address) == found


@pytest.mark.parametrize(
    "address", ["", ":6514", "a:b", "a:0", "a:65536", "a:1:2", "https://a", "[::1", "a b", "ü", "a@b", "a:٣"]
)
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(OutgoingError, match="HOST:PORT"):
        host_and_port(address)
