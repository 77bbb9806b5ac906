import pytest
from tests.samples.templates import HONEST

from weighbridge.formats.chat_template import READER, could_be
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Unread
from weighbridge.model.source import BytesSource


@pytest.mark.parametrize("name", ["header-ids", "alternating", "thinking-tools", "reasoning", "turns"])
def test_honest_templates_are_recognized(name):
    assert could_be(HONEST[name].encode())


@pytest.mark.parametrize(
    "text",
    [
        b"{% extends 'base.html' %}{% for message in messages %}{{ message }}{% endfor %}",
        b"<html>{% for m in messages %}{{ bos_token }}{% endfor %}",
        b"def f(): return '{% bos_token %}'",
        b"{}",
    ],
)
def test_pages_and_code_are_not(text):
    assert not could_be(text)


def test_the_whole_text_goes_to_the_isolated_parser():
    reading = READER.read(BytesSource(b"{{ x }}"), Budget())

    assert [request.payload for request in reading.requests] == [b"{{ x }}"]
    assert [fact.name for fact in reading.facts] == ["chat_template.sha256"]


def test_a_text_that_is_too_long_is_said():
    reading = READER.read(BytesSource(b"x" * (3 << 20)), Budget())

    assert isinstance(reading.observations[0], Unread)
