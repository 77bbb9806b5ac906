import pytest

from weighbridge.policy.plain_text import is_plain


@pytest.mark.parametrize("text", ["", "plain", "größer … 模型　です", "a\u00a0b", "👩‍🔬", "line\nline\ttab"])
def test_what_only_says_something(text):
    assert is_plain(text)


@pytest.mark.parametrize("text", ["\x1b[2J", "\x00", "\r", "\x9b31m", "a\u202eb", "\u2066", "\x7f"])
def test_what_acts(text):
    assert not is_plain(text)


def test_one_line():
    assert not is_plain("a\nb", one_line=True)
    assert not is_plain("a\tb", one_line=True)
    assert is_plain("a b", one_line=True)
