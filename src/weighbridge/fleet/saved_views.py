"""Saved views: a list with its query, order and columns under a name; one's own, or shared with everybody.

A view is an address and nothing more: whoever opens it sees what they may see. Who shares a view can change and remove
it; everybody can pin it to their own navigation. What was removed can be brought back for a while.
"""

import secrets
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from msgspec import Struct, structs
from sqlalchemy import (
    Column,
    Connection,
    Index,
    Row,
    Select,
    String,
    Text,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from weighbridge.fleet import audit
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.query_syntax import parse
from weighbridge.fleet.statements import insert_missing
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.model.errors import WeighbridgeError
from weighbridge.report.escape import visible

LISTS = {
    "artifacts": Permission.FLEET_READ,
    "endpoints": Permission.FLEET_READ,
    "findings": Permission.FLEET_READ,
    "records": Permission.RECORDS_READ,
}
"""Lists of which there are views, and what one must be allowed to do to see them."""
MOST = 200
"""Views of one account."""
MOST_PINNED = 12
LONGEST_NAME = 60
KEPT = 30 * 86_400_000
"""Milliseconds for which a removed view can be brought back."""
_ID_LENGTH = 16

VIEWS = reference_table(
    "saved_views",
    Column("view_id", String(_ID_LENGTH), primary_key=True),
    Column("account_id", String(32), nullable=False),
    Column("owner", String(128), nullable=False),
    Column("name", String(LONGEST_NAME), nullable=False),
    Column("list", String(16), nullable=False),
    Column("query", Text, nullable=False),
    Column("sort", String(40), nullable=False),
    integer("down", nullable=False),
    Column("columns", Text, nullable=False),
    integer("shared", nullable=False),
    integer("changed_at", nullable=False),
    integer("removed_at"),
    Index(None, "account_id"),
    Index(None, "shared", "list"),
)
PINS = reference_table(
    "pinned_views",
    Column("account_id", String(32), primary_key=True),
    Column("view_id", String(_ID_LENGTH), primary_key=True),
)


class SavedView(Struct, frozen=True, kw_only=True):
    """One view. Times are milliseconds since 1970, UTC."""

    view_id: str
    account_id: str
    owner: str
    """Name of who saved it."""
    name: str
    list: str
    query: str
    sort: str
    down: bool
    columns: str
    """Names with commas; empty: the list's own."""
    shared: bool
    changed_at: int
    pinned: bool = False


class Pin(NamedTuple):
    """A view in the navigation."""

    path: str
    name: str


def save(
    connection: Connection,
    now: int,
    who: Viewer,
    name: str,
    what: str,
    *,
    query: str,
    sort: str = "",
    down: bool = False,
    columns: str = "",
    shared: bool = False,
) -> SavedView:
    """Save a view; one's own of the same list and name is replaced. Raises WeighbridgeError `E-view`, `E-query`."""
    clean = _clean(name)
    if what not in LISTS:
        raise _refused(f"there is no list `{visible(what, 40)}`", f"one of {', '.join(LISTS)}")
    parse(query)
    if not (sort + columns).isprintable():
        raise _refused("order and columns are names", "take them from the address of the list")
    connection.execute(delete(VIEWS).where(VIEWS.c.account_id == who.account_id, VIEWS.c.removed_at < now - KEPT))
    same = [one for one in _own(connection, who) if one.name == clean and one.list == what]
    if not same and len(_own(connection, who)) >= MOST:
        raise _refused(f"you have {MOST} views, and that is the most", "remove one that you do not need any more")
    view_id = same[0].view_id if same else secrets.token_hex(_ID_LENGTH // 2)
    values = {
        "query": query,
        "sort": sort,
        "down": int(down),
        "columns": columns,
        "shared": int(shared),
        "changed_at": now,
    }
    if same:
        connection.execute(update(VIEWS).where(VIEWS.c.view_id == view_id).values(values))
    else:
        whose = {"view_id": view_id, "account_id": who.account_id, "owner": who.name, "name": clean, "list": what}
        connection.execute(insert(VIEWS).values(whose | values | {"removed_at": None}))
    audit.note(connection, now, who, "view.save", view_id, {"name": clean, "list": what, "shared": shared})
    return structs.replace(_of(connection, who, view_id), pinned=bool(same and same[0].pinned))


def rename(connection: Connection, now: int, who: Viewer, view_id: str, name: str, *, shared: bool) -> SavedView | None:
    """Give one's own view another name, or share it. None: there is none. Raises WeighbridgeError `E-view`."""
    mine = own(connection, who, view_id)
    if mine is None:
        return None
    clean = _clean(name)
    if any(one.name == clean and one.list == mine.list and one.view_id != view_id for one in _own(connection, who)):
        raise _refused(f"you have a view `{clean}` of {mine.list} already", "choose another name, or remove that one")
    values = {"name": clean, "shared": int(shared), "changed_at": now}
    connection.execute(update(VIEWS).where(VIEWS.c.view_id == view_id).values(values))
    audit.note(connection, now, who, "view.rename", view_id, {"name": clean, "shared": shared})
    return _of(connection, who, view_id)


def remove(connection: Connection, now: int, who: Viewer, view_id: str) -> bool:
    """Remove one's own view; it can be brought back for a while. False: there is none."""
    if own(connection, who, view_id) is None:
        return False
    connection.execute(update(VIEWS).where(VIEWS.c.view_id == view_id).values(removed_at=now))
    audit.note(connection, now, who, "view.remove", view_id)
    return True


def bring_back(connection: Connection, now: int, who: Viewer, view_id: str) -> bool:
    """Bring a view back that one removed. False: there is none any more."""
    if not view_id.isalnum():
        return False
    gone = (VIEWS.c.view_id == view_id, VIEWS.c.account_id == who.account_id, VIEWS.c.removed_at >= now - KEPT)
    done = connection.execute(update(VIEWS).where(*gone).values(removed_at=None)).rowcount == 1
    if done:
        audit.note(connection, now, who, "view.bring-back", view_id)
    return done


def pin(connection: Connection, now: int, who: Viewer, view_id: str, *, pinned: bool) -> bool:
    """Put a view into one's own navigation, or take it out. False: there is none that one sees."""
    if not any(one.view_id == view_id for one in views(connection, who)):
        return False
    mine = PINS.c.account_id == who.account_id
    if pinned:
        if len(pins(connection, who)) >= MOST_PINNED:
            raise _refused(f"{MOST_PINNED} views are pinned, and that is the most", "take one out of the navigation")
        insert_missing(connection, PINS, [{"account_id": who.account_id, "view_id": view_id}])
    else:
        connection.execute(delete(PINS).where(mine, PINS.c.view_id == view_id))
    audit.note(connection, now, who, "view.pin" if pinned else "view.unpin", view_id)
    return True


def views(connection: Connection, who: Viewer, what: str = "") -> list[SavedView]:
    """Return the views that somebody sees: their own, and what others share of lists that they may see."""
    seen = [name for name, permission in LISTS.items() if who.may(permission) and what in ("", name)]
    of_others = (VIEWS.c.shared == 1) & VIEWS.c.list.in_(seen)
    mine = (VIEWS.c.account_id == who.account_id) & VIEWS.c.list.in_(seen)
    query = _select(who).where(or_(mine, of_others), VIEWS.c.removed_at.is_(None))
    ordered = query.order_by(VIEWS.c.list, VIEWS.c.name, VIEWS.c.view_id).limit(2 * MOST)
    return [_made(row) for row in connection.execute(ordered)]


def own(connection: Connection, who: Viewer, view_id: str = "", *, what: str = "", name: str = "") -> SavedView | None:
    """Return somebody's own view by its id, or by its list and name; None if there is none."""
    clean = " ".join(name.split())
    for one in _own(connection, who):
        if one.view_id == view_id or (one.list == what and one.name == clean):
            return one
    return None


def by_name(connection: Connection, who: Viewer, name: str) -> SavedView | None:
    """Return the view that somebody calls so, their own before others'; case does not matter."""
    found = [one for one in views(connection, who) if one.name.lower() == name.lower()]
    return min(found, key=lambda one: one.account_id != who.account_id, default=None)


def pins(connection: Connection, who: Viewer) -> list[Pin]:
    """Return what stands in somebody's navigation."""
    return [Pin(address(one), one.name) for one in views(connection, who) if one.pinned]


def address(view: SavedView) -> str:
    """Return where a view is seen."""
    parts = {
        "q": view.query,
        "sort": view.sort,
        "down": "true" if view.down else "",
        "columns": view.columns,
    }
    return f"/{view.list}?" + urlencode({name: value for name, value in parts.items() if value or name == "q"})


def _select(who: Viewer) -> Select[Any]:
    columns = [VIEWS.c[name] for name in SavedView.__struct_fields__ if name != "pinned"]
    same = (PINS.c.view_id == VIEWS.c.view_id) & (PINS.c.account_id == who.account_id)
    pinned = func.coalesce(PINS.c.view_id, "").label("pin")
    return select(*columns, pinned).select_from(VIEWS).join(PINS, same, isouter=True)


def _own(connection: Connection, who: Viewer) -> Sequence[SavedView]:
    query = _select(who).where(VIEWS.c.account_id == who.account_id, VIEWS.c.removed_at.is_(None))
    return [_made(row) for row in connection.execute(query)]


def _of(connection: Connection, who: Viewer, view_id: str) -> SavedView:
    return _made(connection.execute(_select(who).where(VIEWS.c.view_id == view_id)).one())


def _made(row: Row[Any]) -> SavedView:
    values = {**row._mapping, "down": bool(row.down), "shared": bool(row.shared), "pinned": bool(row.pin)}
    values.pop("pin")
    return SavedView(**values)


def _clean(name: str) -> str:
    clean = " ".join(name.split())
    if not 0 < len(clean) <= LONGEST_NAME or not clean.isprintable():
        raise _refused("a view has a name", f"say in up to {LONGEST_NAME} visible characters what it shows")
    return clean


def _refused(message: str, hint: str) -> WeighbridgeError:
    return WeighbridgeError("E-view", message, hint)
