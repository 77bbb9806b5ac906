"""Templates to pages. Whatever comes from a machine is made visible and escaped here, once, for every page.

A template never escapes by itself and cannot switch it off: values that are text pass `report.escape.visible` (control,
bidirectional and invisible characters show as escapes) and then Jinja's own escaping of markup.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from weighbridge import __version__
from weighbridge.console.style import STYLE_PATH
from weighbridge.fleet.endpoints import ACTIVE, FORKED, PENDING, REVOKED
from weighbridge.fleet.evidence import percent
from weighbridge.fleet.evidence_findings import lasts
from weighbridge.fleet.inventory import is_digest
from weighbridge.licensing.duties import duty
from weighbridge.report.check_pages import titles
from weighbridge.report.escape import visible
from weighbridge.report.html_style import LIGHT, MARK
from weighbridge.report.words import ASSESSMENTS, COMMERCIALS, DECISIONS, SEVERITIES, Look, counted, size
from weighbridge.sync.policy_updates import held_words

_LONGEST = 1000
"""Characters of one value; the page's JSON has the rest."""
_SHORT = 160
"""Characters of a name or path in a list."""
STATES = {
    ACTIVE: Look("✓", "success"),
    PENDING: Look("…", "warning"),
    REVOKED: Look("✗", "muted"),
    FORKED: Look("▲", "error"),
}
"""How the states of an endpoint look."""
_MINUTE, _HOUR, _DAY = 60, 3600, 86400

SCRIPT = files("weighbridge.console").joinpath("static", "console.js").read_text("utf-8")
SCRIPT_PATH = f"/static/console-{hashlib.sha256(SCRIPT.encode()).hexdigest()[:12]}.js"
PASSKEYS = files("weighbridge.console").joinpath("static", "passkeys.js").read_text("utf-8")
PASSKEYS_PATH = f"/static/passkeys-{hashlib.sha256(PASSKEYS.encode()).hexdigest()[:12]}.js"
ICON = MARK.replace('aria-hidden="true"', 'xmlns="http://www.w3.org/2000/svg"').replace("currentColor", LIGHT["accent"])
ICON_PATH = f"/static/mark-{hashlib.sha256(ICON.encode()).hexdigest()[:12]}.svg"

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
"""The pages' content security policy: nothing inline, nothing from elsewhere."""


def render(template: str, now: datetime, **values: object) -> str:
    """Return a page. `now`: what `ago` counts from. A name that a template asks for and nobody gave is an error."""
    page: str = _environment().get_template(template).render(now=now, **values)
    return page


def iso(moment: int) -> str:
    """Return milliseconds since 1970 as `2026-11-21T08:42:00Z`."""
    try:
        return datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, OSError, ValueError):
        return "no time that a calendar has"


def ago(moment: int, now: datetime) -> str:
    """Return how long ago a moment was, as people say it; far away, its date."""
    seconds = now.timestamp() - moment / 1000
    if seconds < -_MINUTE:
        return iso(moment).replace("T", " ").removesuffix("Z")
    if seconds < _MINUTE:
        return "just now"
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min ago"
    if seconds < 2 * _DAY:
        return f"{int(seconds // _HOUR)} h ago"
    if seconds < 60 * _DAY:
        return f"{int(seconds // _DAY)} days ago"
    return iso(moment)[:10]


def clock(offset: int) -> str:
    """Return how a clock that is `offset` milliseconds behind the server's goes, as people say it."""
    seconds = abs(offset) / 1000
    if seconds < _MINUTE:
        return "right"
    amount = f"{seconds / _HOUR:.0f} h" if seconds >= 2 * _HOUR else f"{seconds / _MINUTE:.0f} min"
    return f"{amount} {'slow' if offset > 0 else 'fast'}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("weighbridge.console", "templates"),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        iso=iso,
        said=said,
        short=short,
        size=size,
        counted=counted,
        duty=duty,
        base_name=base_name,
        bare_digest=_bare_digest,
        clock=clock,
        folder=folder,
        is_digest=is_digest,
        label_words=label_words,
        policy_words=held_words,
        words=_words,
        lasts=lasts,
        percent=percent,
    )
    environment.globals.update(
        mark=Markup(MARK),  # noqa: S704  (our own text)
        style_path=STYLE_PATH,
        script_path=SCRIPT_PATH,
        passkeys_path=PASSKEYS_PATH,
        icon_path=ICON_PATH,
        version=__version__,
        decisions={str(key): look for key, look in DECISIONS.items()},
        assessments={str(key): look for key, look in ASSESSMENTS.items()},
        severities={str(key): role for key, role in SEVERITIES.items()},
        commercials={str(key): look for key, look in COMMERCIALS.items()},
        states=STATES,
        known_checks=frozenset(titles()),
    )
    from jinja2 import pass_context
    from jinja2.runtime import Context

    @pass_context
    def since(context: Context, moment: int) -> str:
        return ago(moment, context["now"])

    environment.filters["ago"] = since
    return environment


def _shown(value: Any) -> Any:  # noqa: ANN401  (whatever a template writes)
    if value is None:
        return "—"
    return visible(value, _LONGEST) if isinstance(value, str) and not isinstance(value, Markup) else value


def base_name(path: str) -> str:
    """Return the last part of a path of any system; a path without one is returned as it is."""
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2] or path


def folder(path: str) -> str:
    """Return where something lies: a path of any system without its last part."""
    return path[: len(path.rstrip("/\\")) - len(base_name(path))] or path


def said(data: Mapping[str, object]) -> str:
    """Return in one line what a record says: its plain values, then the names of those that hold more."""
    plain = [
        f"{name.replace('_', ' ')} {_plain(value)}"
        for name, value in data.items()
        if isinstance(value, str | int | float) and value != ""
    ]
    more = [name.replace("_", " ") for name, value in data.items() if isinstance(value, list | dict) and value]
    return " · ".join([*plain, *([f"with {', '.join(more)}"] if more else [])]) or "—"


def _plain(value: str | float) -> str:
    if isinstance(value, str):
        return value[: len(value) - 52] if is_digest(value) else value
    return str(value).lower() if isinstance(value, bool) else str(value)


def short(text: str, most: int = _SHORT) -> str:
    """Return text that fits into a row: of what is longer, its beginning and its end, which tells paths apart."""
    return text if len(text) <= most else f"{text[: most // 2]} … {text[-(most // 2) :]}"


def _bare_digest(artifact: str) -> str:
    return artifact.removeprefix("claimed:")


def _words(name: str) -> str:
    return name.replace("_", " ")


def label_words(text: str) -> str:
    """Return the labels of an endpoint, a JSON object, as people write them: `site=berlin, tier=1`."""
    try:
        found = msgspec.json.decode(text, type=dict[str, str])
    except msgspec.MsgspecError:
        return text
    return ", ".join(f"{name}={value}" for name, value in found.items())
