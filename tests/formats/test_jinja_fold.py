import pytest
from jinja2 import Environment, nodes

from weighbridge.formats.jinja_fold import Folding, NotConstant, may_reach


def fold(expression: str, **assigned: str):
    """Return the folding and the node of an expression, with variables that stand for other expressions."""

    def parsed(text: str) -> nodes.Node:
        [output] = Environment().parse("{{ (" + text + ") }}").body
        return output.nodes[0]

    return Folding({name: [parsed(text)] for name, text in assigned.items()}), parsed(expression)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("'a' ~ 'b' ~ 1", "ab1"),
        ("'a' + 'b'", "ab"),
        ("'ab' * 2", "abab"),
        ("'%s-%s' % ('a', 'b')", "a-b"),
        ("'abc'[::-1]", "cba"),
        ("'abc'[1]", "b"),
        ("['a', 'b']|join('-')", "a-b"),
        ("'-'.join(['a', 'b'])", "a-b"),
        ("'a.b'|replace('.', '_')", "a_b"),
        ("'ABC'|lower", "abc"),
        ("'a,b'.split(',')|last", "b"),
        ("'{}{}'.format('a', 'b')", "ab"),
        ("1 + 2 * 3", 7),
        ("x ~ 'b'", "ab"),
    ],
)
def test_constants(expression, value):
    folding, node = fold(expression, x="'a'")

    assert folding.constant(node) == value


@pytest.mark.parametrize(
    "expression",
    ["y", "'a' * 100000000", "9 ** 9999", "'%99999d' % 1", "'{:>999999}'.format(1)", "y[0]", "1 / 0", "'a'[9]"],
)
def test_what_has_no_certain_or_small_value(expression):
    folding, node = fold(expression)

    with pytest.raises(NotConstant):
        folding.constant(node)


def test_a_variable_that_is_defined_by_itself_ends():
    folding, node = fold("x ~ 'b'", x="x ~ 'a'")

    assert folding.text(node) is None
    assert folding.builds_name(node)


@pytest.mark.parametrize(
    ("expression", "built"),
    [
        ("a ~ b", True),
        ("'_' ~ b", True),
        ("'tool_' ~ b", False),
        ("a|upper", False),
        ("a|reverse", True),
        ("a|length", False),
        ("a + 1", False),
        ("a.replace('x', 'y')", True),
        ("a.get('x')", False),
        ("'%s' % a", True),
        ("a if b else c", False),
        ("a if b else c ~ d", True),
    ],
)
def test_names_that_are_built(expression, built):
    folding, node = fold(expression)

    assert folding.builds_name(node) is built


def test_bits_are_estimated_without_computing():
    folding, node = fold("9 ** 999999999")

    assert folding.bits(node) > 10**9


def test_starts_that_may_reach_inside():
    assert may_reach("_")
    assert may_reach("g")
    assert not may_reach("tool_")
