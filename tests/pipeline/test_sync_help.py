"""What the helper of the sensor says of sending."""

from pathlib import Path

import pytest
from tests.pipeline.hub_feeds import answer as feed_answer
from tests.pipeline.hub_feeds import revoked, text_of
from tests.pipeline.hub_server import SmallHub
from tests.pipeline.test_sync import Server, enrolled
from tests.pipeline.test_sync_drain import server

from weighbridge.host.fake import FakeMachine
from weighbridge.host.fleet_http import HttpError
from weighbridge.host.real import RealMachine
from weighbridge.ledger.entry import KINDS
from weighbridge.pipeline.hub_access import HubAccess, keep_access
from weighbridge.pipeline.hub_feed import KeptFeed, keep_feed
from weighbridge.pipeline.membership import FleetFolder
from weighbridge.pipeline.sync_help import answer
from weighbridge.sync.catalog_feed import FEED_PATH

__all__ = ["server"]


def said(machine: FakeMachine) -> list[dict]:
    return list(answer(machine, lambda _: None))


def test_a_machine_of_no_fleet_says_nothing() -> None:
    assert said(FakeMachine()) == [{"done": {"pause": None}}]


def test_a_machine_of_no_fleet_asks_the_hub_that_its_person_set_up(hub: SmallHub, home: Path) -> None:
    machine = RealMachine()
    access = HubAccess(url=hub.url)
    keep_access(machine, access)
    keep_feed(machine, KeptFeed(hub=hub.url))
    hub.answers[FEED_PATH] = 200, feed_answer(text_of(gone=(revoked("b" * 64),)), int(machine.now().timestamp() * 1000))
    assert list(answer(machine, lambda _: None)) == [{"done": {"pause": 300.0, "policy_taken": True}}]
    assert [path for path, _ in hub.seen] == [FEED_PATH]
    assert list(answer(machine, lambda _: None)) == [{"done": {"pause": 300.0, "policy_taken": False}}]
    assert len(hub.seen) == 1


def test_what_came_of_it(server: Server) -> None:
    seen, done = said(enrolled())
    assert seen == {"seen": ["sync", {"server": "https://fleet.example.com", "state": "reached", "reason": ""}]}
    assert (done["done"]["pause"], done["done"]["sent"]) == (pytest.approx(300, rel=0.11), 5)
    assert "sync" in KINDS


def test_a_failure_is_seen_and_asked_for_again_later(server: Server) -> None:
    server.reply = HttpError("no route to host")
    seen, done = said(enrolled())
    assert seen["seen"][1] | {"server": ""} == {"server": "", "state": "unreachable", "reason": "no route to host"}
    assert done["done"]["pause"] > 0


def test_somebody_else_sends(server: Server) -> None:
    machine = enrolled()
    held = FleetFolder(machine).lock()
    (done,) = said(machine)
    assert "another process" in done["done"]["failed"]
    assert 0 < done["done"]["pause"] <= 300
    held.close()
