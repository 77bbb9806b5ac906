"""One self-contained HTML page: no outside address, no template engine, a content security policy by hash.

Everything that comes from a scanned file is escaped twice over: control and bidirectional characters become visible
(`escape.visible`), then markup characters become entities.
"""

import base64
import hashlib
import json
from html import escape

from weighbridge.model.artifact import Artifact, Scan
from weighbridge.model.finding import Finding
from weighbridge.report.escape import MESSAGE_LIMIT, percent_encoded, visible
from weighbridge.report.html_detail import detail
from weighbridge.report.html_script import EARLY, SCRIPT
from weighbridge.report.html_style import LIGHT, MARK, STYLE
from weighbridge.report.renderer import Context, Renderer
from weighbridge.report.words import (
    ASSESSMENTS,
    DECISIONS,
    SEVERITIES,
    best_fact,
    counted,
    findings_for,
    license_word,
    main_place,
    quantity,
    short_title,
    size,
    where,
    worst_first,
)

FINDINGS_IN_ROW = 6
_COLUMNS = (
    ("as", "Assessment", "rank", True),
    ("na", "Artifact", "name", False),
    ("fo", "Format", "format", False),
    ("si", "Size", "size", True),
    ("pa", "Params", "params", True),
    ("st", "Store", "store", False),
    ("li", "License", "license", False),
    ("ve", "Verdict", "strict", True),
    ("di", "SHA-256", "", False),
)
_RIGHT = ("si", "pa")


def _source(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


POLICY = (
    f"default-src 'none'; script-src {_source(EARLY)} {_source(SCRIPT)}; style-src {_source(STYLE)}; img-src data:;"
    " base-uri 'none'; form-action 'none'"
)
"""The page's content security policy; a server adds `frame-ancestors 'none'` in its header."""

_ICON = percent_encoded(
    MARK.replace("currentColor", LIGHT["accent"]).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ').encode()
)


def _render(scan: Scan, context: Context) -> str:
    ordered = worst_first(scan)
    data = json.dumps([detail(artifact, context) for artifact in ordered], ensure_ascii=True, separators=(",", ":"))
    for character in "<>&":
        data = data.replace(character, f"\\u{ord(character):04x}")
    return "\n".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            '<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">',
            f"<title>Weighbridge: {_text(context.machine)}</title>",
            f'<link rel="icon" href="data:image/svg+xml,{_ICON}">',
            f"<style>{STYLE}</style>\n<script>{EARLY}</script>\n</head>\n<body>",
            '<a class="skip" href="#artifacts">Skip to the artifacts</a>',
            _header(context),
            '<p class="note">! Interrupted: this is what was weighed until then.</p>' if scan.interrupted else "",
            "<main>",
            _lead(scan),
            _tiles(scan),
            _finder(ordered),
            _table(ordered, context),
            _repositories(scan, context),
            _unexamined(scan, context),
            "</main>",
            "<footer>This page holds everything it shows and loads nothing. It was made on this machine and stays"
            " here.</footer>",
            '<aside id="drawer" class="drawer" role="dialog" aria-labelledby="drawer-title" hidden></aside>',
            f'<script type="application/json" id="details">{data}</script>',
            f"<script>{SCRIPT}</script>\n</body>\n</html>\n",
        )
    )


def _text(text: str, limit: int = MESSAGE_LIMIT) -> str:
    return escape(visible(text, limit))


def _header(context: Context) -> str:
    pairs = (
        ("wide", "Machine", context.machine),
        ("opt wide", "Policy", context.policy),
        ("wide", "Weighed", context.finished_at.replace("T", " ")[:16] + " UTC"),
        ("opt wide", "Version", context.version),
    )
    items = "".join(
        f'<div class="{kind}"><dt>{name}</dt><dd>{_text(value, 80)}</dd></div>' for kind, name, value in pairs if value
    )
    return (
        f'<header class="bar"><h1>{MARK}Weighbridge</h1><dl>{items}</dl>'
        '<button id="theme" class="tool" type="button" data-js hidden>Theme</button></header>'
    )


