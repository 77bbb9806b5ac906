"""Evidence about what there is: models by digest with their licenses and verdicts, agents, how complete the list is."""

from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, case, exists, func, literal_column, select, true

from weighbridge.fleet.artifacts import ARTIFACTS
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.evidence import (
    BAD,
    BYTES,
    DECISION,
    DIGEST,
    GOOD,
    NUMBER,
    SHARE,
    TIME,
    Answer,
    Bar,
    Cell,
    Column,
    percent,
    role_of,
    share_of,
    told,
)
from weighbridge.fleet.evidence_asking import Asking
from weighbridge.fleet.evidence_endpoints import MEMBERS
from weighbridge.fleet.findings import FINDINGS
from weighbridge.fleet.group_counts import names_of
from weighbridge.fleet.inventory import SUMS, THINGS
from weighbridge.fleet.listed_agent_things import agent_thing
from weighbridge.fleet.permissions import EVERYTHING
from weighbridge.fleet.spread import SPREAD
from weighbridge.model.finding import Assessment
from weighbridge.model.license import Commercial
from weighbridge.model.verdict import Decision

_HARM = (Assessment.MALICIOUS.value, Assessment.HOSTILE.value)
_REFUSED = (Decision.DENY.value, Decision.PENDING.value)
_MODEL = (
    Column(name="Digest", kind=DIGEST),
    Column(name="Format"),
    Column(name="Size", kind=BYTES),
    Column(name="License"),
    Column(name="Commercial use"),
    Column(name="Assessment"),
)


def inventory_completeness(ask: Asking) -> Answer:
    """Tell how complete the list of what there is can be called, and what is not known of what is on it."""
    members = (ENDPOINTS.c.state.in_(MEMBERS), ask.here(ENDPOINTS))
    sent = exists().where(SUMS.c.endpoint_id == ENDPOINTS.c.endpoint_id)
    differs = exists().where(
        FINDINGS.c.endpoint_id == ENDPOINTS.c.endpoint_id,
        FINDINGS.c.check_id == "inventory-differs",
        FINDINGS.c.ended_at.is_(None),
    )
    endpoints = select(
        func.count().label("all"),
        func.coalesce(func.sum(case((sent, 1), else_=0)), 0).label("sent"),
        func.coalesce(func.sum(case((and_(sent, ~differs), 1), else_=0)), 0).label("agrees"),
    )
    row = ask.rows(endpoints.where(*members))[0]
    known = ask.rows(
        _artifacts(
            ask,
            func.count().label("all"),
            func.coalesce(func.sum(case((ARTIFACTS.c.measured == 1, 1), else_=0)), 0).label("measured"),
            func.coalesce(func.sum(case((ARTIFACTS.c.license != "", 1), else_=0)), 0).label("licensed"),
            func.coalesce(
                func.sum(case((ARTIFACTS.c.assessment.not_in(("", Assessment.INCOMPLETE.value)), 1), else_=0)), 0
            ).label("examined"),
        )
    )[0]
    parts: list[tuple[str, int, int]] = [
        ("Endpoints that sent what they have", row.sent, row.all),
        ("Endpoints whose list agrees with the server's", row.agrees, row.all),
        ("Models whose content was hashed", known.measured, known.all),
        ("Models that could be examined in full", known.examined, known.all),
        ("Models with a license", known.licensed, known.all),
    ]
    share = share_of(row.sent, row.all)
    return Answer(
        headline=percent(share),
        says=f"of the endpoints sent what they have: {row.sent:,} of {row.all:,}; {known.all:,} models are known",
        role=role_of(share),
        columns=[
            Column(name="What is known"),
            Column(name="Known", kind=NUMBER),
            Column(name="Of", kind=NUMBER),
            Column(name="Share", kind=SHARE),
        ],
        rows=[[word, int(part), int(whole), share_of(int(part), int(whole))] for word, part, whole in parts],
        total=len(parts),
    )


def model_register(ask: Asking) -> Answer:
    """List models by digest, the latest seen first."""
    names = ("sha256", "format", "size", "license", "commercial", "assessment", "first_at", "last_at")
    wanted = _artifacts(ask, *(ARTIFACTS.c[name] for name in names))
    rows = ask.rows(wanted.order_by(ARTIFACTS.c.last_at.desc(), ARTIFACTS.c.sha256))
    total = ask.number(_artifacts(ask, func.count()))
    return Answer(
        headline=f"{total:,}",
        says=f"{told(total, 'model is', 'models are')} known by digest",
        columns=[*_MODEL, Column(name="First seen", kind=TIME), Column(name="Last seen", kind=TIME)],
        rows=[[*row] for row in rows],
        total=total,
    )


def harmful_models(ask: Asking) -> Answer:
    """List models that could do harm when they are loaded, and on how many endpoints they are."""
    names = ("sha256", "format", "size", "license", "commercial", "assessment")
    harmful = ARTIFACTS.c.assessment.in_(_HARM)
    wanted = _artifacts(ask, *(ARTIFACTS.c[name] for name in names), _places(ask).label("endpoints")).where(harmful)
    rows = ask.rows(wanted.order_by(ARTIFACTS.c.assessment.desc(), ARTIFACTS.c.sha256))
    total = ask.number(_artifacts(ask, func.count()).where(harmful))
    here = sum(1 for row in rows if row.endpoints)
    return Answer(
        headline=f"{total:,}",
        says=f"{told(total, 'model', 'models')} would do harm when loaded; "
        f"{here:,} of those listed are on an endpoint now",
        role=BAD if here else GOOD,
        columns=[*_MODEL, Column(name="Endpoints now", kind=NUMBER)],
        rows=[[*row[:-1], int(row.endpoints)] for row in rows],
        total=total,
    )


