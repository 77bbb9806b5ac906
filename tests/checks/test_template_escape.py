import pytest
from tests.samples.templates import BOMBS, ESCAPES, HONEST

from weighbridge.checks.check import Subject
from weighbridge.checks.template_escape import CHECK
from weighbridge.formats.jinja_child import read
from weighbridge.model.finding import Assessment
from weighbridge.model.observation import TemplateProgram

SUBJECT = Subject(format="gguf", name="m.gguf")
ONLY_REVIEW = {"attr-plain": Assessment.MALICIOUS, "import": Assessment.REVIEW, "special-token-call": Assessment.REVIEW}


def judged(text: str | bytes) -> list[Assessment]:
    answer = read(text if isinstance(text, bytes) else text.encode())
    program = TemplateProgram(**{k: tuple(v) if isinstance(v, list) else v for k, v in answer.items()})
    return [finding.implies for finding in CHECK.judge(program, SUBJECT)]


@pytest.mark.parametrize("name", ESCAPES)
def test_escapes(name):
    assert judged(ESCAPES[name]) == [ONLY_REVIEW.get(name, Assessment.MALICIOUS)]


@pytest.mark.parametrize("name", HONEST)
def test_honest_templates(name):
    assert judged(HONEST[name]) == []


def test_bombs_are_another_check():
    assert judged(BOMBS["nested-ranges"]) == []


def test_what_does_not_parse_is_incomplete():
    assert judged("{% if %}") == [Assessment.INCOMPLETE]


@pytest.mark.parametrize(
    "text",
    [
        "{{ x|attr('content') }}",
        "{{ config.items() }}",
        "{{ url_for('x') }}",
        "{{ m._private }}",
        "{% include 'other.jinja' %}",
        "{{ m[k](1) }}",
    ],
)
def test_doubtful_templates_are_for_review(text):
    assert judged(text) == [Assessment.REVIEW]
