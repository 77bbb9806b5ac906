"""The page of one replay: waits, runs, done, cancelled; nobody else's."""

import asyncio

import pytest
from tests.console.test_policy_page import browser
from tests.fleet.serving import running
from tests.fleet.test_policy_replay import prepare

from weighbridge.fleet.permissions import Role, Scope
from weighbridge.fleet.replay_runner import run_next

NOW = 1_795_262_400_000


@pytest.fixture
def served(store):
    with running(store) as started:
        started.store.write_now(prepare)
        started.clock.now = NOW
        yield started


def asked(client, form, **values):
    answer = client.post("/policy/replays", data={"form_token": form, "number": "2"} | values)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_a_replay_is_asked_for_by_a_form_and_shows_what_came_of_it(served):
    client, form = browser(served)
    address = asked(client, form)
    waits = client.get(address)
    assert "Waits for its turn" in waits.text
    assert waits.headers["Refresh"] == "2"
    assert asked(client, form) == address, "who asks twice gets the same one"
    assert asyncio.run(run_next(served.server))
    done = client.get(address)
    assert "Refresh" not in done.headers
    assert "/home/ada/llama.gguf" in done.text
    assert "deny-gguf-outside-stores" in done.text
    assert f'href="/api/v1{address}"' in done.text
    assert not asyncio.run(run_next(served.server))
    assert f'href="{address}"' in client.get("/policy").text


def test_a_replay_can_be_cancelled(served):
    client, form = browser(served)
    address = asked(client, form)
    assert client.post(f"{address}/cancel", data={"form_token": form}).status_code == 303
    page = client.get(address)
    assert "Somebody cancelled it" in page.text
    assert "Refresh" not in page.headers
    assert not asyncio.run(run_next(served.server))


def test_what_lies_outside_of_a_scope_is_neither_weighed_nor_shown(served):
    everything, form = browser(served)
    whole = asked(everything, form)
    client, own = browser(served, Role.ANALYST, Scope(groups=("ops",)))
    assert client.get(whole).status_code == 404
    address = asked(client, own)
    assert address != whole
    while asyncio.run(run_next(served.server)):
        pass
    page = client.get(address).text
    assert "/home/ada" not in page
    assert "/srv/" in page
    assert "/home/ada" in everything.get(whole).text
    assert everything.get(address).status_code == 200, "who sees everything sees this, too"


def test_a_number_that_is_none_is_said(served):
    client, form = browser(served)
    assert client.post("/policy/replays", data={"form_token": form, "number": "9"}).status_code == 400
    assert client.post("/policy/replays", data={"form_token": form, "number": "x"}).status_code == 400
    assert client.post("/policy/replays", data={"number": "2"}).status_code == 403
    assert client.get("/policy/replays/nothing").status_code == 404
