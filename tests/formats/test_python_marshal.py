"""Names in marshalled code: what this Python writes is followed, what is damaged is not believed."""

import marshal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.formats.python_marshal import names_used, only_computes


def code(text: str) -> bytes:
    return marshal.dumps(eval(text).__code__)


@pytest.mark.parametrize(
    "text", ["lambda x: x * 2", "lambda x: tf.reduce_mean(x, axis=1)", "lambda x: [y + 1 for y in x]"]
)
def test_mathematics(text: str) -> None:
    assert only_computes(code(text))


@pytest.mark.parametrize(
    "text",
    [
        "lambda x: __import__('os').system('true')", "lambda x: exec(x)", "lambda x: x.__class__",
        "lambda x: tf.io.write_file(x, x)",
        "lambda x: (lambda y: open(y))(x)", "lambda x: [eval(y) for y in x]", "lambda x: tf.py_function(x)",
        "lambda x: getattr(x, 'a' + 'b')(x)",
    ],
)  # fmt: skip
def test_anything_else(text: str) -> None:
    assert not only_computes(code(text))


def test_nested_names_are_seen() -> None:
    assert {"open", "print"} <= (names_used(code("lambda x: (lambda y: open(y))(print)")) or set())


@pytest.mark.parametrize(
    "content", [b"", b"c", b"\xe3" + bytes(10), marshal.dumps((1, "a")), marshal.dumps([None] * 9)]
)
def test_what_is_no_code(content: bytes) -> None:
    assert not only_computes(content)


def test_something_behind_the_code_is_not_ignored() -> None:
    assert not only_computes(code("lambda x: x") + b"N")


@given(st.binary(max_size=200))
def test_any_bytes(content: bytes) -> None:
    only_computes(content)
    only_computes(b"\xe3" + content)
