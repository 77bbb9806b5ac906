"""Refusals: each says what is so, what to do next, and where."""

import pytest
from tests.fleet.serving import Running, running
from tests.hub.holding import in_state

from weighbridge.fleet.store import Store
from weighbridge.hub import refusal, releases
from weighbridge.hub.states import SERVED, State

ORIGIN = "https://hub.example"


@pytest.fixture
def at(store: Store):
    with running(store) as started:
        yield started


@pytest.mark.parametrize("state", [one for one in State if one not in SERVED and one is not State.FETCHING])
def test_each_state_that_is_not_served_has_its_words(at: Running, state) -> None:
    why = refusal.of_release(ORIGIN, "acme/tiny", in_state(at, state))
    assert why.sentence.startswith(("acme/tiny ", "The approval of acme/tiny"))
    assert why.link == f"{ORIGIN}/catalog/acme/tiny"
    assert why.text.endswith(why.link)
    assert "\n" not in why.text


def test_a_revocation_says_why_and_what_instead(at: Running) -> None:
    made = in_state(at, State.REVOKED)
    assert "a test says so." in refusal.of_release(ORIGIN, "acme/tiny", made).text
    named = at.store.write_now(lambda c: releases.change(c, made.release_id, replaced_by="acme/better"))
    assert "Use acme/better instead." in refusal.of_release(ORIGIN, "acme/tiny", named).text


def test_what_is_not_there_leads_to_asking_for_it() -> None:
    assert "wb request acme/tiny" in refusal.unknown(ORIGIN, "acme/tiny").text
    assert refusal.unknown(ORIGIN, "acme/tiny").link == f"{ORIGIN}/catalog/request?model=acme/tiny"
    assert refusal.no_account(ORIGIN).link == f"{ORIGIN}/catalog/tokens"
    assert refusal.not_allowed(ORIGIN, "acme/tiny").reason == refusal.NOT_ALLOWED
    assert len(refusal.no_file(ORIGIN, "acme/tiny", "x" * 9_000).text) < 400
    assert len(refusal.no_revision(ORIGIN, "acme/tiny", "x" * 9_000).text) < 400