def _lead(scan: Scan) -> str:
    total = sum(artifact.size for artifact in scan.artifacts)
    findings = sum(len(artifact.findings) for artifact in scan.artifacts)
    x, segments = 0.0, []
    for assessment in ASSESSMENTS:
        count = sum(artifact.assessment is assessment for artifact in scan.artifacts)
        width = 1000 * count / len(scan.artifacts) if count else 0
        if count:
            segments.append(f'<rect class="{assessment}" x="{x:.1f}" width="{max(width - 2, 1):.1f}" height="8"/>')
        x += width
    share = (
        '<svg class="share" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(segments)}</svg>"
    )
    return (
        f'<div class="lead"><strong>{counted(len(scan.artifacts), "model artifact")}</strong>'
        f"<span><b>{size(total)}</b> in models</span><span>{_bold(scan.files_seen, 'file')} looked at</span>"
        f"<span>{_bold(findings, 'finding')}</span>"
        f"<span><b>{len(scan.unexamined):,}</b> not examined</span></div>{share if segments else ''}"
    )


def _bold(count: int, word: str) -> str:
    number, words = counted(count, word).split(" ")
    return f"<b>{number}</b> {words}"


def _tiles(scan: Scan) -> str:
    tiles = ['<span class="label">Assessed</span>']
    for assessment, look in ASSESSMENTS.items():
        count = sum(artifact.assessment is assessment for artifact in scan.artifacts)
        if count:
            tiles.append(_tile("assessment", assessment, count, look.symbol, look.role))
    decided = []
    for decision, verdict_look in DECISIONS.items():
        count = sum(item.verdict is not None and item.verdict.decision is decision for item in scan.artifacts)
        if count:
            decided.append(_tile("decision", decision, count, verdict_look.symbol, verdict_look.role))
    if decided:
        tiles += ['<span class="gap"></span><span class="label">Verdict</span>', *decided]
    return f'<div class="tiles" role="group" aria-label="Filter by assessment and verdict">{"".join(tiles)}</div>'


def _tile(key: str, value: str, count: int, symbol: str, role: str) -> str:
    return (
        f'<button type="button" class="tile" data-key="{key}" data-value="{value}" aria-pressed="false">'
        f'<span class="{role}" aria-hidden="true">{symbol}</span><b>{count:,}</b> {value}</button>'
    )


def _finder(ordered: list[Artifact]) -> str:
    formats = sorted({artifact.format for artifact in ordered})
    stores = sorted({place.store or "" for artifact in ordered if (place := main_place(artifact))} - {""})
    return (
        '<div class="finder" role="search" data-js hidden>'
        '<input id="search" type="search" placeholder="Search names, paths, digests, findings, facts"'
        ' aria-label="Search" autocomplete="off" spellcheck="false">'
        f"{_select('format', 'All formats', formats)}{_select('store', 'All stores', stores)}"
        '<span class="keyboard"><kbd>/</kbd> search <kbd>j</kbd> <kbd>k</kbd> move <kbd>Enter</kbd> open</span>'
        '<output id="count" aria-live="polite"></output></div>'
    )


def _select(key: str, everything: str, values: list[str]) -> str:
    options = "".join(f'<option value="{_text(value)}">{_text(value, 60)}</option>' for value in values)
    return f'<select data-key="{key}" aria-label="{key}"><option value="">{everything}</option>{options}</select>'


def _table(ordered: list[Artifact], context: Context) -> str:
    heads = "".join(
        f'<th scope="col" class="c-{short}{" num" if short in _RIGHT else ""}">'
        + (f'<button type="button" data-key="{key}" data-number="{int(number)}">{name}</button>' if key else name)
        + "</th>"
        for short, name, key, number in _COLUMNS
    )
    rows = "\n".join(_row(number, artifact, context) for number, artifact in enumerate(ordered))
    empty = '<p id="empty" class="empty"{}>Nothing here{}</p>'.format(
        " hidden" if ordered else "", " matches." if ordered else ": no model was found."
    )
    return (
        f'<div class="sheet" id="artifacts"><table class="main"><thead><tr>{heads}</tr></thead>'
        f'<tbody id="rows">\n{rows}\n</tbody></table>{empty}</div><div id="end"></div>'
    )


