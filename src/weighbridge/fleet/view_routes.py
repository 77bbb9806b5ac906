"""Saved views under /api/v1: a list's query, order and columns under a name.

Files can manage what everybody sees; what people keep to themselves is in no file and always theirs.
"""

from typing import Annotated

from litestar import delete, get, post
from litestar.params import JSONBody
from msgspec import Meta, Struct
from sqlalchemy import Connection

from weighbridge.fleet import config_views, saved_views
from weighbridge.fleet.config_guard import check_not_managed
from weighbridge.fleet.given import GivenServer, GivenViewer, Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.problem import not_found
from weighbridge.fleet.query_syntax import LONGEST
from weighbridge.fleet.saved_views import LISTS, LONGEST_NAME, SavedView
from weighbridge.fleet.server import Server

_Name = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)]


class NewView(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is saved."""

    name: _Name
    list: Annotated[str, Meta(max_length=16, description=f"One of {', '.join(LISTS)}.")]
    query: Annotated[str, Meta(max_length=LONGEST)] = ""
    sort: Annotated[str, Meta(max_length=40)] = ""
    down: bool = False
    columns: Annotated[str, Meta(max_length=400, description="Names with commas; empty: the list's own.")] = ""
    shared: bool = False


class ViewName(Struct, forbid_unknown_fields=True, kw_only=True):
    """What a view is called, and whether others see it."""

    name: _Name
    shared: bool = False


class Pinned(Struct, forbid_unknown_fields=True, kw_only=True):
    """Whether a view stands in one's own navigation."""

    pinned: bool


@get("/api/v1/views", opt=needs(Permission.FLEET_READ))
async def list_views(server: GivenServer, viewer: GivenViewer) -> list[SavedView]:
    """List the views that the viewer saved, and those that others share."""
    return await server.store.read(lambda connection: saved_views.views(connection, viewer))


@post("/api/v1/views", opt=needs(Permission.VIEWS_SAVE), status_code=201)
async def save_view(server: GivenServer, viewer: GivenViewer, data: JSONBody[NewView]) -> SavedView:
    """Save a view; one's own view of the same list and name is replaced."""
    now = server.clock()

    def job(connection: Connection) -> SavedView:
        same = saved_views.own(connection, viewer, what=data.list, name=data.name)
        if data.shared or (same is not None and same.shared):
            _check(connection, server, data.list, data.name)
        return saved_views.save(
            connection,
            now,
            viewer,
            data.name,
            data.list,
            query=data.query,
            sort=data.sort,
            down=data.down,
            columns=data.columns,
            shared=data.shared,
        )

    return await server.store.write(job)


@post("/api/v1/views/{view_id:str}", opt=needs(Permission.VIEWS_SAVE), status_code=200)
async def rename_view(server: GivenServer, viewer: GivenViewer, view_id: Id, data: JSONBody[ViewName]) -> SavedView:
    """Give one's own view another name, share it, or keep it to oneself."""
    now = server.clock()

    def job(connection: Connection) -> SavedView | None:
        _check_own(connection, server, viewer, view_id)
        mine = saved_views.own(connection, viewer, view_id)
        if mine is not None and data.shared:
            _check(connection, server, mine.list, data.name)
        return saved_views.rename(connection, now, viewer, view_id, data.name, shared=data.shared)

    found = await server.store.write(job)
    if found is None:
        raise not_found("view")
    return found


@delete("/api/v1/views/{view_id:str}", opt=needs(Permission.VIEWS_SAVE), status_code=204)
async def remove_view(server: GivenServer, viewer: GivenViewer, view_id: Id) -> None:
    """Remove one's own view."""
    now = server.clock()

    def job(connection: Connection) -> bool:
        _check_own(connection, server, viewer, view_id)
        return saved_views.remove(connection, now, viewer, view_id)

    if not await server.store.write(job):
        raise not_found("view")


@post("/api/v1/views/{view_id:str}/bring-back", opt=needs(Permission.VIEWS_SAVE), status_code=204)
async def bring_view_back(server: GivenServer, viewer: GivenViewer, view_id: Id) -> None:
    """Bring a view back that was removed."""
    now = server.clock()

    def job(connection: Connection) -> bool:
        done = saved_views.bring_back(connection, now, viewer, view_id)
        _check_own(connection, server, viewer, view_id)
        return done

    if not await server.store.write(job):
        raise not_found("view")


@post("/api/v1/views/{view_id:str}/pin", opt=needs(Permission.VIEWS_SAVE), status_code=204)
async def pin_view(server: GivenServer, viewer: GivenViewer, view_id: Id, data: JSONBody[Pinned]) -> None:
    """Put a view into one's own navigation, or take it out."""
    now = server.clock()
    done = await server.store.write(
        lambda connection: saved_views.pin(connection, now, viewer, view_id, pinned=data.pinned)
    )
    if not done:
        raise not_found("view")


def _check_own(connection: Connection, server: Server, viewer: Viewer, view_id: str) -> None:
    """Let a change of one's own view through, unless files manage it. Raises RefusedError 409 `E-managed`."""
    mine = saved_views.own(connection, viewer, view_id)
    if mine is not None and mine.shared:
        _check(connection, server, mine.list, mine.name)


def _check(connection: Connection, server: Server, what: str, name: str) -> None:
    """Let a change of what everybody sees under a name through, unless files manage it."""
    check_not_managed(connection, server.settings, config_views.SECTION.name, config_views.key_of(what, name))


ROUTES = [list_views, save_view, rename_view, remove_view, bring_view_back, pin_view]
