"""Evidence about what there is: models by digest with their licenses and verdicts, agents, how complete the list is."""

from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, case, exists, func, select, true

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
    Column,
    percent,
    role_of,
    share_of,
    told,
)
from weighbridge.fleet.evidence_asking import Asking
from weighbridge.fleet.evidence_endpoints import MEMBERS
from weighbridge.fleet.findings import FINDINGS
from weighbridge.fleet.inventory import SUMS, THINGS
from weighbridge.fleet.listed_agents import agent_thing
from weighbridge.fleet.permissions import EVERYTHING
from weighbridge.fleet.sightings import SIGHTINGS
from weighbridge.fleet.verdicts import VERDICTS
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
        rows=[[*row] for row in rows],
        total=total,
    )


def unapproved_models(ask: Asking) -> Answer:
    """List models that policy denies or holds for a decision, those on most endpoints first."""
    # What is asked for is part of the index by decision, so that no verdict itself is read.
    digest = func.replace(VERDICTS.c.artifact, "claimed:", "")
    refused = (
        select(digest.label("digest"), VERDICTS.c.decision, VERDICTS.c.endpoint_id)
        .where(VERDICTS.c.decision.in_(_REFUSED), ask.here(VERDICTS))
        .subquery()
    )
    number = func.count(refused.c.endpoint_id.distinct()).label("endpoints")
    # Of the two, the stricter comes first in the alphabet.
    grouped = select(refused.c.digest, func.min(refused.c.decision).label("strictest"), number)
    grouped = grouped.group_by(refused.c.digest)
    total = ask.count(grouped)
    most = grouped.order_by(number.desc(), refused.c.digest).limit(ask.most).subquery()
    about = (ARTIFACTS.c[name] for name in ("format", "size", "license", "commercial", "assessment"))
    named = select(most.c.digest, *about, most.c.strictest, most.c.endpoints)
    named = named.join_from(most, ARTIFACTS, ARTIFACTS.c.sha256 == most.c.digest, isouter=True)
    listed = [[*row] for row in ask.rows(named.order_by(most.c.endpoints.desc(), most.c.digest))]
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
    sighted = exists().where(SIGHTINGS.c.sha256 == ARTIFACTS.c.sha256, ask.here(SIGHTINGS))
    return select(*columns).select_from(ARTIFACTS).where(true() if ask.scope == EVERYTHING else sighted)


def _places(ask: Asking) -> ScalarSelect[int]:
    there = (SIGHTINGS.c.sha256 == ARTIFACTS.c.sha256, SIGHTINGS.c.places > 0, ask.here(SIGHTINGS))
    return select(func.count()).select_from(SIGHTINGS).where(*there).scalar_subquery()
