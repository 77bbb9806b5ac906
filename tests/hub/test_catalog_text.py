"""What endpoints are told of the catalog: what may be used, once each, without names that not everybody may know."""

import pytest
from tests.fleet.serving import DAY, Running, running
from tests.hub.approved import approved, moved
from tests.hub.holding import weighed_with

from weighbridge.fleet import revocations
from weighbridge.hub import catalog_text, grants, releases
from weighbridge.hub.catalog_text import Said, accepted_yaml, approvals
from weighbridge.hub.releases import Release
from weighbridge.hub.states import State

A, B, C = "a" * 64, "b" * 64, "c" * 64


@pytest.fixture
def served(store):
    with running(store) as started:
        yield started


def usable(served: Running, name: str, *weights: str, days: int = 30, **more: object) -> Release:
    """Make a release that is served and weighed; the next one is newer."""
    release = approved(served, {name: b"x"}, name=name)
    weighed_with(served, release, *weights)
    until = served.clock.now + days * DAY
    served.store.write_now(lambda c: releases.change(c, release.release_id, until_at=until, **more))
    served.clock.now += 1000
    return release


def said(served: Running) -> Said:
    return served.store.read_now(approvals)


def test_what_may_be_used_is_said_with_what_for_and_until_when(served: Running) -> None:
    assert said(served) == Said((), 0)
    release = usable(served, "acme/coder", B, A, data_classes="internal,pii", version="1.2")
    (one,) = said(served).approved
    assert (one.weights, one.model, one.version, one.commit) == ((A, B), "acme/coder", "1.2", release.commit_id)
    assert (one.data_classes, one.until, one.deprecated) == (("internal", "pii"), "2026-10-21", False)
    release = moved(served, release, State.DEPRECATED, "it is slow", replaced_by="acme/new")
    (one,) = said(served).approved
    assert (one.deprecated, one.replacement) == (True, "acme/new")
    moved(served, release, State.EXPIRED)
    assert said(served).approved == ()


def test_what_is_revoked_anywhere_is_approved_nowhere(served: Running) -> None:
    usable(served, "acme/coder", A, B)
    served.store.write_now(lambda c: revocations.revoke(c, served.clock.now, None, A, "it leaks", ""))
    assert [one.weights for one in said(served).approved] == [(B,)]
    served.store.write_now(lambda c: revocations.revoke(c, served.clock.now, None, B, "it leaks", ""))
    assert said(served).approved == ()


def test_a_name_in_a_closed_namespace_is_not_said_to_every_machine(served: Running) -> None:
    usable(served, "secret/merger", A, B, data_classes="restricted", version="falcon-deal")
    served.store.write_now(lambda c: grants.give(c, 1, "Secret", "ada", grants.READ, by="grace"))
    (one,) = said(served).approved
    assert (one.weights, one.data_classes) == ((A, B), ("restricted",))
    assert (one.model, one.version, one.commit, one.replacement) == ("", "", "", "")
    assert "secret" not in accepted_yaml(said(served)).lower()
    usable(served, "acme/coder", A)
    assert {one.model: one.weights for one in said(served).approved} == {"": (B,), "acme/coder": (A,)}


def test_a_digest_stands_once_with_the_release_that_says_most_for_it(served: Running) -> None:
    usable(served, "acme/old", A, B)
    usable(served, "acme/new", A, C)
    moved(served, usable(served, "acme/newest", A, B, C, "d" * 64), State.DEPRECATED)
    found = {one.model: one.weights for one in said(served).approved}
    assert found == {"acme/new": (A, C), "acme/old": (B,), "acme/newest": ("d" * 64,)}


def test_what_there_is_no_room_for_is_counted(served: Running, monkeypatch) -> None:
    usable(served, "acme/one", A)
    usable(served, "acme/two", B)
    usable(served, "acme/many", *(f"{number:064x}" for number in range(3)))
    assert said(served).left_out == 0
    monkeypatch.setattr(catalog_text, "MOST_RULINGS", 2)
    assert ([one.model for one in said(served).approved], said(served).left_out) == (["acme/two"], 2)
    monkeypatch.setattr(catalog_text, "MOST_RULINGS", 10)
    monkeypatch.setattr(catalog_text, "_ROOM", 700)
    assert len(said(served).approved) < 3
    assert len(said(served).approved) + said(served).left_out == 3


def test_a_policy_takes_it_as_what_is_accepted(served: Running) -> None:
    assert accepted_yaml(said(served)) == "accepted: []\n"
    usable(served, "acme/coder", A, B)
    text = accepted_yaml(said(served))
    assert text.count("- sha256:") == 2
    assert f'  - sha256: {A}\n    reason: "Approved in the catalog: acme/coder at ' in text
