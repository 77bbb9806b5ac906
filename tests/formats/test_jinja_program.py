from jinja2 import Environment

from weighbridge.formats.jinja_program import Program


def fields(text: str) -> dict:
    return Program(Environment(extensions=["jinja2.ext.do"]).parse(text)).fields()


def test_everything_that_is_read_and_called_is_named():
    seen = fields("{% for m in messages %}{{ m.content|trim|map(attribute='a.b') }}{{ f(m['role']) }}{% endfor %}")

    assert set(seen["attributes"]) == {"content", "role", "a", "b"}
    assert seen["filters"] == ["map", "trim"]
    assert seen["calls"] == ["f"]
    assert seen["loops"] == 1
    assert {"messages", "m", "f"} <= set(seen["names"])
    assert seen["computed"] == seen["heavy"] == seen["imports"] == []


def test_loops_multiply():
    nested = "{% for a in range(5000) %}{% for b in range(5000) %}x{% endfor %}{% endfor %}"
    side_by_side = "{% for a in range(5000) %}x{% endfor %}" * 2

    assert fields(nested)["heavy"]
    assert fields(side_by_side)["heavy"] == []


def test_targets_of_includes():
    assert fields("{% include 'a' ~ 'b' %}{% include x %}")["imports"] == ["ab", "<computed>"]


def test_dotted_names_of_calls():
    assert fields("{{ a.b['c'].d() }}{{ a[x]() }}{{ f()() }}")["calls"] == ["a.b.c.d", "<computed>", "f"]
