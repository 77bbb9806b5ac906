"""Looks for models in the catalog whose `main` is served: by words, namespace and tags, a page at a time."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, func, literal, or_, select

from weighbridge.hub import models, releases
from weighbridge.hub.branches import BRANCHES, MAIN
from weighbridge.hub.look_up import Served
from weighbridge.hub.models import MODELS, Model
from weighbridge.hub.releases import RELEASES, TOMBSTONE, Release
from weighbridge.hub.states import SERVED
from weighbridge.model.record import record


@record
class Wanted:
    """What to look for; all of it must hold.

    `words` stand in the name or the summary, `tags` are tasks, formats or `license:mit`, `data_class` is one that it
    may be given. `after`: the time and the id of the last model of the page before.
    """

    words: tuple[str, ...] = ()
    namespace: str = ""
    tags: tuple[str, ...] = ()
    data_class: str = ""
    by_creation: bool = False
    ascending: bool = False
    after: tuple[int, str] | None = None
    limit: int = 100


def find_served(connection: Connection, wanted: Wanted, hidden: Collection[str] | None) -> list[Served]:
    """Return models, the last that changed first.

    Args:
        connection: to read with.
        wanted: what to look for.
        hidden: namespaces (in lower case) that are left out; None: all.
    """
    if hidden is None:
        return []
    at = MODELS.c.created_at if wanted.by_creation else RELEASES.c.state_at
    is_main = and_(BRANCHES.c.model_id == MODELS.c.model_id, BRANCHES.c.name == MAIN)
    is_served = and_(RELEASES.c.model_id == MODELS.c.model_id, RELEASES.c.commit_id == BRANCHES.c.served)
    tables = MODELS.join(BRANCHES, is_main).join(RELEASES, is_served)
    # What sorts ten thousand models carries keys alone; and an index by state would lead to all that is old first.
    query = select(MODELS.c.model_id, RELEASES.c.release_id).select_from(tables)
    query = query.where(func.coalesce(RELEASES.c.state, "").in_(SERVED), RELEASES.c.formats != TOMBSTONE)
    for word in wanted.words:
        small = word.lower()
        summary = func.lower(MODELS.c.summary).contains(small, autoescape=True)
        query = query.where(or_(MODELS.c.alias.contains(small, autoescape=True), summary))
    for tag in wanted.tags:
        query = query.where(_has(tag))
    if wanted.data_class:
        given = literal(",") + RELEASES.c.data_classes + literal(",")
        query = query.where(given.contains(f",{wanted.data_class},", autoescape=True))
    if wanted.namespace:
        query = query.where(MODELS.c.alias.startswith(f"{wanted.namespace.lower()}/", autoescape=True))
    if hidden:
        query = query.where(func.lower(MODELS.c.namespace).not_in(sorted(hidden)))
    if wanted.after is not None:
        value, model_id = wanted.after
        further = at > value if wanted.ascending else at < value
        query = query.where(or_(further, and_(at == value, MODELS.c.model_id > model_id)))
    query = query.order_by(at if wanted.ascending else at.desc(), MODELS.c.model_id).limit(wanted.limit)
    keys = [row.release_id for row in connection.execute(query)]
    whole = select(MODELS, RELEASES).join(RELEASES, RELEASES.c.model_id == MODELS.c.model_id)
    rows = connection.execute(whole.where(RELEASES.c.release_id.in_(keys))).mappings()
    found = {row[RELEASES.c.release_id]: _served(row) for row in rows}
    return [found[key] for key in keys if key in found]


def _served(row: RowMapping) -> Served:
    # Both tables have columns of one name: each is asked for as its table's.
    model = {name: row[MODELS.c[name]] for name in Model.__struct_fields__}
    release = {name: row[RELEASES.c[name]] for name in Release.__struct_fields__}
    return Served(models.from_fields(model), releases.from_fields(release))


def _has(tag: str) -> ColumnElement[bool]:
    """Return the condition that a model has a tag."""
    task = literal("\n") + MODELS.c.tasks + literal("\n")
    kind = literal(",") + func.replace(RELEASES.c.formats, " ", "") + literal(",")
    matches = [task.contains(f"\n{tag}\n", autoescape=True), kind.contains(f",{tag},", autoescape=True)]
    if tag.lower().startswith("license:"):
        matches.append(func.lower(RELEASES.c.license) == tag.lower().removeprefix("license:"))
    return or_(*matches)
