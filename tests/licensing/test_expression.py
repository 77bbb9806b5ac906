import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.licensing.expression import DEEPEST, Expression, parse


def name(text):
    return Expression(name=text)


def test_and_binds_closer_than_or():
    expected = Expression(operator="or", parts=(name("a"), Expression(operator="and", parts=(name("b"), name("c")))))
    assert parse("a OR b AND c") == expected
    assert parse("a or (b and c)") == expected


def test_a_list_holds_together():
    assert parse("mit, apache-2.0") == Expression(operator="and", parts=(name("mit"), name("apache-2.0")))


def test_names_of_several_words_and_exceptions():
    assert parse("Apache License 2.0 or MIT").parts[0] == name("Apache License 2.0")
    assert parse("gpl-2.0 with classpath") == Expression(operator="with", parts=(name("gpl-2.0"), name("classpath")))


@pytest.mark.parametrize(
    "text", ["", "mit", "and", "a and", "or b", "(a or b", "a) or b", "a or or b", "()", "a ( or b"]
)
def test_what_is_no_expression(text):
    assert parse(text) is None


def test_limits():
    assert parse("(" * (DEEPEST + 2) + "a or b" + ")" * (DEEPEST + 2)) is None
    assert parse(" or ".join("abcdefgh" * 10)) is None


@given(st.text(alphabet="ab() ,ORandwith"))
def test_any_text_is_taken(text):
    parse(text)
