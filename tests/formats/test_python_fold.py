import ast

import pytest

from weighbridge.formats.python_fold import text_of


def fold(source: str, called: str = "") -> str | None:
    return text_of(ast.parse(source, mode="eval").body, called)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("'a' + 'b'", "ab"),
        ("'a' 'b'", "ab"),
        ("b'ab'", "ab"),
        ("'ba'[::-1]", "ab"),
        ("''.join(['a', 'b'])", "ab"),
        ("''.join([chr(97), chr(98)])", "ab"),
        ("'%s%s' % ('a', 'b')", "ab"),
        ("f\"{'a'}b\"", "ab"),
        ("'xb'.replace('x', 'a')", "ab"),
        ("bytes([97, 98]).decode()", "ab"),
        ("'{}b'.format('a')", "ab"),
        ("'AB'.lower()", "ab"),
        ("'a' * 3", "aaa"),
    ],
)
def test_constant_texts(source, text):
    assert fold(source) == text


@pytest.mark.parametrize(
    ("source", "called", "text"),
    [
        ("b64decode('YWI=')", "base64.b64decode", "ab"),
        ("fromhex('6162')", "bytes.fromhex", "ab"),
        ("decode('no', 'rot13')", "codecs.decode", "ab"),
    ],
)
def test_decoders_that_the_caller_has_resolved(source, called, text):
    assert fold(source, called) == text


@pytest.mark.parametrize(
    "source", ["x", "f()", "1", "'a' * 10**9", "'%99999d' % 1", "'{:>99999}'.format('a')", "'a'[9]"]
)
def test_what_is_not_certain_or_not_small(source):
    assert fold(source) is None
