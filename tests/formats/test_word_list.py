"""Word lists."""

from weighbridge.formats.word_list import words


def test_words() -> None:
    assert words(" a b\n  c\n") == {"a", "b", "c"}
