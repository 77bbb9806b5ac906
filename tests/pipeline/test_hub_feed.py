"""What a hub said counts without a network: it forbids, it hints, and it is said when it is old."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.pipeline.hub_feeds import deprecated, revoked

from weighbridge.host.fake import FakeMachine
from weighbridge.ledger.entry import timestamp
from weighbridge.model.artifact import Artifact
from weighbridge.model.finding import Assessment
from weighbridge.model.verdict import Decision
from weighbridge.pipeline import policies
from weighbridge.pipeline.hub_access import FOLDER
from weighbridge.pipeline.hub_feed import FILE, KeptFeed, feed_mark, keep_feed, stale_words
from weighbridge.pipeline.membership import FleetFolder, Membership
from weighbridge.policy.rulings import Revocation, Rulings
from weighbridge.policy.weigh import weigh

HUB = "https://hub.example.com"
BAD, OLD = "b" * 64, "a" * 64


@pytest.fixture
def machine() -> FakeMachine:
    return FakeMachine()


def kept(machine: FakeMachine, **more) -> KeptFeed:
    made = {"hub": HUB, "key": "k", "at": 1, "sha256": "s", "refreshed_at": timestamp(machine.now())} | more
    feed = KeptFeed(revoked=(revoked(BAD),), deprecated=(deprecated(OLD),), **made)
    keep_feed(machine, feed)
    return feed


def artifact(sha256: str) -> Artifact:
    return Artifact(format="gguf", size=1, places=(), assessment=Assessment.CLEAN, sha256=sha256)


def test_the_file_is_where_the_others_look_for_it() -> None:
    assert f"{FOLDER}/{FILE}" == policies.FEED


def test_what_is_revoked_is_denied_under_every_policy_with_reason_and_replacement(machine: FakeMachine) -> None:
    kept(machine)
    for name in ("observe", "balanced", "regulated"):
        verdict = weigh(artifact(BAD), policies.load_policy(machine, name))
        assert verdict.by_rules is Decision.DENY
        assert verdict.rules[0].id == "revoked-model"
        assert verdict.rules[0].reason == "Revoked on 2026-11-21 by grace at hub.example.com: it leaks"
        assert verdict.remedy == "Use acme/good instead. Remove it and stop what runs it."


def test_what_is_deprecated_is_a_hint_and_no_denial(machine: FakeMachine) -> None:
    before = weigh(artifact(OLD), policies.load_policy(machine))
    kept(machine)
    verdict = weigh(artifact(OLD), policies.load_policy(machine))
    assert verdict.decision is before.decision
    (hint,) = (rule for rule in verdict.rules if rule.id == "deprecated-model")
    assert (hint.decision, hint.reason) == (Decision.ALLOW, "acme/old is deprecated since 2026-11-20: it is slow")
    assert hint.remedy == "Use acme/new instead."


def test_on_a_machine_of_the_fleet_whose_hub_it_is_people_decide(machine: FakeMachine) -> None:
    kept(machine)
    joined = Membership(url=HUB, endpoint_id="a" * 16, witness_key="w", enrolled_at="now")
    FleetFolder(machine).join(joined)
    assert policies.load_policy(machine).rulings is None
    FleetFolder(machine).join(replace(joined, url="https://fleet.example.com"))
    assert BAD in policies.load_policy(machine).rulings.revoked


def test_of_what_both_revoked_the_fleets_people_are_quoted(machine: FakeMachine, monkeypatch) -> None:
    from weighbridge.pipeline.hub_feed import with_feed

    kept(machine)
    said = Revocation(sha256=BAD, reason="people say so", by="ada", at="2026-11-01")
    before = replace(policies.load_policy(FakeMachine()), rulings=Rulings(revoked={BAD: said, "c" * 64: said}))
    found = with_feed(machine, before).rulings
    assert found.revoked[BAD].reason == "people say so"
    assert "c" * 64 in found.revoked


def test_an_old_word_is_said_beside_every_result_and_stays_in_force(machine: FakeMachine) -> None:
    fresh, now = kept(machine), machine.now()
    assert policies.load_policy(machine).stale_words == ""
    assert stale_words(fresh, now + timedelta(hours=25)).startswith(
        "what hub.example.com revoked was last asked for on"
    )
    kept(machine, reason="its answer is of an older day")
    policy = policies.load_policy(machine)
    assert policy.stale_words.startswith("what hub.example.com revoked could not be refreshed since ")
    assert policy.stale_words.endswith("UTC: its answer is of an older day")
    assert BAD in policy.rulings.revoked
    kept(machine, refreshed_at="", reason="no route to host")
    assert policies.load_policy(machine).stale_words == (
        "what hub.example.com revoked is not known on this machine yet: no route to host"
    )


def test_a_damaged_file_is_said(machine: FakeMachine) -> None:
    machine.durable_folder(FOLDER).replace({FILE: b"{"})
    assert "cannot be read on this machine" in policies.load_policy(machine).stale_words
    assert feed_mark(machine)


def test_its_mark_changes_with_what_it_says_and_not_with_each_try(machine: FakeMachine) -> None:
    assert feed_mark(machine) == ""
    kept(machine)
    first = feed_mark(machine)
    kept(machine, tried_at=timestamp(datetime(2030, 1, 1, tzinfo=UTC)), at=2)
    assert feed_mark(machine) == first
    kept(machine, sha256="t")
    second = feed_mark(machine)
    kept(machine, reason="no route")
    assert len({first, second, feed_mark(machine)}) == 3
