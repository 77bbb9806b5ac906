"""Chat templates that reach out of the template into Python.

What it finds: attributes with double underscores, frames and globals, the `attr` filter, names that are put together
at run time, other templates that are included, names that only web frameworks provide, computed calls, and templates
that do not parse.

Why it matters: a chat template is a program that every runtime renders. Rendered without a sandbox it runs any command
(CVE-2024-34359 in llama-cpp-python); inside a sandbox it looks for the next way out. No honest template needs any of
these: it reads messages and writes text.

Example: `{{ cycler.__init__.__globals__.os.popen('id').read() }}` in the GGUF key `tokenizer.chat_template`.

What to do: do not load the model with this template. Take the template from the model's author, or set your own.

Known misses: a template that only lies (hidden instructions, changed roles, backdoored answers on a trigger word) is
text like any other; see the digest `chat_template.sha256` and compare it with the author's.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.observation import TemplateProgram

INNER = frozenset(
    {
        "ag_await", "ag_code", "ag_frame", "co_code", "co_consts", "cr_await", "cr_code", "cr_frame", "f_back",
        "f_builtins", "f_code", "f_globals", "f_locals", "format_map", "func_closure", "func_code", "func_defaults",
        "func_globals", "gi_code", "gi_frame", "gi_yieldfrom", "im_class", "im_func", "im_self", "mro", "tb_frame",
        "tb_next",
    }
)  # fmt: skip
"""Attributes without underscores in front that lead into the interpreter (Jinja's own list of unsafe ones, and MRO)."""

ACTS = frozenset({"check_output", "eval", "exec", "getoutput", "popen", "Popen", "system", "import_module", "getattr"})
"""Functions that no value in a template has."""

FOREIGN = frozenset(
    {
        "application", "config", "current_app", "debug", "g", "get_flashed_messages", "handler", "lipsum", "request",
        "self", "session", "settings", "url_for",
    }
)  # fmt: skip
"""Names that web frameworks and Jinja itself offer and that chat templates have no use for."""

_REMEDY = "Do not render this template; take the one of the model's author, or set a template of your own."


def judge(program: TemplateProgram, subject: Subject) -> Iterator[Finding]:
    """Yield at most one finding: the gravest that the template justifies, with what it was seen by."""
    verdict = _weigh(program)
    if verdict is None:
        return
    implies, reason, seen = verdict
    severity = {
        Assessment.MALICIOUS: Severity.CRITICAL,
        Assessment.INCOMPLETE: Severity.MEDIUM,
        Assessment.REVIEW: Severity.HIGH,
    }[implies]
    yield Finding(
        check=CHECK.id,
        severity=severity,
        confidence=Confidence.MEDIUM if implies is Assessment.REVIEW else Confidence.HIGH,
        message=f"The chat template in {subject.name} {reason}: {seen[:160]}.",
        remedy=_REMEDY,
        implies=implies,
        evidence=Evidence(offset=program.offset, member=program.member, key=program.key, value=seen[:200]),
        atlas=None if implies is Assessment.INCOMPLETE else CHECK.atlas,
    )


def _weigh(program: TemplateProgram) -> tuple[Assessment, str, str] | None:
    if program.error is not None:
        return Assessment.INCOMPLETE, "could not be parsed", program.error
    inner = [
        name
        for name in program.attributes
        if (name.startswith("__") and len(name) > 4) or name in INNER or name in ACTS
    ]
    if inner:
        return Assessment.MALICIOUS, "reaches into the interpreter", ", ".join(inner[:6])
    if program.computed:
        return Assessment.MALICIOUS, "puts a name together that it does not want to be read", program.computed[0]
    outside = [target for target in program.imports if target == "<computed>" or _leaves(target)]
    if outside:
        return Assessment.MALICIOUS, "includes a file from outside", outside[0]
    if program.imports:
        return Assessment.REVIEW, "includes another template", program.imports[0]
    if "attr" in program.filters or "<computed>" in program.filters:
        return Assessment.REVIEW, "uses a filter that reaches attributes by name", "attr"
    acts = [name for name in program.calls if name.rpartition(".")[2] in ACTS]
    if acts:
        return Assessment.REVIEW, "calls a function that no chat needs", acts[0]
    foreign = [name for name in program.names if name in FOREIGN]
    if foreign:
        return Assessment.REVIEW, "uses names of a web framework", ", ".join(foreign[:6])
    private = [name for name in program.attributes if name.startswith("_") and name != "_"]
    if private:
        return Assessment.REVIEW, "reads private attributes", ", ".join(private[:6])
    if "<computed>" in program.calls:
        return Assessment.REVIEW, "calls something that is known only when it runs", "<computed>"
    return None


def _leaves(target: str) -> bool:
    return target.startswith(("/", "\\", "~")) or ".." in target or ":" in target[:12]


CHECK = Check(
    id="template-escape",
    title="Chat template reaches into the interpreter",
    wants=(TemplateProgram,),
    judge=judge,
    atlas="AML.T0051",
)
