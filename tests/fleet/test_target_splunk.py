import asyncio
import json
from typing import Any

import pytest
from tests.fleet.receivers import HttpReceiver, Received, Reply, poster
from tests.fleet.test_target_webhook import events_of
from tests.fleet.told import NOW

from weighbridge.fleet.store import Store
from weighbridge.fleet.target import Destination, UndeliveredError
from weighbridge.fleet.target_splunk import envelope, send

TOKEN = "11111111-2222-3333-4444-555555555555"
_KEYS = {"time", "host", "source", "sourcetype", "event", "fields", "index"}


def collector(received: Received) -> Reply:
    """Answer as Splunk's collector documents it: codes 0, 2, 3, 4, 5, 6, 12."""
    if received.path != "/services/collector/event":
        return Reply(404, b'{"text":"The requested URL was not found on this server.","code":404}')
    scheme, _, token = received.headers.get("authorization", "").partition(" ")
    if not token:
        return Reply(401, b'{"text":"Token is required","code":2}')
    if scheme != "Splunk" or token != TOKEN:
        return Reply(403, b'{"text":"Invalid token","code":4}')
    if not received.body:
        return Reply(400, b'{"text":"No data","code":5}')
    try:
        found = objects(received.body)
    except ValueError:
        return Reply(400, b'{"text":"Invalid data format","code":6}')
    if any("event" not in one or one["event"] in ("", None) for one in found):
        return Reply(400, b'{"text":"Event field is required","code":12}')
    return Reply()


def objects(body: bytes) -> list[dict[str, Any]]:
    """Read objects that stand one after another, as strictly as the collector."""
    text, found, at = body.decode("utf-8"), [], 0
    decoder = json.JSONDecoder()
    while at < len(text):
        one, at = decoder.raw_decode(text, at)
        assert set(one) <= _KEYS
        assert all(isinstance(value, str) for value in one["fields"].values()), "fields are flat"
        assert isinstance(one["time"], int | float)
        found.append(one)
        while at < len(text) and text[at] in "\r\n ":
            at += 1
    return found


@pytest.mark.parametrize("form", ["ocsf", "ecs"])
def test_the_collector_takes_it(store: Store, form: str) -> None:
    events = events_of(store)
    with HttpReceiver(collector) as receiver:
        for address in (receiver.url, f"{receiver.url}/", f"{receiver.url}/services/collector/event"):
            asyncio.run(send(Destination(address=address, secret=TOKEN, format=form), events, poster(), NOW))
        found = [one for body in receiver.bodies for one in objects(body)]
    assert len(found) == 3 * len(events)
    assert {one["sourcetype"] for one in found} == {f"weighbridge:{form}"}
    assert [one["fields"]["event_id"] for one in found[: len(events)]] == [one.event.id for one in events]
    assert found[0]["host"] == "laptop"
    assert found[1]["time"] == NOW / 1000 + 1


def test_a_wrong_token_says_nothing_about_the_events(store: Store) -> None:
    events = events_of(store)
    with HttpReceiver(collector) as receiver, pytest.raises(UndeliveredError, match="Invalid token") as caught:
        asyncio.run(send(Destination(address=receiver.url, secret="wrong"), events, poster(), NOW))
    assert not caught.value.is_refused


def test_large_pieces_are_several_requests(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    events = events_of(store) * 400
    with HttpReceiver(collector) as receiver:
        asyncio.run(send(Destination(address=receiver.url, secret=TOKEN), events, poster(), NOW))
        assert len(receiver.bodies) > 1
        assert all(len(body) < 600_000 for body in receiver.bodies)
        assert sum(len(objects(body)) for body in receiver.bodies) == len(events)


def test_an_event_without_a_time_has_the_time_of_sending(store: Store) -> None:
    from dataclasses import replace

    one = events_of(store)[0]
    assert envelope(one._replace(event=replace(one.event, at="never")), "ecs", NOW)["time"] == NOW / 1000
