"""Why somebody does not get a model: words, what to do next, and a page that goes on."""

import pytest
from tests.fleet.serving import Running
from tests.hub.holding import in_state

from weighbridge.hub import refusal, releases
from weighbridge.hub.states import SERVED, State

ORIGIN = "https://hub.example"
SAYS = {
    State.REVIEW: (refusal.PENDING_REVIEW, "not approved yet"),
    State.QUARANTINED: (refusal.PENDING_REVIEW, "`quarantined`"),
    State.REJECTED: (refusal.REJECTED, "was not approved: a test says so."),
    State.FAILED: (refusal.REJECTED, "was not approved: a test says so."),
    State.REVOKED: (refusal.REVOKED, "was revoked: a test says so."),
    State.EXPIRED: (refusal.EXPIRED, "has ended"),
}


@pytest.mark.parametrize("state", SAYS)
def test_each_state_says_why_and_what_next(served: Running, state: State) -> None:
    reason, said = SAYS[state]
    assert state not in SERVED
    why = refusal.of_release(ORIGIN, "acme/tiny", in_state(served, state))
    assert why.reason == reason
    assert said in why.sentence
    assert why.hint
    assert why.text.endswith(" https://hub.example/catalog/acme/tiny")


def test_a_revoked_release_names_what_to_use_instead(served: Running) -> None:
    release = in_state(served, State.REVOKED)
    told = served.store.write_now(lambda c: releases.change(c, release.release_id, replaced_by="acme/better"))
    assert "Use acme/better instead." in refusal.of_release(ORIGIN, "acme/tiny", told).text


def test_the_other_reasons_lead_on() -> None:
    assert refusal.unknown(ORIGIN, "a/b").link == "https://hub.example/catalog/request?model=a/b"
    assert refusal.no_account(ORIGIN).link == "https://hub.example/catalog/tokens"
    long = refusal.no_file(ORIGIN, "a/b", "x" * 1_000)
    assert len(long.text) < 300
    assert "rev-1" in refusal.no_revision(ORIGIN, "a/b", "rev-1").sentence
    assert refusal.not_allowed(ORIGIN, "a/b").reason == refusal.NOT_ALLOWED
