import asyncio
from pathlib import Path

from hypothesis import given
from tests.export.event_samples import EVENTS
from tests.export.test_cef import read
from tests.fleet.certificates import self_signed
from tests.fleet.receivers import SyslogReceiver, poster
from tests.fleet.test_target_webhook import events_of
from tests.fleet.told import NOW

from weighbridge.export.event import Event
from weighbridge.fleet.store import Store
from weighbridge.fleet.target import Destination
from weighbridge.fleet.target_cef import line, send


def test_a_receiver_reads_every_message(store: Store, tmp_path: Path) -> None:
    certificate = self_signed(tmp_path)
    events = events_of(store)
    with SyslogReceiver(certificate) as receiver:
        where = Destination(address=receiver.address, authorities=Path(certificate[0]).read_text())
        asyncio.run(send(where, events, poster(), NOW))
        messages = receiver.wait_for(len(events))
    found = [read(one.partition(" - CEF:")[2].join(["CEF:", ""])) for one in messages]
    assert [extension["externalId"] for _, extension in found] == [one.event.id for one in events]
    assert found[0][0][5] == events[0].event.message


@given(EVENTS)
def test_whatever_an_event_holds_it_stays_one_message(event: Event) -> None:
    made = line(event)
    assert made.isprintable()
    assert made.split(" ", 7)[6:8][0] == "-"
    assert made.split(" ", 7)[7].startswith("CEF:0|")
