"""What a report is made of: rows, each a control, what it is evidence for, and the answer to one query. Values only.

Nothing here says that anybody complies with anything. A row is evidence *for* a control, with how sure the mapping is,
what was asked, and how much of the fleet the answer covers.
"""

from msgspec import Struct

Cell = str | int | float | None
"""Times are milliseconds since 1970, UTC; shares are from 0 to 1; a length of time is in milliseconds."""
TEXT, DIGEST, TIME, NUMBER, SHARE, BYTES, LASTS, SEVERITY, DECISION = (
    *("text", "digest", "time", "number", "share", "bytes", "lasts", "severity", "decision"),
)
KINDS = (TEXT, DIGEST, TIME, NUMBER, SHARE, BYTES, LASTS, SEVERITY, DECISION)
GOOD, WORTH_A_LOOK, BAD, PLAIN = "success", "warning", "error", "muted"
"""Roles of color that a headline can have."""
_MOSTLY, _PARTLY = 0.95, 0.8


class Column(Struct, frozen=True, kw_only=True):
    """One column of a table: `kind` is one of `KINDS`."""

    name: str
    kind: str = TEXT


class Bar(Struct, frozen=True, kw_only=True):
    """One bar of a chart."""

    label: str
    number: int


class Answer(Struct, kw_only=True):
    """What one query found."""

    headline: str
    """A number, as people write it."""
    says: str
    """What the number means, in a sentence."""
    role: str = PLAIN
    columns: list[Column] = []
    rows: list[list[Cell]] = []
    total: int = 0
    """Rows that there are."""
    chart: str = ""
    """The question that the bars answer; empty without a chart."""
    bars: list[Bar] = []


class Statement(Struct, frozen=True, kw_only=True):
    """One statement that the database was asked, as it was asked."""

    sql: str
    parameters: dict[str, str | int | float | bool | None]
    rows: int
    """That it gave."""


class ReportRow(Struct, kw_only=True):
    """One row of a report."""

    number: int
    control: str
    """Its id in the framework."""
    section: str
    """Where it stands in the source."""
    asks: str
    """What it asks for, in our words."""
    evidence_for: str
    confidence: str
    """How sure we are that the answer is about this control: high, medium or low."""
    unsure: str
    """What we are not sure of; empty if nothing."""
    query: str
    """Name of the query."""
    withheld: str
    """Why this asker was not shown the answer; empty if they were."""
    answer: Answer | None
    statements: list[Statement]
    cut_at: int | None
    """Rows that are here, where there are more."""


class Coverage(Struct, frozen=True, kw_only=True):
    """How much of the fleet a report covers. Counts of endpoints within its scope."""

    enrolled: int
    """That belong to the fleet: active, or set apart because their ledger was rewritten."""
    heard: int
    """Of those, heard of within the time of the report."""
    silent: int
    """Of those, not heard of for more than two weeks."""
    silent_since: int | None
    """When the longest silent one was last heard of, or came; None if none is silent."""
    pending: int
    """That wait for approval, and so are not covered."""
    revoked: int
    """That were taken out, and so are not covered."""
    gaps: int
    """Whose ledger says that nothing was recorded for a while, within the time of the report."""
    missing: int
    """Whose ledger lost records at the endpoint before they were sent."""
    broken: int
    """Whose ledger was rewritten, rolled back or replaced."""
    without_ledger: int
    """Of which no record ever came."""
    unknown: list[str]
    """What the fleet does not know about what it has, in words."""
    says: str


class Report(Struct, kw_only=True):
    """One report. Times are milliseconds since 1970, UTC."""

    pack: str
    title: str
    framework: str
    version: str
    source: str
    about: str
    made_at: int
    made_by: str
    since: int
    until: int
    days: int
    groups: list[str] | None
    """Of which endpoints it speaks; None for the whole fleet."""
    scope: str
    """The same in words."""
    server: str
    """Version of Weighbridge."""
    epoch: str
    coverage: Coverage
    rows: list[ReportRow]


def share_of(part: int, whole: int) -> float:
    """Return a share; that of nothing is all of it."""
    return part / whole if whole else 1.0


def percent(share: float) -> str:
    """Return a share as people write it; never 100 % or 0 % for what is only nearly so."""
    text = f"{share * 100:.1f}"
    if text == "100.0" and share < 1:
        text = "99.9"
    if text == "0.0" and share > 0:
        text = "0.1"
    return f"{text.removesuffix('.0')} %"


def role_of(share: float) -> str:
    """Return how a share looks: from 95 % on as good, from 80 % on as worth a look."""
    return GOOD if share >= _MOSTLY else WORTH_A_LOOK if share >= _PARTLY else BAD


def told(count: int, one: str, many: str) -> str:
    """Return what is said after a number: `endpoint was silent`, `endpoints were silent`."""
    return one if count == 1 else many
