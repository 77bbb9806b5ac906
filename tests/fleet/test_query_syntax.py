import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.fleet.query_syntax import All, Either, Node, Not, Operator, Term, parse, text_of
from weighbridge.model.errors import WeighbridgeError

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)
TERMS: st.SearchStrategy[Node] = st.builds(
    lambda field, value, operator: Term(
        field=field, value=value, operator=operator if field else Operator.IS, exact=True
    ),
    st.none() | st.sampled_from(["kind", "seen", "a.b"]),
    WORDS,
    st.sampled_from([Operator.IS, Operator.ABOVE, Operator.AT_MOST]),
)
TREES = st.recursive(
    TERMS,
    lambda inner: (
        st.builds(lambda part: Not(part=part), inner)
        | st.builds(lambda parts: All(parts=tuple(parts)), st.lists(inner, min_size=2, max_size=3))
        | st.builds(lambda parts: Either(parts=tuple(parts)), st.lists(inner, min_size=2, max_size=3))
    ),
    max_leaves=12,
)


def shape(node: Node) -> object:
    match node:
        case Term():
            return (node.field, str(node.operator), node.value, node.upper)
        case Not(part=part):
            return ("not", shape(part))
        case All(parts=parts):
            return ("all", *map(shape, parts))
        case Either(parts=parts):
            return ("either", *map(shape, parts))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("all",)),
        ("  ", ("all",)),
        ("llama", (None, "", "llama", "")),
        ("kind:weights", ("kind", "", "weights", "")),
        ("severity:>=high", ("severity", ">=", "high", "")),
        ("size:1GB..4GB", ("size", "..", "1GB", "4GB")),
        ('name:"two words"', ("name", "", "two words", "")),
        ('name:"a..b"', ("name", "", "a..b", "")),
        (r'name:"say \"hi\""', ("name", "", 'say "hi"', "")),
        ('seen:>"2026-11-21"', ("seen", ">", "2026-11-21", "")),
        ("a b", ("all", (None, "", "a", ""), (None, "", "b", ""))),
        ("a AND b", ("all", (None, "", "a", ""), (None, "", "b", ""))),
        ("a OR b", ("either", (None, "", "a", ""), (None, "", "b", ""))),
        ("a b OR c", ("either", ("all", (None, "", "a", ""), (None, "", "b", "")), (None, "", "c", ""))),
        ("a (b OR c)", ("all", (None, "", "a", ""), ("either", (None, "", "b", ""), (None, "", "c", "")))),
        ("NOT a", ("not", (None, "", "a", ""))),
        ("-kind:skill", ("not", ("kind", "", "skill", ""))),
        ("-a", ("not", (None, "", "a", ""))),
        ("-(a OR b)", ("not", ("either", (None, "", "a", ""), (None, "", "b", "")))),
        ('-"a b"', ("not", (None, "", "a b", ""))),
        ("kind:(skill OR agent)", ("either", ("kind", "", "skill", ""), ("kind", "", "agent", ""))),
        ("path:C:/models", ("path", "", "C:/models", "")),
        ("and or not", ("all", (None, "", "and", ""), (None, "", "or", ""), (None, "", "not", ""))),
        ("x..y", (None, "", "x..y", "")),
    ],
)
def test_queries_are_read_as_people_mean_them(text: str, expected: object) -> None:
    assert shape(parse(text)) == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("(a", "a parenthesis is not closed (character 1 of the query)"),
        ("a b)", "a closing parenthesis has no opening one (character 4 of the query)"),
        ('kind:"x', "a quotation mark is not closed (character 6 of the query)"),
        ("kind:", "a value of `kind` is missing (character 1 of the query)"),
        ("kind:>", "a value of `kind` is missing (character 1 of the query)"),
        ("kind:(a OR )", "a value of `kind` is missing (character 12 of the query)"),
        ("kind:(a b)", "a parenthesis is not closed (character 6 of the query)"),
        ("a OR", "the query ends where a term should follow (character 3 of the query)"),
        ("OR a", "`OR` stands where a term should (character 1 of the query)"),
        ("a AND OR b", "`OR` stands where a term should (character 7 of the query)"),
        ("()", "`)` stands where a term should (character 2 of the query)"),
        ("a\0b", "a character that no name holds (character 2 of the query)"),
        ("a" * 2001, "the query has 2001 characters, and 2000 are the most (character 1 of the query)"),
        ("a " * 101, "more than 100 terms (character 201 of the query)"),
        ("(" * 30, "more than 20 parentheses or NOTs inside one another (character 22 of the query)"),
        ("NOT " * 30 + "a", "more than 20 parentheses or NOTs inside one another (character 85 of the query)"),
        ("- " * 30 + "a", "more than 20 parentheses or NOTs inside one another (character 43 of the query)"),
    ],
)
def test_what_is_no_query_is_refused_with_its_place(text: str, sentence: str) -> None:
    with pytest.raises(WeighbridgeError) as refused:
        parse(text)
    assert (refused.value.code, refused.value.message) == ("E-query", sentence)
    assert refused.value.hint


@given(TREES)
def test_a_tree_is_what_its_own_text_says(tree: Node) -> None:
    assert shape(parse(text_of(tree))) == shape(tree)


@given(st.text(max_size=60) | st.text('ab:"()-<>. ANDORNOT*\\', max_size=60))
def test_any_text_is_a_query_or_is_refused(text: str) -> None:
    with contextlib.suppress(WeighbridgeError):
        tree = parse(text)
        assert shape(parse(text_of(tree))) == shape(tree)
