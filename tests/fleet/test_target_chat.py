import asyncio
import json
from dataclasses import replace

import pytest
from hypothesis import given
from tests.export.event_samples import EVENTS
from tests.fleet.receivers import HttpReceiver, poster
from tests.fleet.test_target_webhook import events_of
from tests.fleet.told import HOSTILE, NOW

from weighbridge.export.event import Event
from weighbridge.fleet.outbox_events import DECISION, FINDING, Outgoing, is_wanted
from weighbridge.fleet.store import Store
from weighbridge.fleet.target import Destination
from weighbridge.fleet.target_chat import SLACK, TEAMS, slack_message, teams_message, text_of


@pytest.mark.parametrize("target", [SLACK, TEAMS])
def test_one_message_for_each_decision_and_each_finding_that_matters(store: Store, target) -> None:
    events = [one for one in events_of(store) if is_wanted(one, target.topics, target.severity)]
    assert [one.topic for one in events] == [FINDING, FINDING, FINDING, DECISION]
    with HttpReceiver() as receiver:
        asyncio.run(target.send(Destination(address=f"{receiver.url}/services/T0/B0/x"), events, poster(), NOW))
        messages = [json.loads(body) for body in receiver.bodies]
        assert {one.path for one in receiver.received} == {"/services/T0/B0/x"}
    assert len(messages) == 4
    texts = [text_of(one) for one in events]
    assert texts[2] == "✗ critical: The ledger is another one. on laptop"
    assert texts[3] == "✓ ada decided about 3 findings: accepted. Reason: known"
    assert all(text in json.dumps(message, ensure_ascii=False) for text, message in zip(texts, messages, strict=True))


def test_what_endpoints_name_is_no_link_no_mention_and_no_second_line(store: Store) -> None:
    one = events_of(store)[0]
    hostile = one._replace(event=replace(one.event, message=f"<!channel> <https://x.example|y> {HOSTILE}"))
    slack, teams = slack_message([text_of(hostile)]), teams_message([text_of(hostile)])
    assert "<" not in slack["text"]
    assert slack["blocks"][0]["text"]["type"] == "plain_text"
    assert teams["attachments"][0]["content"]["body"][0]["type"] == "RichTextBlock"
    assert text_of(hostile).isprintable()
    json.dumps([slack, teams], ensure_ascii=False).encode("utf-8")


@given(EVENTS)
def test_a_message_is_short_and_plain_whatever_it_tells(event: Event) -> None:
    text = text_of(Outgoing(event, FINDING, "a" * 16))
    assert text.isprintable()
    assert len(text) <= 501
