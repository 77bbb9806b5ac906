"""What the catalog approved, as endpoints are told of it (`sync/approvals.py`), and as a policy's owner lists it.

Each digest of weights stands in it once, with the release that says most for it: approved before deprecated, in a
namespace that everybody may read before one that is closed, the newest first. Of a release in a closed namespace
nothing is said but its digests, the data and the day: every endpoint of the fleet gets this text, and a name may be a
secret.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Row, Select, func, select

from weighbridge.fleet import revocations
from weighbridge.hub import grants
from weighbridge.hub.models import MODELS
from weighbridge.hub.releases import RELEASES, TOMBSTONE
from weighbridge.hub.states import SERVED, State
from weighbridge.hub.weighed import WEIGHED
from weighbridge.sync.approvals import ApprovedModel
from weighbridge.sync.rulings import LARGEST_RULINGS, MOST_RULINGS, day_of, encoded

_LONGEST = 500
_ROOM = LARGEST_RULINGS - 4096
"""Bytes for approvals in a text; the rest is for what stands around them."""


class Said(NamedTuple):
    """What the catalog approved."""

    approved: tuple[ApprovedModel, ...]
    """In the order in which a text has them."""
    left_out: int
    """Served releases for which a text has no room, the oldest ones."""


class _Weights(Struct):
    weights: tuple[str, ...] = ()


def approvals(connection: Connection) -> Said:
    """Return what may be used now, as far as one text can hold it."""
    gone = {one.sha256 for one in revocations.active(connection)}
    closed = grants.closed_namespaces(connection)
    wanted = of_releases([*SERVED]).where(RELEASES.c.formats != TOMBSTONE, RELEASES.c.until_at.is_not(None))
    order = RELEASES.c.state, RELEASES.c.created_at.desc(), RELEASES.c.release_id  # "approved" before "deprecated"
    rows = connection.execute(wanted.order_by(*order).limit(MOST_RULINGS)).all()
    left_out = connection.execute(select(func.count()).select_from(wanted.subquery())).scalar_one() - len(rows)
    found, digests, size = [], set[str](), 0
    for row in sorted(rows, key=lambda row: (row.state, row.namespace.lower() in closed)):
        mine = tuple(sorted({*weights_of(row)} - gone - digests))
        if not mine:
            continue
        made = _approved(row, mine, is_closed=row.namespace.lower() in closed)
        more = len(encoded(made)) + 1
        if len(digests) + len(mine) > MOST_RULINGS or size + more > _ROOM:
            left_out += 1
            continue
        found.append(made)
        digests.update(mine)
        size += more
    return Said(tuple(sorted(found, key=lambda one: one.weights)), left_out)


def accepted_yaml(said: Said) -> str:
    """Return what people put under `accepted` in policy.yaml, so that it counts on machines that are in no fleet."""
    lines = ["accepted:"]
    for one in said.approved:
        what = f": {one.model} at {one.commit[:12]}" if one.model else ""
        for sha256 in one.weights:
            lines += [
                f"  - sha256: {sha256}",
                f"    reason: {json.dumps(f'Approved in the catalog{what}.')}",
                "    by: the catalog",
                f"    until: {one.until}",
            ]
    return "\n".join(lines if len(lines) > 1 else ["accepted: []"]) + "\n"


def of_releases(states: Sequence[State]) -> Select[Any]:
    """Return the question for releases in some states, with their names and how they were weighed."""
    tables = RELEASES.join(MODELS, MODELS.c.model_id == RELEASES.c.model_id)
    tables = tables.join(WEIGHED, WEIGHED.c.release_id == RELEASES.c.release_id)
    columns = (MODELS.c.namespace, MODELS.c.name, RELEASES, WEIGHED.c.weighing)
    return select(*columns).select_from(tables).where(RELEASES.c.state.in_([state.value for state in states]))


def weights_of(row: Row[tuple[object, ...]]) -> tuple[str, ...]:
    """Return the digests of the model files in such a release."""
    return msgspec.json.decode(row.weighing, type=_Weights).weights


def plain(text: str) -> str:
    """Return a text in characters that can be shown, no longer than a reason."""
    return "".join(mark if mark.isprintable() else " " for mark in text)[:_LONGEST].strip()


def _approved(row: Row[tuple[object, ...]], weights: tuple[str, ...], *, is_closed: bool) -> ApprovedModel:
    named = {
        "model": f"{row.namespace}/{row.name}",
        "commit": row.commit_id,
        "version": plain(row.version),
        "replacement": plain(row.replaced_by),
    }
    return ApprovedModel(
        weights=weights,
        data_classes=tuple(filter(None, row.data_classes.split(","))),
        until=day_of(datetime.fromtimestamp(row.until_at / 1000, UTC)),
        deprecated=row.state == State.DEPRECATED.value,
        **({} if is_closed else named),
    )
