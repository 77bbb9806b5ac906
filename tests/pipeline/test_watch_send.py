"""The sensor and its helper for the fleet: asked only on a machine of a fleet, as often as the server wants."""

import json

from tests.pipeline.test_sync import enrolled

from weighbridge.host.fake import FakeMachine
from weighbridge.pipeline import hub_access, hub_feed, membership
from weighbridge.pipeline.watch_decide import Known
from weighbridge.pipeline.watch_send import FOLDER, HUB_FEED, HUB_FOLDER, MEMBERSHIP, Sender


class Helper:
    """Answers as it is told."""

    def __init__(self) -> None:
        self.asked: list[dict] = []
        self.lines: list[bytes] = []
        self.starts = True
        self.pid: int | None = 7
        self.seconds = 0.0

    def ask(self, line: bytes) -> None:
        if not self.starts:
            raise OSError("no memory")
        self.asked.append(json.loads(line))

    def take(self) -> list[bytes]:
        lines, self.lines = self.lines, []
        return lines

    def end(self) -> None:
        self.pid = None


def sender(machine: FakeMachine) -> tuple[Sender, Helper]:
    helper = Helper()
    return Sender(helper, machine, Known(), 0.0), helper


def test_names_of_the_files_are_those_of_the_module_that_writes_them() -> None:
    assert (FOLDER, MEMBERSHIP) == (membership.FOLDER, membership._MEMBERSHIP)
    assert (HUB_FOLDER, HUB_FEED) == (hub_access.FOLDER, hub_feed.FILE)


def test_a_machine_of_no_fleet_never_starts_the_helper() -> None:
    one, helper = sender(FakeMachine())
    for now in range(0, 10_000, 10):
        assert one.turn("boot", float(now)) == []
    assert helper.asked == []


def test_a_machine_of_no_fleet_whose_person_set_up_a_hub_has_it_asked() -> None:
    machine = FakeMachine()
    hub_feed.keep_feed(machine, hub_feed.KeptFeed(hub="https://hub.example.com"))
    one, helper = sender(machine)
    one.turn("boot", one.due())
    assert helper.asked == [{"do": "send"}]
    helper.lines = [b'{"done": {"pause": 300.0, "policy_taken": true}}']
    one.turn("boot", 20.0)
    assert (one.policy_taken, one.due()) == (True, 320.0)


def test_it_sends_as_often_as_the_server_wants_and_records_changes_only() -> None:
    one, helper = sender(enrolled())
    assert one.turn("boot", 0.0) == []
    assert helper.asked == []
    assert one.turn("boot", one.due()) == []
    assert helper.asked == [{"do": "send"}]
    state = {"server": "https://fleet.example.com", "state": "reached", "reason": ""}
    answer = [json.dumps({"seen": ["sync", state]}).encode(), b'{"done": {"pause": 290.5, "sent": 3}}']
    helper.lines = [*answer]
    assert one.turn("boot", 20.0) == [("sync", state)]
    assert one.due() == 20.0 + 290.5
    one.turn("boot", one.due())
    helper.lines = [*answer]
    assert one.turn("boot", 400.0) == []
    assert len(helper.asked) == 2
    one.end()
    assert helper.pid is None


def test_where_the_network_changed_it_sends_soon_but_not_at_once() -> None:
    one, helper = sender(enrolled())
    one.turn("boot", one.due())
    helper.lines = [b'{"done": {"pause": 300.0}}']
    one.turn("boot", 20.0)
    one.hurry(100.0)
    assert 110.0 <= one.due() <= 120.0
    one.hurry(50.0)
    assert one.due() <= 70.0
    before = one.due()
    one.hurry(1000.0)
    assert one.due() == before


def test_a_helper_that_does_not_start_or_fails_is_recorded_once() -> None:
    one, helper = sender(enrolled())
    helper.starts = False
    (item,) = one.turn("boot", one.due())
    assert item[1]["state"] == "failed"
    assert one.turn("boot", one.due()) == []
    helper.starts = True
    one.turn("boot", one.due())
    helper.lines = [b'{"done": {"failed": "the ledger is damaged", "pause": 300.0}}']
    (item,) = one.turn("boot", one.due() + 1)
    assert item[1]["reason"] == "the ledger is damaged"