def _row(number: int, artifact: Artifact, context: Context) -> str:
    look = ASSESSMENTS[artifact.assessment]
    place = main_place(artifact)
    parameters = best_fact(artifact, "parameters")
    count = parameters.value if parameters and isinstance(parameters.value, int) else None
    if count is not None and (isinstance(count, bool) or not 0 <= count < 1 << 63):
        count = None
    verdict, digest = artifact.verdict, artifact.sha256 or artifact.claimed_sha256 or ""
    decision = verdict.decision.value if verdict else ""
    store = _text((place.store if place else None) or "", 60)
    name = short_title(artifact)
    findings = findings_for(artifact.findings, context.persona)
    ranks = list(ASSESSMENTS)
    attributes = {
        "i": str(number),
        "assessment": artifact.assessment.value,
        "decision": decision,
        "format": _text(artifact.format),
        "store": store,
        "name": escape(name.lower()[:80]),
        "license": _text(license_word(artifact).lower()),
        "size": str(artifact.size),
        "params": "" if count is None else str(count),
        "rank": str(len(ranks) - ranks.index(artifact.assessment)),
        "strict": str(len(DECISIONS) - list(DECISIONS).index(verdict.decision)) if verdict else "0",
    }
    data = "".join(f' data-{key}="{value}"' for key, value in attributes.items())
    path = where(place.path, place.member, context.home) if place else ""
    under = f'<div class="sub cut" title="{escape(path)}">{escape(path)}</div>'
    if findings and artifact.assessment.value != "clean":
        worst = findings[0]
        under += f'<div class="why clamp {SEVERITIES[worst.severity]}">{_text(worst.message)}</div>'
    if len(artifact.places) > 1:
        under += f'<div class="sub">and {counted(len(artifact.places) - 1, "more place")}</div>'
    shown = "—"
    if verdict:
        decided = DECISIONS[verdict.decision]
        shown = f'<span class="{decided.role}">{decided.symbol} {decision}</span>'
    cells = {
        "as": f'<span class="pill {look.role}"><span aria-hidden="true">{look.symbol}</span>'
        f"{artifact.assessment}</span>",
        "na": f'<div class="name">{escape(name)}</div>{under}{_found(findings)}',
        "fo": _text(artifact.format, 60),
        "si": size(artifact.size),
        "pa": quantity(count) if count is not None else "",
        "st": store or "—",
        "li": _text(license_word(artifact)),
        "ve": shown,
        "di": f'<code title="{_text(digest)}">{_text(digest[:12])}</code>' if digest else "—",
    }
    body = "".join(
        f'<td class="t-{key}{" num" if key in _RIGHT else ""}">{content}</td>' for key, content in cells.items()
    )
    return f"<tr{data}>{body}</tr>"


def _found(findings: list[Finding]) -> str:
    """Findings with remedies, for paper and for browsers without script; the drawer shows them otherwise."""
    if not findings:
        return ""
    items = "".join(
        f'<li><b class="{SEVERITIES[finding.severity]}">{finding.severity}</b> {_text(finding.message)}'
        f' <span class="muted">{finding.check}</span><br>&rarr; {_text(finding.remedy)}</li>'
        for finding in findings[:FINDINGS_IN_ROW]
    )
    return f'<ul class="found">{items}</ul>'


def _repositories(scan: Scan, context: Context) -> str:
    notable = [(item, findings_for(item.findings, context.persona)) for item in scan.repositories]
    notable = [(item, findings) for item, findings in notable if findings]
    if not notable:
        return ""
    parts = []
    for repository, findings in notable:
        look = ASSESSMENTS[repository.assessment]
        cards = "".join(
            f'<div class="card {SEVERITIES[finding.severity]}"><p>{_text(finding.message)}</p><div class="meta">'
            f"<b>{finding.severity}</b><span>{finding.check}</span></div>"
            f'<p class="next">{_text(finding.remedy)}</p></div>'
            for finding in findings[:40]
        )
        parts.append(
            f'<h3><span class="pill {look.role}">{look.symbol} {repository.assessment}</span> '
            f"<code>{escape(where(repository.path, None, context.home))}</code></h3>{cards}"
        )
    return f"<section><h2>Repositories <span>judged as a whole</span></h2>{''.join(parts)}</section>"


def _unexamined(scan: Scan, context: Context) -> str:
    if not scan.unexamined:
        return ""
    rows = "".join(
        f"<tr><td><code>{escape(where(item.path, item.member, context.home))}</code></td>"
        f"<td>{_text(item.reason)}</td></tr>"
        for item in scan.unexamined[:2000]
    )
    return (
        f"<section><h2>Not examined <span>nothing is known of these</span></h2>"
        f'<div class="sheet"><table><tbody>{rows}</tbody></table></div></section>'
    )


RENDERER = Renderer(id="html", title="HTML page", media_type="text/html", render=_render)
