"""Looks for models in the catalog: by words, namespace and labels, in an order, a page at a time.

Every face that lists models asks here: the console, the API, tools of Hugging Face, `wb pull --task`.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, RowMapping, Select, func, or_, select, tuple_

from weighbridge.fleet.problem import RefusedError
from weighbridge.hub import heads, models, releases
from weighbridge.hub.branches import MAIN
from weighbridge.hub.heads import KINDS, MODEL_HEADS, label, labels_of
from weighbridge.hub.models import MODELS, Model
from weighbridge.hub.releases import RELEASES, Release
from weighbridge.model.record import record

BEST, PULLED, CHANGED, CREATED, NAMED = "best", "pulls", "changed", "created", "name"
SORTS: dict[str, tuple[str, ...]] = {
    BEST: ("standing", "pulls", "state_at", "model_id"),
    PULLED: ("pulls", "state_at", "model_id"),
    CHANGED: ("state_at", "model_id"),
    CREATED: ("created_at", "model_id"),
    NAMED: ("alias",),
}
"""Orders, each by columns that an index has. `best`: approved before deprecated, then most pulled, then newest."""

_NUMBERS = frozenset({"standing", "pulls", "state_at", "created_at"})
Place = tuple[int | str, ...]
"""What a model is sorted by: where a page ends, and the next one begins."""


@record
class Wanted:
    """What to look for; all of it must hold.

    `words` stand in the name, the summary or the tasks; `labels` are a kind (`task`, `format`, `license`, `data`, or
    none for whichever has it) and a value. `only_main`: leave out models of which only another branch or tag is served.
    `after`: the place of the last model of the page before.
    """

    words: tuple[str, ...] = ()
    namespace: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    only_main: bool = False
    sort: str = CHANGED
    ascending: bool = False
    after: Place | None = None
    limit: int = 100


class Found(NamedTuple):
    """A model, and the release that the catalog shows of it."""

    model: Model
    release: Release
    revision: str
    """A branch or tag that means this release: `main` wherever that is served."""
    pulls: int
    """How often it was pulled: an account, with one tool, on one day counts once."""
    place: Place


class Counts(NamedTuple):
    """How many models there are."""

    models: int
    labels: dict[str, Counter[str]]
    """Of them by kind of label and its value."""


def find_served(connection: Connection, wanted: Wanted, hidden: Collection[str] | None) -> list[Found]:
    """Return models in their order, the last that changed first if no other is wanted.

    Args:
        connection: to read with.
        wanted: what to look for.
        hidden: namespaces (in lower case) that are left out; None: all.
    """
    if hidden is None or _holds_nul(wanted):
        return []
    keys = _keys(wanted.sort)
    query = _limited(
        select(*(column for column in MODEL_HEADS.columns if column.name not in ("labels", "words"))), wanted
    )
    if hidden:
        query = query.where(MODEL_HEADS.c.namespace.not_in(sorted(hidden)))
    if wanted.after is not None:
        here, there = tuple_(*keys), tuple_(*wanted.after)
        query = query.where(here > there if wanted.ascending else here < there)
    query = query.order_by(*(key if wanted.ascending else key.desc() for key in keys)).limit(wanted.limit)
    rows = connection.execute(query).mappings().all()
    whole = _whole(connection, [row["release_id"] for row in rows])
    return [
        Found(*whole[row["release_id"]], row["revision"], row["pulls"], tuple(row[key.name] for key in keys))
        for row in rows
        if row["release_id"] in whole
    ]


def count(connection: Connection, wanted: Wanted, hidden: Collection[str] | None) -> Counts:
    """Return how many models are wanted, and how many of them have which label; for any order, on all pages."""
    counted: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    total = 0
    if hidden is None or _holds_nul(wanted):
        return Counts(total, counted)
    query = _limited(select(MODEL_HEADS.c.labels, func.count().label("models")), wanted)
    if hidden:
        query = query.where(MODEL_HEADS.c.namespace.not_in(sorted(hidden)))
    for row in connection.execute(query.group_by(MODEL_HEADS.c.labels)):
        total += row.models
        for kind, value in labels_of(row.labels):
            counted[kind][value] += row.models
    return Counts(total, counted)


def labels(**wanted: str) -> tuple[tuple[str, str], ...]:
    """Return what is wanted by kind of label; a kind whose value is empty is left out."""
    return tuple((kind, value) for kind, value in wanted.items() if value)


def place_text(place: Place) -> str:
    """Return a place as a word for an address."""
    return "-".join(map(str, place))


def parse_place(sort: str, text: str) -> Place:
    """Return what `place_text` was given. Raises RefusedError: 400."""
    names = SORTS[sort]
    parts = text.split("-", len(names) - 1)
    if len(parts) != len(names) or not all(map(_is_part, names, parts)):
        raise RefusedError(400, "E-request", "`after` is no place in the catalog", "take it from the page before")
    return tuple(int(part) if name in _NUMBERS else part for name, part in zip(names, parts, strict=True))


def _is_part(name: str, part: str) -> bool:
    if name in _NUMBERS:
        return part.isascii() and part.isdecimal() and len(part) < 16
    return part.isprintable() if name == "alias" else part.isalnum()


def _holds_nul(wanted: Wanted) -> bool:
    """Tell whether something is looked for that no text can hold: databases refuse it, or stop reading there."""
    return any("\0" in text for text in (*wanted.words, wanted.namespace, *(value for _, value in wanted.labels)))


def _limited(query: Select[tuple[object, ...]], wanted: Wanted) -> Select[tuple[object, ...]]:
    for word in wanted.words:
        query = query.where(MODEL_HEADS.c.words.contains(word.lower(), autoescape=True))
    for kind, value in wanted.labels:
        query = query.where(_has(kind, value))
    if wanted.namespace:
        query = query.where(MODEL_HEADS.c.namespace == wanted.namespace.lower())
    if wanted.only_main:
        query = query.where(MODEL_HEADS.c.revision == MAIN)
    return query


def _has(kind: str, value: str) -> ColumnElement[bool]:
    """Return the condition that a model has a label."""
    said = [label(kind, value)] if kind else [label(one, value) for one in (heads.TASK, heads.FORMAT)]
    if not kind and value.partition(":")[0] in KINDS:
        said.append(label(*value.split(":", 1)))
    return or_(*(MODEL_HEADS.c.labels.contains(f"\n{one}\n", autoescape=True) for one in said))


def _keys(sort: str) -> list[Column[int | str]]:
    return [MODEL_HEADS.c[name] for name in SORTS[sort]]


def _whole(connection: Connection, release_ids: Sequence[str]) -> dict[str, tuple[Model, Release]]:
    """Return models and releases whole, those that are served: what sorts ten thousand models carries keys alone."""
    query = select(MODELS, RELEASES).join(RELEASES, RELEASES.c.model_id == MODELS.c.model_id)
    rows = connection.execute(query.where(RELEASES.c.release_id.in_(release_ids))).mappings()
    found = (_both(row) for row in rows)
    return {release.release_id: (model, release) for model, release in found if release.is_served}


def _both(row: RowMapping) -> tuple[Model, Release]:
    # Both tables have columns of one name: each is asked for as its table's.
    model = {name: row[MODELS.c[name]] for name in Model.__struct_fields__}
    release = {name: row[RELEASES.c[name]] for name in Release.__struct_fields__}
    return models.from_fields(model), releases.from_fields(release)
