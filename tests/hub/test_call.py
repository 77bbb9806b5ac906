"""One request: what a route can ask of it, and that what it answers is counted."""

import pytest
from tests.hub.calling import call_of, run

from weighbridge.fleet.problem import RefusedError


def test_what_was_asked():
    call, _ = call_of(path="/x?a=1&a=2&b=&c=%C3%A9", headers={"X-One": "first"})
    assert call.query == {"a": "2", "b": "", "c": "é"}
    assert call.queries("a") == ["1", "2"]
    assert call.queries("z") == []
    assert (call.header("x-ONE"), call.header("x-two")) == ("first", "")


def test_a_body_is_whole_and_bounded():
    call, _ = call_of(pieces=[b"ab", b"", b"cd"])
    assert run(call.body()) == b"abcd"
    call, _ = call_of(pieces=[b"x" * 60, b"x" * 60])
    with pytest.raises(RefusedError) as caught:
        run(call.body(100))
    assert caught.value.status == 413


def test_a_client_that_goes_away_is_an_error():
    call, _ = call_of(pieces=[b"ab"])

    async def work():
        await call._receive()
        await call._receive()
        return [piece async for piece in call.pieces()]

    with pytest.raises(RefusedError):
        run(work())


def test_answers_are_counted():
    call, answered = call_of()
    run(call.reply_json({"a": 1}, 201, {"X-Of": "me"}))
    assert (answered.status, answered.body, answered.headers["x-of"]) == (201, b'{"a":1}', "me")
    assert (call.status, call.sent, answered.headers["content-length"]) == (201, 7, "7")
    call, answered = call_of(method="HEAD")
    run(call.reply(200, b"abc"))
    assert (answered.body, answered.headers["content-length"], call.sent) == (b"", "3", 0)


def test_pieces_are_counted():
    call, answered = call_of()

    async def work():
        await call.start(200, {"Content-Length": "4"})
        assert call.scope["weighbridge.began"]
        await call.piece(b"ab")
        await call.piece(b"cd")
        await call.end()

    run(work())
    assert (call.sent, answered.body) == (4, b"abcd")


def test_who_asks_is_passed_on():
    from types import SimpleNamespace

    call, _ = call_of(SimpleNamespace(origin="https://hub.example", open_to_all=True))
    assert (call.asked.origin, call.asked.open_to_all, call.asked.caller.viewer) == ("https://hub.example", True, None)
