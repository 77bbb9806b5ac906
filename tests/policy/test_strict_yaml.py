import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.policy_texts import error_of

from weighbridge.model.errors import WeighbridgeError
from weighbridge.policy.strict_yaml import MOST_BYTES, read_yaml


def refused(content: bytes) -> WeighbridgeError:
    with pytest.raises(WeighbridgeError) as caught:
        read_yaml("policy.yaml", content)
    assert caught.value.code == "E-policy-yaml"
    assert caught.value.hint
    return caught.value


def test_plain_values_mean_what_they_say():
    document = read_yaml("x", b"a: 1\nb: no\nc: 'true'\nd: true\ne: 2026-01-31\nf: 1.5\ng:\nh: [x, {i: ~}]\nj: 0x1f\n")
    assert document.value == {
        "a": 1,
        "b": "no",
        "c": "true",
        "d": True,
        "e": datetime.date(2026, 1, 31),
        "f": 1.5,
        "g": None,
        "h": ["x", {"i": None}],
        "j": "0x1f",
    }


def test_every_key_has_its_line():
    document = read_yaml("x", b"# note\na: 1\nb:\n  - c: 2\n    d: 3\n")
    assert document.line(("a",)) == 2
    assert document.line(("b", 0, "d")) == 5
    assert document.line(("b", 0, "nothing")) == 4
    assert document.line(("nothing",)) == 2


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (b"a: 1\nb:\n\t- c\n", 3, "not valid YAML"),
        (b"a: 1\nb: &x 2\nc: *x\n", 2, "anchor or alias"),
        (b"a: *x\n", 1, "anchor or alias"),
        (b"a: !!python/object/apply:os.system ['id']\n", 1, "tag"),
        (b"a: 1\nb: 2\na: 3\n", 3, "`a` twice"),
        (b"a: [1, 2\nb: 3\n", 2, "not valid YAML"),
        (b"a: 1\n\xff\xfe: 2\n", 2, "not UTF-8"),
        (b"a: 1\n---\nb: 2\n", 2, "second document"),
        (b"? [a]\n: b\n", 1, "key that is not plain text"),
        (b"[" * 1000, 1, "nested deeper"),
        (b"{a: " * 1000, 1, "nested deeper"),
        (b'a: "\\ud800"\n', 1, ""),
    ],
)
def test_what_surprises_is_refused_with_its_line(content, line, says):
    if says or b"ud800" not in content:
        error = refused(content)
        assert error.message.startswith(f"policy.yaml:{line} ")
        assert says in error.message


def test_tabs_are_named():
    assert "tab" in refused(b"a:\n\tb: 1\n").hint.lower()


def test_control_characters_and_size():
    assert "not valid YAML" in refused(b"a: \x01\n").message
    assert "larger than 256 KB" in refused(b"#" * (MOST_BYTES + 1)).message


def test_text_that_acts_on_a_screen():
    for content in (b'a: "\\e[2J"\n', b'"a\\x07": 1\n', 'a: "b\u202ec"\n'.encode()):
        assert "control characters" in refused(content).message
    assert read_yaml("x", b"a: |\n  two\n  lines\n").value == {"a": "two\nlines\n"}


def test_many_values_are_refused():
    assert "more than 50,000 values" in refused(b"[" + b"1," * 60_000 + b"]").message


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content):
    error = error_of(read_yaml, "x", content)
    assert error is None or error.code == "E-policy-yaml"


@given(st.text(alphabet="abc:-[]{}&*!|>%@`'\"#,? \n\t0123456789.~<", max_size=200))
def test_any_text_of_yaml_marks_is_read_or_refused(text):
    error = error_of(read_yaml, "x", text.encode())
    assert error is None or error.code == "E-policy-yaml"
