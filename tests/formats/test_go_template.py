"""Ollama's chat templates are read as what they are, and never hide one in another language."""

import pytest
from tests.samples.templates import HONEST

from weighbridge.checks import template_escape, template_resource
from weighbridge.checks.check import Subject
from weighbridge.formats import chat_template
from weighbridge.formats.go_template import READER, could_be, program_of, recognize
from weighbridge.model.budget import Budget
from weighbridge.model.finding import Assessment
from weighbridge.model.source import BytesSource

CHATML = b"{{ if .System }}<|im_start|>system\n{{ .System }}{{ end }}{{ range .Messages }}<|{{ .Role }}|>{{ end }}"


def claimed(text: bytes) -> tuple[bool, bool]:
    """Tell whether it is taken for one of Ollama, and for one in Jinja."""
    source = BytesSource(text)
    return could_be(text) and recognize(source, text), chat_template.recognize(source, text)


def test_it_is_taken_for_one_of_ollama_alone():
    assert claimed(CHATML) == (True, False)
    assert claimed(b"{{ .Values.image }}") == (False, False)
    for text in HONEST.values():
        assert not claimed(text.encode())[0]


@pytest.mark.parametrize(
    "text",
    [
        b'{{ "{{ .Prompt }}" }}{{ cycler.__init__.__globals__ }}{{ bos_token }}',
        b"{# {{ .Prompt }} #}{{ cycler.__init__.__globals__ }}{{ bos_token }}",
        b"{{ .Prompt }}{% for m in messages %}{{ m.__class__ }}{{ bos_token }}{% endfor %}",
    ],
)
def test_a_template_in_jinja_that_speaks_go_is_still_one_in_jinja(text):
    assert claimed(text) == (False, True)


def test_what_reaches_into_an_interpreter_is_found_in_either_language():
    text = b'{{ .Prompt }}{{ ("").__class__.__mro__ }}<|'
    assert claimed(text) == (True, False)
    found = list(template_escape.judge(program_of(text), Subject(name="template", format="go-template")))
    assert [one.implies for one in found] == [Assessment.MALICIOUS]


def test_what_exhausts_a_renderer_is_found():
    heavy = program_of(b"{{ .Prompt }}{{ range 9999999999 }}x{{ end }}")
    found = list(template_resource.judge(heavy, Subject(name="template", format="go-template")))
    assert [one.implies for one in found] == [Assessment.HOSTILE]


def test_what_is_read_of_it():
    reading = READER.read(BytesSource(CHATML), Budget())
    assert [fact.name for fact in reading.facts] == ["chat_template.sha256"]
    assert reading.observations == (program_of(CHATML),)
    assert not reading.holds_model
