"""Evidence about rulings: which exceptions hold, who answers for them and until when, and which models were revoked."""

from sqlalchemy import func, or_, select

from weighbridge.fleet.evidence import DIGEST, GOOD, NUMBER, PLAIN, TIME, WORTH_A_LOOK, Answer, Column, told
from weighbridge.fleet.evidence_asking import Asking
from weighbridge.fleet.exceptions import ASKED, EXCEPTIONS, GRANTED, within
from weighbridge.fleet.group_counts import names_of
from weighbridge.fleet.revocations import REVOCATIONS
from weighbridge.fleet.spread import SPREAD


def granted_exceptions(ask: Asking) -> Answer:
    """List exceptions that held within the time, with who answers for each and until when."""
    names = ("rule", "check_id", "sha256", "thing", "scope", "scope_of", "owner", "reason", "decided_by", "decided_at")
    held = (EXCEPTIONS.c.state == GRANTED, EXCEPTIONS.c.until_at > ask.window.since, within(ask.scope))
    wanted = select(*(EXCEPTIONS.c[name] for name in names), EXCEPTIONS.c.until_at).where(*held)
    rows = ask.rows(wanted.order_by(EXCEPTIONS.c.until_at, EXCEPTIONS.c.exception_id))
    now = ask.count(wanted.where(EXCEPTIONS.c.until_at > ask.now))
    waiting = ask.number(
        select(func.count()).select_from(EXCEPTIONS).where(EXCEPTIONS.c.state == ASKED, within(ask.scope))
    )
    return Answer(
        headline=f"{now:,}",
        says=f"{told(now, 'exception holds', 'exceptions hold')} now, each with an owner and an end; "
        f"{waiting:,} wait for a decision",
        role=WORTH_A_LOOK if waiting else GOOD,
        columns=[
            Column(name="From"),
            Column(name="For", kind=DIGEST),
            *(Column(name=word) for word in ("Where", "Owner", "Reason", "Granted by")),
            Column(name="Since", kind=TIME),
            Column(name="Until", kind=TIME),
        ],
        rows=[
            [
                row.rule or row.check_id,
                row.sha256 or row.thing,
                f"{row.scope} {row.scope_of}".strip(),
                row.owner,
                row.reason,
                row.decided_by,
                row.decided_at,
                row.until_at,
            ]
            for row in rows
        ],
        total=ask.count(wanted),
    )


def revocations(ask: Asking) -> Answer:
    """List models that were revoked within the time or before, until somebody took that back."""
    counted = func.coalesce(func.sum(SPREAD.c.endpoints), 0)
    of_digest = (SPREAD.c.sha256 == REVOCATIONS.c.sha256, SPREAD.c.group_name.in_(names_of(ask.scope)))
    left = select(counted).where(*of_digest).scalar_subquery()
    wanted = select(
        REVOCATIONS.c.sha256,
        REVOCATIONS.c.reason,
        REVOCATIONS.c.replacement,
        REVOCATIONS.c.by_name,
        REVOCATIONS.c.at,
        func.coalesce(REVOCATIONS.c.urgent_at, REVOCATIONS.c.signed_at).label("signed_at"),
        REVOCATIONS.c.lifted_at,
        left.label("left"),
    ).where(or_(REVOCATIONS.c.lifted_at.is_(None), REVOCATIONS.c.lifted_at >= ask.window.since))
    rows = ask.rows(wanted.order_by(REVOCATIONS.c.at.desc(), REVOCATIONS.c.revocation_id))
    now = ask.count(wanted.where(REVOCATIONS.c.lifted_at.is_(None)))
    still = sum(1 for row in rows if row.lifted_at is None and row.left)
    return Answer(
        headline=f"{now:,}",
        says=f"{told(now, 'model is', 'models are')} revoked; {still:,} of those listed are still on an endpoint",
        role=WORTH_A_LOOK if still else PLAIN,
        columns=[
            Column(name="Digest", kind=DIGEST),
            *(Column(name=word) for word in ("Reason", "Instead", "Revoked by")),
            Column(name="Revoked", kind=TIME),
            Column(name="Signed for endpoints", kind=TIME),
            Column(name="Taken back", kind=TIME),
            Column(name="Endpoints now", kind=NUMBER),
        ],
        rows=[[*row[:-1], int(row.left)] for row in rows],
        total=ask.count(wanted),
    )
