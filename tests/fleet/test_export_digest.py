"""One message for many: nothing of it is lost or counted twice, and it comes at most so often."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import Connection
from tests.fleet.receivers import HttpReceiver, Reply
from tests.fleet.test_exporting import Fleet, fleet  # noqa: F401
from tests.fleet.told import HOSTILE, NOW, all_events, tell_all, tell_records

from weighbridge.fleet import export_digest, export_targets
from weighbridge.fleet.export_digest import MOST_LINES, Digest
from weighbridge.fleet.target import Destination

MINUTE = 60_000


def add(fleet: Fleet, url: str, kind: str = "slack", minutes: int = 60) -> str:  # noqa: F811
    def job(connection: Connection) -> str:
        return export_targets.add(
            connection,
            NOW,
            Destination(address=url),
            name=kind,
            kind=kind,
            shown_address=url,
            topics=("finding", "decision"),
            severity="high",
            since=0,
            digest_minutes=minutes,
        ).target_id

    return fleet.store.write_now(job)


def texts(receiver: HttpReceiver) -> list[str]:
    return [json.loads(body)["text"] for body in receiver.bodies]


def test_what_comes_in_an_hour_is_one_message(fleet: Fleet) -> None:  # noqa: F811
    fleet.store.write_now(tell_all)
    with HttpReceiver() as receiver:
        target_id = add(fleet, receiver.url)
        fleet.steps()
        (first,) = texts(receiver)
        assert "3 findings (3 critical), 1 decision" in first
        assert "· ada decided about 3 findings: accepted" in first
        assert fleet.target(target_id).sent == 4
        for index in (8, 12, 16):
            fleet.store.write_now(lambda connection, index=index: tell_records(connection, index, 4, NOW + index))
            fleet.steps()
        assert len(receiver.bodies) == 1
        assert fleet.target(target_id).cursor == 6
        fleet.running.clock.now += 60 * MINUTE
        assert fleet.steps() == 1
        assert "3 findings (3 critical)" in texts(receiver)[1]
        assert (fleet.target(target_id).sent, fleet.target(target_id).digest) == (7, "")
        fleet.running.clock.now += 600 * MINUTE
        assert fleet.steps() == 0
        assert len(receiver.bodies) == 2


@pytest.mark.parametrize("reply", [None, Reply(503), Reply(400)])
def test_a_message_that_was_not_taken_comes_again_whole(fleet: Fleet, reply: Reply | None) -> None:  # noqa: F811
    fleet.store.write_now(tell_all)
    answers = [reply]
    with HttpReceiver(lambda _: answers[0]) as receiver:
        target_id = add(fleet, receiver.url)
        fleet.steps()
        assert (fleet.target(target_id).attempts, fleet.target(target_id).cursor) == (1, 0)
        answers[0] = Reply()
        fleet.running.clock.now = fleet.target(target_id).next_at
        fleet.steps()
        assert texts(receiver)[-1] == texts(receiver)[0]
        assert (fleet.target(target_id).sent, fleet.target(target_id).error) == (4, "")
        assert fleet.letters(target_id) == []


def test_teams_gets_it_as_one_card(fleet: Fleet) -> None:  # noqa: F811
    fleet.store.write_now(tell_all)
    with HttpReceiver() as receiver:
        add(fleet, receiver.url, "teams")
        fleet.steps()
        (body,) = receiver.bodies
        blocks = json.loads(body)["attachments"][0]["content"]["body"]
        assert len(blocks) == 5
        assert "3 findings" in blocks[0]["inlines"][0]["text"]


def test_it_says_the_gravest_and_how_many_more(fleet: Fleet) -> None:  # noqa: F811
    fleet.store.write_now(tell_all)
    events = [one for one in fleet.store.read_now(all_events) if one.topic != "record"]
    low = [one._replace(event=replace(one.event, severity="low")) for one in events[:1]]
    digest = export_digest.joined(Digest(), [*low * 20, *events])
    lines = export_digest.text_lines(digest)
    assert "23 findings (3 critical, 20 low), 1 decision" in lines[0]
    assert len(lines) == MOST_LINES + 2
    assert lines[1].startswith("· ada decided")
    assert lines[-1] == f"· and {24 - MOST_LINES} more"


def test_it_is_kept_as_a_text_and_a_name_breaks_no_line(fleet: Fleet) -> None:  # noqa: F811
    fleet.store.write_now(tell_all)
    event = fleet.store.read_now(all_events)[0]
    hostile = event._replace(event=replace(event.event, message=HOSTILE))
    digest = export_digest.joined(Digest(), [hostile])
    assert export_digest.read(export_digest.written(digest)) == digest
    assert export_digest.written(Digest()) == ""
    assert export_digest.read("") == Digest()
    (_, line) = export_digest.text_lines(digest)
    assert not set("\r\n\u202e") & set(line)
