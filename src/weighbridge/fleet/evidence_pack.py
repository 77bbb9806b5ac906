"""Makes packs: a report with its files and heads, under a manifest that the server signs. Who made which is audited.

The report is read on one snapshot, put into files in a thread, and handed out only after the audit trail has it. What
is made of the same snapshot for the same asker at the same time is the same to the last bit.
"""

from collections.abc import Callable
from hashlib import sha256

from msgspec import structs
from sqlalchemy import Connection

from weighbridge.fleet import audit, evidence_files, witness
from weighbridge.fleet.evidence import Report
from weighbridge.fleet.evidence_files import iso
from weighbridge.fleet.evidence_heads import MOST_HEADS, heads, said_of
from weighbridge.fleet.evidence_packs import Pack
from weighbridge.fleet.evidence_report import Asker, report, scope_of
from weighbridge.fleet.permissions import Viewer
from weighbridge.host.page_printer import PrintError, can_print, printed
from weighbridge.ledger.cosignature import EdCosigner
from weighbridge.ledger.note_keys import PrivateKey
from weighbridge.ledger.pack import HEADS, SCHEMA, Heads, Manifest, listed, sealed
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record

Draw = Callable[[Report], str]
"""Returns a report as a page that needs nothing else."""


@record
class Keys:
    """What the server signs packs with, and what it cosigns ledgers with."""

    signer: PrivateKey
    witness: EdCosigner


@record
class Found:
    """What a pack is made of: read together."""

    report: Report
    heads: Heads


@record
class Made:
    """A pack."""

    name: str
    """Of its file."""
    content: bytes
    sha256: str


def keys(connection: Connection, now: int) -> Keys:
    """Return the server's keys; make them if need be. Within a write."""
    return Keys(signer=witness.evidence_key(connection, now), witness=witness.cosigner(connection, now))


def found(connection: Connection, pack: Pack, asker: Asker, now: int, days: int, most_heads: int = MOST_HEADS) -> Found:
    """Read what a pack is made of. In a read: slow, so never in the event loop."""
    said, of_ledgers = report(connection, pack, asker, now, days), heads(connection, scope_of(asker), most_heads)
    if left_out := said_of(of_ledgers):
        said.coverage = structs.replace(said.coverage, says=f"{said.coverage.says} {left_out}")
    return Found(report=said, heads=of_ledgers)


def made(what: Found, by: Keys, draw: Draw, more: Callable[[str], dict[str, bytes]] | None = None) -> Made:
    """Return a pack. Slow, so never in the event loop.

    Args:
        what: as `found` read it.
        by: the server's keys.
        draw: makes the page of the report.
        more: makes further files from that page, by name.

    Raises:
        ValueError: it is larger than a pack can be.
    """
    said = what.report
    page = draw(said)
    files = {"report.html": page.encode("utf-8", "replace"), **(more(page) if more else {})}
    files |= evidence_files.files(said)
    files[HEADS] = evidence_files.as_json(what.heads)
    manifest = Manifest(
        schema=SCHEMA,
        pack=said.pack,
        title=said.title,
        version=said.version,
        made_at=iso(said.made_at),
        made_by=said.made_by,
        since=iso(said.since),
        until=iso(said.until),
        scope=said.scope,
        coverage=said.coverage.says,
        server=said.server,
        epoch=said.epoch,
        key=by.signer.public.text,
        witness=by.witness.text,
        files=listed(files),
    )
    content = sealed(manifest, files, by.signer)
    return Made(name=file_name(said), content=content, sha256=sha256(content).hexdigest())


def as_pdf(page: str) -> dict[str, bytes]:
    """Return the page of a report as a further file, in PDF. Raises WeighbridgeError `E-report-pdf`."""
    if not can_print():
        raise WeighbridgeError(
            "E-report-pdf",
            "the package that writes PDF is not installed on the server",
            "pip install 'weighbridge[pdf]'; any browser prints report.html",
        )
    try:
        return {"report.pdf": printed(page)}
    except PrintError as error:
        hint = "any browser prints report.html; WeasyPrint needs Pango on the system"
        raise WeighbridgeError("E-report-pdf", f"the PDF cannot be made: {error}", hint) from None


def note(connection: Connection, who: Viewer | None, said: Report, content: Made) -> None:
    """Write into the audit trail who made which pack. Within a write."""
    detail = {
        "days": said.days,
        "scope": said.scope,
        "sha256": content.sha256,
        "bytes": len(content.content),
        "withheld": [row.control for row in said.rows if row.withheld],
    }
    audit.note(connection, said.made_at, who, "report.make", said.pack, detail)


def file_name(said: Report) -> str:
    """Return what the file of a pack is called."""
    return f"evidence-{said.pack}-{iso(said.until)[:10]}.zip"
