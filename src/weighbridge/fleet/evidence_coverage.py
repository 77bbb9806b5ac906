"""How much of the fleet a report covers: what it cannot speak of is said first."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from weighbridge.fleet.artifacts import ARTIFACTS
from weighbridge.fleet.endpoints import ACTIVE, ENDPOINTS, PENDING, REVOKED
from weighbridge.fleet.evidence import Coverage
from weighbridge.fleet.evidence_asking import Asking
from weighbridge.fleet.evidence_endpoints import JOINED, MEMBERS, last_word
from weighbridge.fleet.evidence_ledger import BROKEN, GAPS
from weighbridge.fleet.findings import FINDINGS
from weighbridge.fleet.records import RECORDS
from weighbridge.fleet.upkeep import SILENT_AFTER
from weighbridge.fleet.witness import COPIES
from weighbridge.report.words import counted


def coverage(ask: Asking) -> Coverage:
    """Return how much of the scope a report covers."""
    member, silent = ENDPOINTS.c.state.in_(MEMBERS), last_word < ask.now - SILENT_AFTER
    quiet = member & (ENDPOINTS.c.state == ACTIVE) & silent
    row = ask.rows(
        select(
            _sum(member).label("enrolled"),
            _sum(member & (last_word >= ask.window.since)).label("heard"),
            _sum(quiet).label("silent"),
            func.min(case((quiet, last_word))).label("silent_since"),
            _sum(ENDPOINTS.c.state == PENDING).label("pending"),
            _sum(ENDPOINTS.c.state == REVOKED).label("revoked"),
            _sum(member & (ENDPOINTS.c.owner == "")).label("without_owner"),
        )
        .select_from(JOINED)
        .where(ask.here(ENDPOINTS))
    )[0]
    gap = (RECORDS.c.kind.in_(GAPS), *ask.during(RECORDS.c.received_at), ask.here(RECORDS))
    gaps = ask.number(select(func.count(RECORDS.c.endpoint_id.distinct())).where(*gap))
    members = select(ENDPOINTS.c.endpoint_id).where(ENDPOINTS.c.state.in_(MEMBERS))
    copies: Select[Any] = select(func.count().label("all"), _sum(COPIES.c.skipped > 0).label("missing"))
    ledgers = ask.rows(copies.where(ask.here(COPIES), COPIES.c.endpoint_id.in_(members)))[0]
    broken = ask.number(
        select(func.count(FINDINGS.c.endpoint_id.distinct())).where(
            FINDINGS.c.check_id.in_(BROKEN), FINDINGS.c.ended_at.is_(None), ask.here(FINDINGS)
        )
    )
    unknown = _unknown(ask)
    if row.without_owner:
        unknown.append(f"whose {counted(row.without_owner, 'endpoint')} are")
    unknown.append("what data the models were given: the fleet records no prompts and no documents")
    made = Coverage(
        enrolled=row.enrolled,
        heard=row.heard,
        silent=row.silent,
        silent_since=row.silent_since,
        pending=row.pending,
        revoked=row.revoked,
        gaps=gaps,
        missing=ledgers.missing,
        broken=broken,
        without_ledger=max(0, row.enrolled - ledgers.all),
        unknown=unknown,
        says="",
    )
    return Coverage(**{name: getattr(made, name) for name in Coverage.__struct_fields__} | {"says": _says(made)})


def _unknown(ask: Asking) -> list[str]:
    """Return what is not known about models. They are the same for all endpoints, so the scope does not matter."""
    row = ask.rows(
        select(
            _sum(ARTIFACTS.c.measured == 0).label("claimed"), _sum(ARTIFACTS.c.license == "").label("unlicensed")
        ).select_from(ARTIFACTS)
    )[0]
    found = []
    if row.claimed:
        found.append(f"the content of {counted(row.claimed, 'model')}: a store states the digest, nobody hashed it yet")
    if row.unlicensed:
        found.append(f"the license of {counted(row.unlicensed, 'model')}")
    return found


def _says(found: Coverage) -> str:
    parts = [f"Covers {found.heard:,} of {counted(found.enrolled, 'enrolled endpoint')}"]
    if found.silent and found.silent_since is not None:
        day = datetime.fromtimestamp(found.silent_since / 1000, UTC).strftime("%Y-%m-%d")
        parts.append(f"{found.silent:,} silent, the longest since {day}")
    parts += [
        text
        for count, text in (
            (found.gaps, f"{counted(found.gaps, 'ledger')} with gaps"),
            (found.missing, f"{counted(found.missing, 'ledger')} that lost records before they were sent"),
            (found.broken, f"{counted(found.broken, 'ledger')} rewritten, rolled back or replaced"),
            (found.without_ledger, f"{counted(found.without_ledger, 'endpoint')} without a ledger"),
            (found.pending, f"{counted(found.pending, 'endpoint')} waiting for approval, not covered"),
            (found.revoked, f"{counted(found.revoked, 'endpoint')} taken out, not covered"),
        )
        if count
    ]
    if found.unknown:
        parts.append(f"not known: {'; '.join(found.unknown)}")
    return "; ".join(parts) + "."


def _sum(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
