"""Asking for a model from its page, and following it."""

import pytest
from tests.console.test_review_page import Person
from tests.hub.holding import in_state

from weighbridge.fleet.permissions import Role
from weighbridge.hub import requests
from weighbridge.hub.states import State


@pytest.fixture
def ada(served):
    return Person(served, "ada", Role.VIEWER)


def test_a_refusal_leads_to_a_form_that_is_filled_in(served, ada):
    assert 'value="acme/coder"' in ada.get("/catalog/request?model=acme/coder").text


def test_a_request_is_made_joined_and_followed(served, ada):
    sent = {"model": "acme/coder", "why": "Completes our code.", "task": "coding", "data_internal": "yes"}
    answer = ada.post("/catalog/request", **sent)
    assert answer.headers["location"] == "/catalog/requests?done=asked"
    bob = Person(served, "bob", Role.VIEWER)
    bob.post("/catalog/request", model="Acme/Coder", why="Me too.")
    (made,) = served.store.read_now(lambda connection: requests.listed(connection))
    assert [(one.name, one.task, one.data_classes) for one in made.askers] == [
        ("ada", "coding", "internal"),
        ("bob", "", ""),
    ]
    text = ada.get("/catalog/requests").text
    assert "acme/coder" in text
    assert "Completes our code." in text
    assert "acme/coder" in Person(served, "grace", Role.APPROVER).get("/catalog/requests").text


def test_others_do_not_see_ones_requests(served, ada):
    ada.post("/catalog/request", model="acme/coder", why="Completes our code.")
    assert "acme/coder" not in Person(served, "eve", Role.VIEWER).get("/catalog/requests").text


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"model": "../x", "why": "because"},
        {"model": "a/b", "why": ""},
        {"model": "a/b", "why": "because", "revision": "a..b"},
    ],
)
def test_what_cannot_be_is_said_and_the_form_keeps_what_was_written(served, ada, form):
    answer = ada.post("/catalog/request", **form)
    assert answer.status_code == 400
    assert "note error" in answer.text
    assert served.store.read_now(lambda connection: requests.listed(connection)) == []


def test_how_far_a_request_is_stands_there(served, ada):
    ada.post("/catalog/request", model="acme/tiny", why="For our code.")
    made = in_state(served, State.REVIEW, name="acme/tiny")
    (asked,) = served.store.read_now(lambda connection: requests.listed(connection))
    served.store.write_now(lambda connection: requests.lead_to(connection, 1, asked.request_id, made.release_id))
    assert "a person decides" in ada.get("/catalog/requests").text
    (shown,) = ada.get("/api/v1/model-requests").json()
    assert (shown["state"], shown["release_state"]) == ("waiting", "review")
    follow = requests.follow
    served.store.write_now(lambda c: follow(c, 2, "acme/tiny", made.release_id, State.APPROVED, ""))
    text = ada.get("/catalog/requests").text
    assert "approved" in text
    assert "a person decides" not in text


def test_a_request_of_which_nothing_came_is_refused_from_the_page(served, ada):
    ada.post("/catalog/request", model="acme/huge", why="For our code.")
    grace = Person(served, "grace", Role.APPROVER)
    (asked,) = served.store.read_now(lambda connection: requests.listed(connection))
    assert "Refuse it" in grace.get("/catalog/requests").text
    assert "Refuse it" not in ada.get("/catalog/requests").text
    assert ada.post("/catalog/requests", request=asked.request_id, why="No room.").status_code == 403
    answer = grace.post("/catalog/requests", request=asked.request_id, why="")
    assert answer.status_code == 400
    assert "note error" in answer.text
    answer = grace.post("/catalog/requests", request=asked.request_id, why="No room for it.")
    assert answer.headers["location"] == "/catalog/requests?done=refused"
    assert "No room for it." in ada.get("/catalog/requests").text
    assert grace.post("/catalog/requests", request="unknown", why="No room.").status_code == 404
