"""Pieces of an answer, put together."""

import json
from types import SimpleNamespace

import pytest

from weighbridge.cli.fleet_hunt_ask import Remote, pieces
from weighbridge.host.fleet_http import HttpError, HttpReply
from weighbridge.model.errors import WeighbridgeError


class Told:
    """Answers with what it was given, one after another."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def ask(self, what, query, after, limit):
        self.asked.append((after, limit))
        return self.answers.pop(0)


def test_pieces_are_asked_for_until_there_are_enough():
    told = Told({"rows": [{}] * 500, "after": "a"}, {"rows": [{}] * 100, "after": "b"})
    found = pieces(told, "artifacts", "", 600)
    assert (len(found.rows), found.is_more, found.back_to) == (600, True, None)
    assert told.asked == [("", 500), ("a", 100)]


def test_stretches_without_a_row_are_gone_through_but_not_for_ever():
    empty = {"rows": [], "after": "a", "back_to": 7}
    found = pieces(Told(empty, empty, {"rows": [{}], "after": "", "back_to": None}), "records", "x", 5)
    assert (len(found.rows), found.is_more, found.back_to) == (1, False, None)
    found = pieces(Told(*[empty] * 60), "records", "x", 5)
    assert (found.rows, found.is_more, found.back_to) == ([], True, 7)


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (HttpReply(200, {}, b"<html>"), "E-enroll-unreachable"),
        (HttpReply(200, {}, b"[" * 100_000), "E-enroll-unreachable"),
        (HttpReply(404, {}, b"{}"), "E-enroll-unreachable"),
        (HttpReply(400, {}, json.dumps({"code": "E-query", "detail": "d", "hint": "h"}).encode()), "E-query"),
        (HttpReply(500, {}, json.dumps({"code": 7, "detail": []}).encode()), "E-enroll-unreachable"),
        (HttpError("no route"), "E-enroll-unreachable"),
    ],
)
def test_what_is_no_answer_is_an_error(reply, code):
    def get(path, limit, headers):
        assert headers["Authorization"] == "Bearer secret"
        if isinstance(reply, HttpError):
            raise reply
        return reply

    client = SimpleNamespace(get=get, address=SimpleNamespace(url="https://fleet.example.com"))
    with pytest.raises(WeighbridgeError) as refused:
        Remote(client, "secret").ask("artifacts", "\ud800", "", 5)
    assert refused.value.code == code
    assert "secret" not in refused.value.message
