import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.samples.templates import BOMBS, ESCAPES, HONEST

from weighbridge.formats.jinja_child import read
from weighbridge.model.observation import TemplateProgram


def suspicious(answer: dict) -> list[str]:
    return [
        *(name for name in answer["attributes"] if name.startswith("_") or name.endswith("_globals")),
        *answer["computed"],
        *answer["heavy"],
        *answer["imports"],
        *(name for name in answer["filters"] if name == "attr"),
        *(name for name in answer["calls"] if name == "<computed>"),
    ]


@pytest.mark.parametrize("name", HONEST)
def test_honest_templates_show_nothing(name):
    answer = read(HONEST[name].encode())

    assert answer["error"] is None
    assert suspicious(answer) == []


@pytest.mark.parametrize("name", ESCAPES)
def test_every_escape_shows(name):
    answer = read(ESCAPES[name].encode())

    assert answer["error"] is None
    assert suspicious(answer)


@pytest.mark.parametrize("name", BOMBS)
def test_every_bomb_shows(name):
    answer = read(BOMBS[name].encode())

    assert answer["error"] is None
    assert answer["heavy"]


@pytest.mark.parametrize(
    "expression",
    [
        "messages[i + 1]",
        "messages[loop.index0 - 1]",
        "messages[messages|length - 1]",
        "tool[key]",
        "types[param.type]",
        "names['tool_' ~ kind]",
        "rows[row.get('type')]",
        "text[:-1]",
        "x[y|int]",
    ],
)
def test_ordinary_subscripts_are_not_computed_names(expression):
    assert read(f"{{{{ {expression} }}}}".encode())["computed"] == []


def test_a_template_that_does_not_parse_says_why():
    assert "line 1" in read(b"{% if %}")["error"]
    assert read(b"\xff\xfe")["error"]
    assert read(b"{{" + b"(" * 5000 + b"1" + b")" * 5000 + b"}}")["error"]
    assert read(b"x" * (2 << 20))["error"]


def test_the_answer_is_a_template_program():
    answer = json.loads(json.dumps(read(b"{{ x }}")))

    assert TemplateProgram(**{k: tuple(v) if isinstance(v, list) else v for k, v in answer.items()}).names == ("x",)


def test_long_chains_end():
    assert read(b"{{ " + b"~".join([b"'a'"] * 50_000) + b" }}")["error"] is None
    assert read(b"{{ " + b"+".join([b"a"] * 20_000) + b" }}") is not None


@given(st.text("{}% '\"_x.[]()|~+*set for in endfor 0123", max_size=80))
def test_any_text_gets_an_answer(text):
    json.dumps(read(text.encode()))
