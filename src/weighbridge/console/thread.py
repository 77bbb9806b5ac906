"""The thread of a digest: how far it has travelled, from a file on a disk to what was released with it.

In: what each room knows of one digest. Out: six knots in their order, lit where something is known.
"""

from weighbridge.model.record import record
from weighbridge.report.words import counted


@record
class Known:
    """What is known of one digest. None: nobody can say, because nothing that could know it reports to this server.

    Counts of: places now and ever, endpoints with it; processes that have it mapped now and ever; requests that it
    answered; lines of code that came from it; what the catalog says and whether it has it; bills that name it.
    """

    places: int = 0
    endpoints: int = 0
    gone: int = 0
    running: int = 0
    ran: int = 0
    requests: int | None = None
    lines: int | None = None
    catalog: str | None = None
    in_catalog: bool = False
    releases: int | None = None


@record
class Knot:
    """One place on the thread: a title, a sentence, whether anything is known, and where on the page to read on."""

    title: str
    words: str
    known: bool
    anchor: str


def thread(known: Known) -> tuple[Knot, ...]:
    """Return the six knots of a digest, from disk to release."""
    return (
        Knot(title="Disk", words=_disk(known), known=bool(known.endpoints or known.gone), anchor="places"),
        Knot(title="Process", words=_process(known), known=bool(known.running or known.ran), anchor="processes"),
        _counted("Request", known.requests, "request", "requests"),
        _counted("Code", known.lines, "line", "lines"),
        Knot(title="Catalog", words=known.catalog or "not known", known=known.in_catalog, anchor="catalog"),
        _counted("Release", known.releases, "bill of materials", "releases"),
    )


def _disk(known: Known) -> str:
    if known.endpoints:
        return f"{counted(known.places, 'place')} on {counted(known.endpoints, 'endpoint')}"
    return f"was on {counted(known.gone, 'endpoint')}" if known.gone else "not seen"


def _process(known: Known) -> str:
    if known.running:
        return f"{counted(known.running, 'process', 'processes')} now"
    return f"ran {counted(known.ran, 'time')}" if known.ran else "not seen running"


def _counted(title: str, count: int | None, word: str, anchor: str) -> Knot:
    if count is None:
        return Knot(title=title, words="not known", known=False, anchor=anchor)
    plural = "bills of materials" if word == "bill of materials" else None
    return Knot(title=title, words=counted(count, word, plural), known=count > 0, anchor=anchor)
