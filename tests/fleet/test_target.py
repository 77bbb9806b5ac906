import pytest

from weighbridge.fleet.target import UndeliveredError, accepted, pieces
from weighbridge.host.outgoing_http import Answer


def test_pieces_are_bounded_and_keep_order() -> None:
    parts = [b"aa", b"bb", b"cccc", b"d"]
    assert pieces(parts, 4) == [[b"aa", b"bb"], [b"cccc"], [b"d"]]
    assert pieces([b"too long"], 4) == [[b"too long"]]
    assert pieces([], 4) == []


def test_what_an_answer_says() -> None:
    for status in (200, 202, 204):
        assert accepted(Answer(status, 0.0, b"")).status == status
    with pytest.raises(UndeliveredError, match="it answered 503: busy") as caught:
        accepted(Answer(503, 9.0, b" busy \n"))
    assert (caught.value.is_refused, caught.value.retry_after) == (False, 9.0)
    with pytest.raises(UndeliveredError, match="not followed"):
        accepted(Answer(307, 0.0, b""))
    with pytest.raises(UndeliveredError) as caught:
        accepted(Answer(400, 0.0, b"x" * 10_000))
    assert caught.value.is_refused
    assert len(caught.value.reason) < 300
