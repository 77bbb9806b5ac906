import pytest
import yaml

from weighbridge.discover.config_yaml import YamlBuilder


def value(text: str) -> object:
    return YamlBuilder(text).value()


def test_values() -> None:
    assert value("a: {b: [1, yes, null, true]}\n---\nc: 1") == {"a": {"b": ["1", "yes", None, True]}}
    assert value("") is None
    assert value("true: 1") == {"true": "1"}


def test_an_alias_shares_and_a_merge_fills_in() -> None:
    assert value("x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  a: 3") == {"x": {"a": "1", "b": "2"}, "y": {"a": "3", "b": "2"}}


def test_aliases_of_aliases_cost_nothing() -> None:
    text = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
    assert isinstance(value(text), dict)


def test_a_value_that_holds_itself_gives_nothing_there() -> None:
    assert value("a: &a {b: *a}") == {"a": {"b": None}}


def test_repeated_names_are_told() -> None:
    builder = YamlBuilder("a: {b: 1}\na: {c: 2}")
    assert builder.value() == {"a": {"b": "1", "c": "2"}}
    assert list(builder.repeated) == ["a"]


@pytest.mark.parametrize("text", ["a: [", "a: b: c", "- " * 200 + "x", "\x00"])
def test_what_is_not_yaml(text: str) -> None:
    with pytest.raises((yaml.YAMLError, ValueError)):
        value(text)
