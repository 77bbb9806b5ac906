"""`wb request` as people type it, against a small hub."""

import time

import pytest
from tests.cli_runs import wb
from tests.pipeline.hub_answers import REQUESTS, release, request, story
from tests.pipeline.hub_server import SmallHub


@pytest.fixture
def hub(tmp_path, monkeypatch):
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    with SmallHub({}) as started:
        monkeypatch.setenv("WEIGHBRIDGE_HUB", started.url)
        started.answers = {REQUESTS: (201, request()), f"{REQUESTS}/r1": story()}
        yield started


def test_a_request_says_how_it_stands_and_where_to_follow_it(hub):
    code, out, err = wb("request", "acme/coder", "--why", "code reviews", "--data", "internal")
    assert (code, out) == (0, ""), err
    assert "… acme/coder   waiting: it is being fetched" in err
    assert f"{hub.url}/catalog/requests" in err
    assert hub.posted[0][1]["data_classes"] == ["internal"]


@pytest.mark.parametrize(
    ("last", "expected", "said"),
    [
        (story("done", of=release("approved")), 0, "wb pull acme/coder"),
        (story("refused", "The license forbids it."), 21, "refused: The license forbids it."),
    ],
)
def test_waiting_ends_with_the_decision(hub, monkeypatch, last, expected, said):
    monkeypatch.setattr(time, "sleep", lambda _: None)
    hub.answers[f"{REQUESTS}/r1"] = [story(), story(of=release("review", "Look at it.")), last]
    code, _, err = wb("request", "acme/coder", "--why", "code reviews", "--wait")
    assert code == expected
    assert "a person decides: Look at it." in err
    assert said in err


def test_waiting_is_given_up_and_the_request_stays(hub, monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda _: None)
    code, _, err = wb("request", "acme/coder", "--why", "code reviews", "--wait", "--minutes", "1")
    assert code == 4
    assert "the request stays" in err


def test_what_is_approved_already_is_not_asked_for_again(hub):
    hub.answers["/api/v1/models/acme/coder"] = 200, {"release": release("approved"), "releases": []}
    code, _, err = wb("request", "acme/coder", "--why", "code reviews")
    assert (code, hub.posted) == (0, [])
    assert "is approved already: wb pull acme/coder" in err
    assert wb("request", "acme/coder", "--why", "code reviews", "--version", "v2")[0] == 0
    assert hub.posted[0][1]["revision"] == "v2"


def test_requests_are_listed_one_a_line_and_strings_of_others_are_escaped(hub):
    hub.answers[f"{REQUESTS}?mine=true"] = 200, [request("refused", "No\x1b[31m", name="acme/évil\u202e")]
    code, out, _ = wb("request", "--list")
    assert code == 0
    assert out.startswith("refused    acme/")
    assert "\x1b" not in out
    assert "\u202e" not in out
    hub.answers[f"{REQUESTS}?mine=true"] = 200, []
    assert wb("request", "--list")[0] == 3


@pytest.mark.parametrize(
    "arguments", [(), ("acme/coder",), ("acme/coder", "--list"), ("--list", "--why", "x"), ("a/b", "--why", "")]
)
def test_what_makes_no_sense_asks_nobody(hub, arguments):
    assert wb("request", *arguments)[0] == 2
    assert hub.seen == []
