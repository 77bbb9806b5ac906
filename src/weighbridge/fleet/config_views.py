"""Shared views in files. What people keep to themselves is theirs, and in no file.

A view that a file makes belongs to nobody; one that a person shared stays that person's.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct
from sqlalchemy import Connection, select

from weighbridge.fleet import saved_views
from weighbridge.fleet.config_section import Body, Section, Work
from weighbridge.fleet.permissions import Role, Viewer
from weighbridge.fleet.saved_views import LONGEST_NAME, VIEWS

_NOBODY = Viewer(account_id="", name="files", role=Role.ADMINISTRATOR, permissions=frozenset())


class ViewItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One shared view."""

    name: Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)]
    list: Literal["artifacts", "endpoints", "findings", "records"]
    query: Annotated[str, Meta(max_length=2000)] = ""
    sort: Annotated[str, Meta(max_length=40)] = ""
    down: bool = False
    columns: Annotated[str, Meta(max_length=500)] = ""
    """Names with commas; empty: the list's own."""


def key_of(what: str, name: str) -> str:
    """Return what names a shared view in files. `what`: its list."""
    return f"{what}: {' '.join(name.split())}"


def _key(item: ViewItem) -> str:
    return key_of(item.list, item.name)


def _body(item: ViewItem) -> Body:
    return {"query": item.query, "sort": item.sort, "down": item.down, "columns": item.columns}


def _read(connection: Connection) -> dict[str, Body]:
    wanted = select(VIEWS).where(VIEWS.c.shared == 1, VIEWS.c.removed_at.is_(None))
    found: dict[str, Body] = {}
    for row in connection.execute(wanted.order_by(VIEWS.c.list, VIEWS.c.name, VIEWS.c.account_id)):
        body = {"query": row.query, "sort": row.sort, "down": bool(row.down), "columns": row.columns}
        found.setdefault(f"{row.list}: {row.name}", body)
    return found


def _whose(connection: Connection, key: str) -> tuple[Viewer, str]:
    """Return whose the shared view of a key is, and its id; nobody's and empty if there is none."""
    name, _, called = key.partition(": ")
    wanted = select(VIEWS).where(VIEWS.c.list == name, VIEWS.c.name == called, VIEWS.c.shared == 1)
    row = connection.execute(wanted.where(VIEWS.c.removed_at.is_(None)).order_by(VIEWS.c.account_id)).first()
    if row is None:
        return _NOBODY, ""
    who = Viewer(account_id=row.account_id, name=row.owner, role=Role.ANALYST, permissions=frozenset())
    return who, str(row.view_id)


def _write(connection: Connection, work: Work, item: ViewItem) -> None:
    who, _ = _whose(connection, _key(item))
    saved_views.save(
        connection,
        work.now,
        who,
        item.name,
        item.list,
        query=item.query,
        sort=item.sort,
        down=item.down,
        columns=item.columns,
        shared=True,
    )


def _remove(connection: Connection, work: Work, key: str) -> None:
    who, view_id = _whose(connection, key)
    if view_id:
        saved_views.remove(connection, work.now, who, view_id)


def _shown(key: str, body: Body) -> Body:
    name, _, called = key.partition(": ")
    return {"name": called, "list": name} | {field: value for field, value in body.items() if value not in ("", False)}


SECTION = Section(
    name="views",
    about="Views of lists that everybody sees: a query, its order and columns, under a name.",
    item=ViewItem,
    key=_key,
    body=_body,
    read=_read,
    write=_write,
    remove=_remove,
    shown=_shown,
)
