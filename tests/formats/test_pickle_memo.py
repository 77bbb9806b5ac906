"""The memo keeps what names and operands can be made of."""

import pytest
from tests.samples.inspection import assessments

from weighbridge.formats import pickle_memo
from weighbridge.formats.pickle_memo import FORGOTTEN, Memo, Overlay
from weighbridge.formats.pickle_values import ListValue, container
from weighbridge.model.pickle_program import Kind
from weighbridge.model.source import LimitReached


def test_entries_in_order_and_out_of_order() -> None:
    memo = Memo()
    assert memo.append("a")
    memo.put(9, "b")
    assert not memo.append("c")
    memo.put(len(memo), "c")
    assert [memo.get(index) for index in (0, 2, 9, 5)] == [(True, "a"), (True, "c"), (True, "b"), (False, None)]


def test_late_entries_are_forgotten_but_texts_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pickle_memo, "RICH_ENTRIES", 2)
    memo = Memo()
    late = ListValue()
    for item in ("a", "b", late, "system"):
        assert memo.append(item)
    assert memo.get(3) == (True, "system")
    assert memo.get(2)[1] is not late


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pickle_memo, "RICH_ENTRIES", 0)
    monkeypatch.setattr(pickle_memo, "LATE_BYTES_LIMIT", 100)
    memo = Memo()
    memo.append("x" * 60)
    assert memo.get(0)[1] is FORGOTTEN


@pytest.mark.parametrize("used", [b"h\x00h\x01\x93", b"c__builtin__\ngetattr\n(c__main__\nA\nh\x01tR"])
def test_a_forgotten_text_that_names_something_ends_the_reading(monkeypatch: pytest.MonkeyPatch, used: bytes) -> None:
    monkeypatch.setattr(pickle_memo, "RICH_ENTRIES", 0)
    monkeypatch.setattr(pickle_memo, "LATE_BYTES_LIMIT", 10)
    content = b"\x80\x04\x8c\x02os\x94\x8c\x06system\x94" + used + b"."
    assert assessments(content, "x.pkl")[None] in ("hostile", "malicious")
    kept = assessments(b"\x80\x04](\x8c\x02os\x94\x8c\x06system\x94h\x00h\x01e.", "x.pkl")
    assert kept == {None: "clean"}


def test_too_much_else_is_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pickle_memo, "RICH_ENTRIES", 0)
    monkeypatch.setattr(pickle_memo, "LATE_BYTES_LIMIT", 100)
    with pytest.raises(LimitReached):
        Memo().append(container(Kind.LIST, [ListValue()]))


def test_overlay_leaves_what_is_below() -> None:
    below = Memo()
    below.append("a")
    above = Overlay(below)
    above.put(0, "b")
    assert above.get(0) == (True, "b")
    assert below.get(0) == (True, "a")
    assert not above.append("c")
