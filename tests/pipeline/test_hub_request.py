"""Asking for a model, and what becomes of it, as a small hub says it."""

import pytest
from tests.pipeline.hub_answers import REQUESTS, release, request, story
from tests.pipeline.hub_server import COMMIT

from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.hub_access import HubAccess, hub_client
from weighbridge.pipeline.hub_request import APPROVED, REFUSED, WAITING, ask, followed, listed

GONE = {"kind": "fetch", "state": "failed", "reason": "it is not there"}


@pytest.fixture
def access(hub):
    return HubAccess(url=hub.url, token="hf_" + "a" * 40)


@pytest.fixture
def client(access):
    made = hub_client(access)
    yield made
    made.close()


def test_what_is_asked_for_is_said_as_it_was_typed(hub, access, client):
    hub.answers = {REQUESTS: (201, request()), f"{REQUESTS}/r1": story()}
    found = ask(client, access, "acme/coder", why="reviews", task="coding", data_classes=["internal"])
    said = {"name": "acme/coder", "why": "reviews", "task": "coding", "data_classes": ["internal"], "revision": "main"}
    assert hub.posted == [(REQUESTS, said)]
    assert (found.request_id, found.state) == ("r1", WAITING)


@pytest.mark.parametrize(
    ("answer", "state", "said"),
    [
        (story(), WAITING, "it is being fetched"),
        (story(reason="Somebody has to upload it."), WAITING, "Somebody has to upload it."),
        (story(of=release("weighing")), WAITING, "it is being weighed"),
        (story(of=release("review", "Its license needs a person.")), WAITING, "a person decides: Its license"),
        (story(jobs=[GONE]), WAITING, "it is not there"),
        (story("done", of=release("approved")), APPROVED, ""),
        (story("refused", "Not ours."), REFUSED, "Not ours."),
    ],
)
def test_how_it_stands_is_said_in_words(hub, access, client, answer, state, said):
    hub.answers = {REQUESTS: (201, request()), f"{REQUESTS}/r1": answer}
    found = ask(client, access, "acme/coder", why="reviews")
    assert found.state == state
    assert said in found.said


def test_a_request_is_followed_until_it_is_decided_and_each_step_told_once(hub, access, client):
    stories = [story(), story(), story(of=release("weighing")), story("done", of=release("approved"))]
    hub.answers = {REQUESTS: (201, request()), f"{REQUESTS}/r1": stories}
    told, pauses = [], []
    begun = ask(client, access, "acme/coder", why="reviews")
    found = followed(client, access, begun, wait=pauses.append, longest=60, told=told.append)
    assert [one.said for one in told] == ["it is being weighed", ""]
    assert (found.state, found.commit) == (APPROVED, COMMIT)
    assert pauses == sorted(pauses)


def test_nobody_waits_for_ever(hub, access, client):
    hub.answers = {REQUESTS: (201, request()), f"{REQUESTS}/r1": story()}
    pauses = []
    begun = ask(client, access, "acme/coder", why="reviews")
    assert followed(client, access, begun, wait=pauses.append, longest=100, told=print).state == WAITING
    assert sum(pauses) == pytest.approx(100)


def test_ones_own_requests_are_listed(hub, access, client):
    hub.answers = {f"{REQUESTS}?mine=true": (200, [request("done"), request("refused", "No.")])}
    assert [(one.state, one.said) for one in listed(client, access)] == [(APPROVED, ""), (REFUSED, "No.")]


def test_a_list_says_what_each_request_waits_for(hub, access, client):
    waits = [request(release_state=state) for state in ("", "weighing", "review", "of a later hub")]
    hub.answers = {f"{REQUESTS}?mine=true": (200, [*waits, request()])}
    assert [one.said for one in listed(client, access)] == [
        "it is being fetched",
        "it is being weighed",
        "a person decides",
        "of a later hub",
        "it is being fetched",
    ]


@pytest.mark.parametrize("answer", [(201, {}), (201, []), (201, request(request_id=7))])
def test_what_makes_no_sense_is_an_error(hub, access, client, answer):
    hub.answers = {REQUESTS: answer}
    with pytest.raises(WeighbridgeError) as caught:
        ask(client, access, "acme/coder", why="reviews")
    assert caught.value.code == "E-hub-answer"


def test_what_was_typed_wrong_is_no_refusal(hub, access, client):
    problem = {"code": "E-model-request", "detail": "a request says what the model is for", "hint": "write more"}
    hub.answers = {REQUESTS: (400, problem)}
    with pytest.raises(WeighbridgeError) as caught:
        ask(client, access, "acme/coder", why="x")
    assert (caught.value.code, caught.value.exit_code, caught.value.hint) == ("E-model-request", 2, "write more")
