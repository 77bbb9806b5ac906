"""Asking a hub what it revoked: one key, newer answers only, and whatever goes wrong leaves what is kept."""

import json

import pytest
from tests.pipeline.hub_feeds import KEY, OTHER_KEY, answer, revoked, text_of
from tests.pipeline.hub_server import SmallHub

from weighbridge.host.real import RealMachine
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.hub_access import HubAccess, hub_client, keep_access
from weighbridge.pipeline.hub_feed import KeptFeed, kept_feed
from weighbridge.pipeline.hub_feed_update import refresh, refresh_if_set_up, refresh_when_due
from weighbridge.pipeline.membership import FleetFolder, Membership
from weighbridge.sync.catalog_feed import FEED_PATH

BODY, NEXT = text_of(gone=(revoked("b" * 64),)), text_of()
TOKEN = "hf_" + "a" * 40


@pytest.fixture
def machine(home) -> RealMachine:
    return RealMachine()


@pytest.fixture
def access(hub: SmallHub) -> HubAccess:
    return HubAccess(url=hub.url, token=TOKEN)


def now(machine: RealMachine) -> int:
    return int(machine.now().timestamp() * 1000)


def says(hub: SmallHub, value: object, known: str = "") -> None:
    hub.answers[f"{FEED_PATH}?have={known}" if known else FEED_PATH] = 200, value


def asked(machine: RealMachine, access: HubAccess, **more) -> KeptFeed:
    client = hub_client(access)
    try:
        return refresh(machine, access, client, **more)
    finally:
        client.close()


@pytest.fixture
def first(machine: RealMachine, hub: SmallHub, access: HubAccess) -> KeptFeed:
    """What is kept after a first answer."""
    says(hub, answer(BODY, now(machine)))
    found = asked(machine, access)
    assert (found.reason, found.key) == ("", KEY.public.text)
    return found


def test_the_first_answer_pins_its_key_and_is_asked_for_as_tools_are(hub, machine, first) -> None:
    assert [one.sha256 for one in kept_feed(machine).revoked] == ["b" * 64]
    assert hub.seen[-1][1]["Authorization"] == f"Bearer {TOKEN}"


def test_who_has_the_feed_takes_the_signature_alone(hub, machine, access, first) -> None:
    says(hub, answer(BODY, first.at + 1, short=True), first.sha256)
    found = asked(machine, access)
    assert (found.at, found.reason, found.revoked) == (first.at + 1, "", first.revoked)


def test_what_is_no_longer_listed_holds_no_more(hub, machine, access, first) -> None:
    says(hub, answer(NEXT, first.at + 1), first.sha256)
    assert asked(machine, access).revoked == ()


def wrong(first: KeptFeed) -> dict[str, tuple[object, str]]:
    """What a hub may say, and why it is refused."""
    later, body = first.at + 1, NEXT
    return {
        "the same once more": (answer(BODY, first.at, short=True), "no newer than the last one"),
        "an older one": (answer(body, first.at - 1), "no newer than the last one"),
        "one of another day": (answer(body, first.at + 2 * 86_400_000), "which is not now"),
        "one of no time": (answer(body, 9 * 10**14), "no time"),
        "another key": (answer(body, later, OTHER_KEY), "another key than the one that this machine knows"),
        "another body": ({**answer(body, later), "body": BODY.decode()}, "not what was signed"),
        "half": (answer(body, later, short=True), "leaves out"),
        "no feed": ({"hello": 1}, "makes no sense"),
        "no list": (answer(b"[]", later), "cannot be read"),
        "a note that is none": ({**answer(body, later), "note": "x"}, "signatures"),
    }


def test_whatever_is_wrong_leaves_what_is_kept_and_is_said(hub, machine, access, first) -> None:
    for name, (value, why) in wrong(first).items():
        says(hub, value, first.sha256)
        found = asked(machine, access)
        assert why in found.reason, name
        assert (found.revoked, found.at, found.key) == (first.revoked, first.at, first.key), name
        assert found.refreshed_at == first.refreshed_at, name
        assert kept_feed(machine) == found, name


