"""One request to a face: what its route asks of it, and what goes out."""

import pytest
from tests.hub.calling import call_of, run

from weighbridge.fleet.problem import RefusedError


def test_a_query_gives_the_last_value_and_all_of_them() -> None:
    call, _ = call_of(path="/x?last=1&last=&n=a%2Fb")
    assert call.query == {"last": "", "n": "a/b"}
    assert call.queries("last") == ["1", ""]
    assert call.queries("none") == []


def test_headers_are_found_however_they_are_written() -> None:
    call, _ = call_of(headers={"Content-Range": "0-4"})
    assert call.header("content-RANGE") == "0-4"
    assert call.header("range") == ""


def test_a_body_is_read_up_to_a_limit() -> None:
    assert run(call_of(pieces=[b"ab", b"", b"cd"])[0].body(4)) == b"abcd"
    with pytest.raises(RefusedError) as refused:
        run(call_of(pieces=[b"ab", b"cde"])[0].body(4))
    assert refused.value.status == 413


def test_a_client_that_goes_away_has_not_sent_all() -> None:
    call, _ = call_of(pieces=[b"ab"])

    async def twice() -> None:
        await call.body()
        await call.body()  # nothing comes any more

    with pytest.raises(RefusedError, match="went away"):
        run(twice())


def test_what_goes_out_is_counted_and_head_gets_headers_alone() -> None:
    call, answered = call_of()
    run(call.reply_json({"a": 1}, 201, {"x-more": "1"}))
    assert (call.status, call.sent, answered.body) == (201, 7, b'{"a":1}')
    assert answered.headers == {"content-length": "7", "content-type": "application/json", "x-more": "1"}
    assert call.scope["weighbridge.began"]
    head, told = call_of(method="HEAD")
    run(head.reply(200, b"four"))
    assert (head.sent, told.body, told.headers["content-length"]) == (0, b"", "4")


def test_a_long_answer_goes_out_in_pieces() -> None:
    call, answered = call_of()

    async def answer() -> None:
        await call.start(206, {"Content-Range": "bytes 0-3/9"})
        await call.piece(b"ab")
        await call.piece(b"cd")
        await call.end()

    run(answer())
    assert (answered.status, answered.body, call.sent) == (206, b"abcd", 4)
    assert [message.get("more_body", False) for message in answered.messages[1:]] == [True, True, False]
