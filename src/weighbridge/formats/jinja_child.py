"""What a chat template would do, read from its syntax tree by Jinja's own parser; nothing is compiled or rendered.

Runs in the isolated child process only (`host/isolation.py`): it is the one place where a parser that is not ours
meets hostile text. In: the template's bytes. Out: the fields of `TemplateProgram`, ready for JSON.
Sources: Jinja "Template Designer Documentation"; transformers `chat_template_utils.py` (the extensions that chat
templates may use, and the tag `generation`); CVE-2024-34359 (a template in GGUF metadata rendered unconfined).
"""

import hashlib
from typing import Any

from jinja2 import Environment, TemplateError, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

from weighbridge.formats.jinja_program import Program

LONGEST_TEMPLATE = 1 << 20
EMPTY: dict[str, Any] = {
    "attributes": [],
    "filters": [],
    "calls": [],
    "computed": [],
    "imports": [],
    "names": [],
    "heavy": [],
    "loops": 0,
}


class Generation(Extension):
    """The tag `{% generation %}`, with which transformers marks what the assistant wrote."""

    tags = {"generation"}  # noqa: RUF012  (as Jinja declares it)

    def parse(self, parser: Parser) -> list[nodes.Node]:
        """Return the body alone."""
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


_ENVIRONMENT = Environment(  # noqa: S701  (nothing is rendered)
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=[Generation, "jinja2.ext.loopcontrols", "jinja2.ext.do", "jinja2.ext.i18n"],
)


def _warm_up() -> None:
    """Load now what Jinja loads on first use (a codec for strings, its traceback helper): later no file opens."""
    for text in ("{{ 'a' ~ 1.5e3 }}", "{{"):
        try:
            Program(_ENVIRONMENT.parse(text)).fields()
        except TemplateError:
            continue


_warm_up()


def read(payload: bytes) -> dict[str, Any]:
    """Return the fields of `TemplateProgram` for the template `payload`; a fault is in `error`."""
    answer: dict[str, Any] = {**EMPTY, "text_sha256": hashlib.sha256(payload).hexdigest(), "error": None}
    if len(payload) > LONGEST_TEMPLATE:
        return {**answer, "error": f"longer than {LONGEST_TEMPLATE} bytes"}
    try:
        tree = _ENVIRONMENT.parse(payload.decode("utf-8"))
        return {**answer, **Program(tree).fields()}
    except UnicodeDecodeError:
        return {**answer, "error": "the text is not UTF-8"}
    except TemplateError as error:
        return {**answer, "error": f"line {getattr(error, 'lineno', 0)}: {error.message or 'syntax error'}"[:300]}
    except RecursionError:
        return {**answer, "error": "nested too deep"}
