"""Asking for a model from its page, and following it."""

import pytest
from tests.console.test_review_page import Person

from weighbridge.fleet.permissions import Role
from weighbridge.hub import requests


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