def test_a_hub_that_sends_elsewhere_too_much_or_nothing_is_refused(hub, machine, access, first, monkeypatch) -> None:
    path = f"{FEED_PATH}?have={first.sha256}"
    monkeypatch.setattr("weighbridge.pipeline.hub_listing._LARGEST", 5_000)
    for status, value, why in (
        (302, b"", "is not followed"),
        (200, b"x" * 6_000, "too large"),
        (403, {"error": "Not for you."}, "Not for you"),
        (500, b"oops", "answered with 500"),
    ):
        hub.answers[path] = status, value
        found = asked(machine, access)
        assert why in found.reason
        assert found.revoked == first.revoked


def test_a_hub_that_drips_is_not_waited_for(machine, home, monkeypatch) -> None:
    import socket
    import threading

    monkeypatch.setattr("weighbridge.host.fleet_http.ANSWER_SECONDS", 0.3)
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
                while not ended.wait(0.05):
                    try:
                        connection.sendall(b"x")
                    except OSError:
                        return

        dripping = threading.Thread(target=drip, daemon=True)
        dripping.start()
        access = HubAccess(url=f"http://127.0.0.1:{listening.getsockname()[1]}")
        found = asked(machine, access)
        ended.set()
        dripping.join(60)
    assert "takes too long" in found.reason or "timed out" in found.reason


def test_a_given_key_counts_from_the_beginning_and_replaces_another(hub, machine, access, first) -> None:
    says(hub, answer(BODY, first.at + 1))
    assert "another key" in asked(machine, access, key=OTHER_KEY.public.text).reason
    assert kept_feed(machine).revoked == ()
    says(hub, answer(BODY, first.at + 1, OTHER_KEY))
    found = asked(machine, access)
    assert (found.reason, found.key) == ("", OTHER_KEY.public.text)
    with pytest.raises(WeighbridgeError) as caught:
        asked(machine, access, key="none")
    assert caught.value.code == "E-hub-key"


def test_another_hub_begins_anew(hub, machine, first) -> None:
    with SmallHub({}) as other:
        says(other, answer(NEXT, first.at - 1, OTHER_KEY))
        found = asked(machine, HubAccess(url=other.url))
    assert (found.key, found.revoked, found.reason) == (OTHER_KEY.public.text, (), "")


def test_who_did_not_set_it_up_or_belongs_to_its_fleet_does_not_ask(hub, machine, access) -> None:
    client = hub_client(access)
    assert refresh_if_set_up(machine, access, client) is None
    keep_access(machine, access)
    joined = Membership(url=hub.url, endpoint_id="a" * 16, witness_key="w", enrolled_at="now")
    FleetFolder(machine).join(joined)
    assert refresh_if_set_up(machine, access, client) is None
    assert hub.seen == []
    FleetFolder(machine).leave()
    says(hub, answer(BODY, now(machine)))
    assert refresh_if_set_up(machine, access, client).reason == ""
    client.close()


def test_who_watches_asks_in_its_rhythm_and_hears_of_news_alone(hub, machine, access, monkeypatch) -> None:
    assert not refresh_when_due(machine)
    keep_access(machine, access)
    says(hub, answer(BODY, now(machine)))
    assert refresh_when_due(machine)
    assert not refresh_when_due(machine)
    assert len(hub.seen) == 1
    monkeypatch.setattr("weighbridge.pipeline.hub_feed_update.REGULAR_SECONDS", 0.0)
    says(hub, answer(BODY, now(machine) + 1, short=True), kept_feed(machine).sha256)
    assert not refresh_when_due(machine)
    assert len(hub.seen) == 2


def test_what_is_kept_holds_no_token(machine, home, first) -> None:
    text = (home / "state" / "hub-access" / "revocations.json").read_text()
    assert TOKEN not in text
    assert json.loads(text)["hub"].startswith("http://127.0.0.1")
