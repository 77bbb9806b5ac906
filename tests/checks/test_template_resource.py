import pytest
from tests.samples.templates import BOMBS, HONEST

from weighbridge.checks.check import Subject
from weighbridge.checks.template_resource import CHECK
from weighbridge.formats.jinja_child import read
from weighbridge.model.finding import Assessment
from weighbridge.model.observation import TemplateProgram

SUBJECT = Subject(format="gguf", name="m.gguf")


def judged(text: str) -> list[Assessment]:
    answer = read(text.encode())
    program = TemplateProgram(**{k: tuple(v) if isinstance(v, list) else v for k, v in answer.items()})
    return [finding.implies for finding in CHECK.judge(program, SUBJECT)]


@pytest.mark.parametrize("name", BOMBS)
def test_bombs(name):
    assert judged(BOMBS[name]) == [Assessment.HOSTILE]


@pytest.mark.parametrize("name", HONEST)
def test_honest_templates(name):
    assert judged(HONEST[name]) == []


@pytest.mark.parametrize(
    "text", ["{% for i in range(100) %}x{% endfor %}", "{{ 'a' * 40 }}", "{% set n = n + n %}{{ 2 ** 10 }}"]
)
def test_ordinary_work(text):
    assert judged(text) == []