def unapproved_models(ask: Asking) -> Answer:
    """List models that policy denies or holds for a decision, those on most endpoints first."""
    # Counts are kept along by digest, for the fleet and for each group, so that no verdict is read for it.
    stopped = func.sum(SPREAD.c.deny + SPREAD.c.pending).label("endpoints")
    strictest = case((func.sum(SPREAD.c.deny) > 0, literal_column("'deny'")), else_=literal_column("'pending'"))
    grouped = (
        select(SPREAD.c.sha256.label("digest"), strictest.label("strictest"), stopped)
        .where(SPREAD.c.group_name.in_(names_of(ask.scope)), SPREAD.c.decision.in_(_REFUSED))
        .group_by(SPREAD.c.sha256)
    )
    total = ask.count(grouped)
    most = grouped.order_by(stopped.desc(), SPREAD.c.sha256).limit(ask.most).subquery()
    about = (ARTIFACTS.c[name] for name in ("format", "size", "license", "commercial", "assessment"))
    named = select(most.c.digest, *about, most.c.strictest, most.c.endpoints)
    named = named.join_from(most, ARTIFACTS, ARTIFACTS.c.sha256 == most.c.digest, isouter=True)
    found = ask.rows(named.order_by(most.c.endpoints.desc(), most.c.digest))
    listed: list[list[Cell]] = [[*row[:-1], int(row.endpoints)] for row in found]
    return Answer(
        headline=f"{total:,}",
        says=f"{told(total, 'model is', 'models are')} denied by policy or held, on one endpoint or more",
        role=BAD if total else GOOD,
        columns=[*_MODEL, Column(name="Verdict", kind=DECISION), Column(name="Endpoints", kind=NUMBER)],
        rows=listed,
        total=total,
        chart="Which of them are on most endpoints?" if listed else "",
        bars=[Bar(label=str(row[0])[:12], number=int(row[-1] or 0)) for row in listed[:10]],
    )


def licenses(ask: Asking) -> Answer:
    """Tell how many models may be used commercially, and by which licenses they are."""
    wanted = _artifacts(ask, ARTIFACTS.c.commercial, ARTIFACTS.c.license, func.count().label("number"))
    wanted = wanted.group_by(ARTIFACTS.c.commercial, ARTIFACTS.c.license)
    rows = ask.rows(wanted.order_by(func.count().desc(), ARTIFACTS.c.license, ARTIFACTS.c.commercial))
    total, models = ask.count(wanted), ask.number(_artifacts(ask, func.count()))
    unclear = ask.number(
        _artifacts(ask, func.count()).where(
            ARTIFACTS.c.commercial.not_in((Commercial.ALLOWED.value, Commercial.CONDITIONAL.value))
        )
    )
    share = share_of(models - unclear, models)
    return Answer(
        headline=percent(share),
        says=f"of the models have a license that lets them be used commercially, some under conditions; {unclear:,} of "
        f"{models:,} do not, or it is not known",
        role=role_of(share),
        columns=[Column(name="Commercial use"), Column(name="License"), Column(name="Models", kind=NUMBER)],
        rows=[[row.commercial, row.license, row.number] for row in rows],
        total=total,
    )


def agents(ask: Asking) -> Answer:
    """List agents and what belongs to them; those that act without asking anybody are counted."""
    names = ("endpoint_id", "subject", "name", "path", "first_at", "last_at", "data")
    there = (THINGS.c.kind == "agent", THINGS.c.ended_at.is_(None), ask.here(THINGS))
    found = ask.rows(
        select(*(THINGS.c[name] for name in names), ENDPOINTS.c.name.label("endpoint_name"))
        .join_from(THINGS, ENDPOINTS, ENDPOINTS.c.endpoint_id == THINGS.c.endpoint_id)
        .where(*there)
        .order_by(THINGS.c.name, THINGS.c.endpoint_id, THINGS.c.subject)
    )
    total = ask.number(select(func.count()).select_from(THINGS).where(*there))
    things = [agent_thing(row) for row in found]
    alone = sum(thing.acts_alone for thing in things)
    return Answer(
        headline=f"{total:,}",
        says="agents, tool servers, skills, hooks and permissions set up; "
        f"{alone:,} of those listed act without asking",
        columns=[
            *(Column(name=word) for word in ("Kind", "Name", "Endpoint", "Acts alone", "What it is")),
            Column(name="Since", kind=TIME),
        ],
        rows=[
            [one.what, one.name, one.endpoint_name, "yes" if one.acts_alone else "no", one.says, one.first_at]
            for one in things
        ],
        total=total,
    )


def _artifacts(ask: Asking, *columns: Any) -> Select[Any]:  # noqa: ANN401  (whatever select takes)
    known = exists().where(SPREAD.c.sha256 == ARTIFACTS.c.sha256, SPREAD.c.group_name.in_(names_of(ask.scope)))
    return select(*columns).select_from(ARTIFACTS).where(true() if ask.scope == EVERYTHING else known)


def _places(ask: Asking) -> ScalarSelect[int]:
    counted = func.coalesce(func.sum(SPREAD.c.endpoints), 0)
    of_digest = (SPREAD.c.sha256 == ARTIFACTS.c.sha256, SPREAD.c.group_name.in_(names_of(ask.scope)))
    return select(counted).where(*of_digest).scalar_subquery()
