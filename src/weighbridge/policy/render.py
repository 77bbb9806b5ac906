"""The acceptable-use page as Markdown and as one self-contained HTML page.

In: a policy. Out: the whole document as text ending in a newline.
"""

import re
from collections.abc import Iterator
from html import escape

from weighbridge.policy.clauses import Clause, Page, Section, page
from weighbridge.policy.policy import Policy

_HINT = "This page is written from the rules that are enforced; each clause names its rule."
_ACTIVE = re.compile(r"([\\`*_\[\]<>#|!])")
_LINE = re.compile(r"\s+")


def markdown(policy: Policy) -> str:
    """Return the acceptable-use page of `policy` in Markdown."""
    return "\n".join(_markdown(page(policy))) + "\n"


def html(policy: Policy) -> str:
    """Return the acceptable-use page of `policy` as one HTML page: no script, nothing loaded from elsewhere."""
    return "\n".join(_html(page(policy))) + "\n"


def _pieces(text: str) -> list[tuple[bool, str]]:
    """Return `text` on one line as (is code, text) pieces: what stands between backticks is code."""
    pieces = _LINE.sub(" ", text.strip()).split("`")
    if len(pieces) % 2 == 0:
        pieces = ["'".join(pieces)]
    return [(index % 2 == 1, piece) for index, piece in enumerate(pieces) if piece]


def _md(text: str) -> str:
    """Return `text` with everything that Markdown would act on made harmless, but for code."""
    return "".join(_code(piece) if is_code else _ACTIVE.sub(r"\\\1", piece) for is_code, piece in _pieces(text))


def _safe(text: str) -> str:
    """Return `text` for HTML."""
    return "".join(f"<code>{escape(piece)}</code>" if is_code else escape(piece) for is_code, piece in _pieces(text))


def _code(text: str) -> str:
    return "`" + text.replace("`", "'") + "`"


def _markdown(content: Page) -> Iterator[str]:
    yield f"# {_md(content.title)}"
    yield ""
    yield f"Policy {_code(content.policy)} of {_md(content.organization)}. {content.mode}"
    yield ""
    if content.summary:
        yield _md(content.summary)
        yield ""
    for section in content.sections:
        yield f"## {section.number}. {_md(section.title)}"
        yield ""
        yield from _markdown_section(section)
    yield "---"
    yield ""
    yield _HINT


def _markdown_section(section: Section) -> Iterator[str]:
    for paragraph in (section.introduction, *section.paragraphs):
        if paragraph:
            yield _md(paragraph)
            yield ""
    for item in section.items:
        yield f"- {_md(item)}"
    if section.items:
        yield ""
    for clause in section.clauses:
        yield f"**{clause.number} {_md(clause.text)}**"
        yield ""
        yield f"- *{_heading(clause)}*: {clause.actions}. {_md(clause.reason)}"
        if clause.consequence != "Permitted":
            yield f"- What to do: {_md(clause.remedy)}"
        yield f"- Rule {_code(clause.rule)}, severity {clause.severity}" + (
            f", serves {_md(clause.control)}" if clause.control else ""
        )
        yield ""


def _heading(clause: Clause) -> str:
    return f"{clause.consequence} {clause.whom}" if clause.whom else clause.consequence


_STYLE = """\
:root { color-scheme: light dark; --ink: #1c2330; --soft: #5a6472; --paper: #fdfdfb; --line: #d9dde3;
  --deny: #a4262c; --pending: #8a5a00; --warn: #6b6200; --allow: #1f6f43; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8ec; --soft: #a2abb8; --paper: #15181d; --line: #333a44;
  --deny: #ff8a8a; --pending: #f0b455; --warn: #d9cf63; --allow: #7fd3a3; } }
body { font: 1.0625rem/1.6 Georgia, "Times New Roman", serif; color: var(--ink); background: var(--paper);
  max-width: 44rem; margin: 3rem auto; padding: 0 1.25rem; }
h1, h2, .mark { font-family: system-ui, sans-serif; line-height: 1.25; }
h1 { font-size: 2rem; margin-bottom: .25rem; }
h2 { font-size: 1.3rem; margin-top: 2.75rem; border-bottom: 1px solid var(--line); padding-bottom: .35rem; }
.soft, .clause dl { color: var(--soft); font-size: .94rem; }
nav ol { columns: 2; padding-left: 1.25rem; }
a { color: inherit; }
.clause { margin: 1.4rem 0; break-inside: avoid; }
.clause > p { margin: 0 0 .3rem; }
.mark { font-size: .78rem; font-weight: 600; border: 1px solid currentColor; border-radius: .25rem;
  padding: .05rem .4rem; white-space: nowrap; }
.deny { color: var(--deny); } .pending { color: var(--pending); } .warn { color: var(--warn); }
.allow { color: var(--allow); }
dl { margin: 0; display: grid; grid-template-columns: 6rem 1fr; gap: .1rem .75rem; }
dt { font-style: italic; } dd { margin: 0; }
code { font-size: .9em; overflow-wrap: anywhere; }
@media print { body { margin: 0; max-width: none; } nav { display: none; } }
"""

_CLASSES = {"Permitted": "allow", "Warning": "warn", "Needs a review": "pending", "Not allowed": "deny"}


def _html(content: Page) -> Iterator[str]:
    yield "<!doctype html>"
    yield '<html lang="en">'
    yield '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f"<title>{escape(content.title)}</title>"
    yield f"<style>\n{_STYLE}</style></head>"
    yield "<body><main>"
    yield f"<h1>{escape(content.title)}</h1>"
    yield f'<p class="soft">Policy <code>{escape(content.policy)}</code> of {_safe(content.organization)}.</p>'
    yield f"<p><strong>{_safe(content.mode)}</strong></p>"
    if content.summary:
        yield f"<p>{_safe(content.summary)}</p>"
    yield '<nav aria-label="Sections"><ol>'
    for section in content.sections:
        yield f'<li><a href="#section-{section.number}">{escape(section.title)}</a></li>'
    yield "</ol></nav>"
    for section in content.sections:
        yield f'<section aria-labelledby="section-{section.number}">'
        yield f'<h2 id="section-{section.number}">{section.number}. {escape(section.title)}</h2>'
        yield from _html_section(section)
        yield "</section>"
    yield f'<footer class="soft"><hr><p>{_HINT}</p></footer>'
    yield "</main></body></html>"


def _html_section(section: Section) -> Iterator[str]:
    for paragraph in (section.introduction, *section.paragraphs):
        if paragraph:
            yield f"<p>{_safe(paragraph)}</p>"
    if section.items:
        yield "<ul>"
        yield from (f"<li>{_safe(item)}</li>" for item in section.items)
        yield "</ul>"
    for clause in section.clauses:
        kind = _CLASSES[clause.consequence]
        yield f'<article class="clause" id="{escape(clause.rule)}">'
        yield f"<p><strong>{clause.number}</strong> {_safe(clause.text)}</p>"
        yield f'<p><span class="mark {kind}">{_heading(clause)}</span>'
        yield f' <span class="soft">{clause.actions}</span></p>'
        yield f"<dl><dt>Why</dt><dd>{_safe(clause.reason)}</dd>"
        if clause.consequence != "Permitted":
            yield f"<dt>What to do</dt><dd>{_safe(clause.remedy)}</dd>"
        serves = f", serves {_safe(clause.control)}" if clause.control else ""
        yield f"<dt>Rule</dt><dd><code>{escape(clause.rule)}</code>, severity {clause.severity}{serves}</dd></dl>"
        yield "</article>"
