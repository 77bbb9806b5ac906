"""The catalog: models that may be used, found by what they are good for; and one with all that a developer asks."""

from typing import Annotated, Any, Literal

from litestar import Response, get
from litestar.params import Parameter, QueryParameter
from sqlalchemy import Connection

from weighbridge.console.catalog_view import CatalogView
from weighbridge.console.page import page
from weighbridge.fleet.given import GivenServer, GivenViewer, Id, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.problem import not_found
from weighbridge.fleet.server import Server
from weighbridge.hub import catalog_search
from weighbridge.hub.caller import Caller, hidden_from
from weighbridge.hub.catalog_search import Counts, Found, Wanted, count, find_served, parse_place, place_text
from weighbridge.hub.given import GivenHub
from weighbridge.hub.model_page import ModelPage, read
from weighbridge.hub.names import Name, parse_name
from weighbridge.hub.states import State
from weighbridge.model.errors import WeighbridgeError
from weighbridge.policy.vocabulary import DATA_CLASSES, DATA_KINDS
from weighbridge.report.words import Look

_READ: dict[str, Any] = {"opt": needs(Permission.MODELS_READ), "include_in_schema": False}
_HERE = "/catalog"
_MOST = 50
Words = Annotated[str, Parameter(max_length=200)]
CLASSES = tuple(name for name in (*DATA_CLASSES, *DATA_KINDS) if name != "unknown")
"""Data classes, from the least sensitive on."""
Sort = Annotated[Literal["best", "pulls", "changed", "name"], QueryParameter()]
STATES = {
    State.FETCHING: Look("…", "muted"),
    State.QUARANTINED: Look("…", "muted"),
    State.WEIGHING: Look("…", "muted"),
    State.REVIEW: Look("?", "warning"),
    State.APPROVED: Look("✓", "success"),
    State.DEPRECATED: Look("!", "warning"),
    State.REVOKED: Look("✗", "error"),
    State.REJECTED: Look("✗", "error"),
    State.EXPIRED: Look("!", "warning"),
    State.FAILED: Look("▲", "error"),
}
"""How the states of a release look."""


@get(_HERE, **_READ)
async def show_catalog(
    request: WebRequest,
    server: GivenServer,
    viewer: GivenViewer,
    q: Words = "",
    task: Words = "",
    classes: Annotated[str, QueryParameter(name="data", max_length=200)] = "",
    terms: Annotated[str, QueryParameter(name="license", max_length=200)] = "",
    file_format: Annotated[str, QueryParameter(name="format", max_length=200)] = "",
    sort: Sort = "best",
    after: Words = "",
) -> Response[Any]:
    """Show models that may be used, a page at a time, and by what the search can be narrowed."""
    view = CatalogView(q=q, task=task, data=classes, license=terms, format=file_format, sort=sort)
    wanted = Wanted(
        words=tuple(q.split()[:10]),
        labels=catalog_search.labels(task=task, license=terms, format=file_format, data=classes),
        sort=sort,
        ascending=sort == catalog_search.NAMED,
        after=parse_place(sort, after) if after else None,
        limit=_MOST + 1,
    )

    def job(connection: Connection) -> tuple[list[Found], Counts]:
        hidden = hidden_from(connection, Caller(viewer=viewer))
        return find_served(connection, wanted, hidden), count(connection, wanted, hidden)

    found, counted = await server.store.read(job)
    return page(
        request,
        server,
        viewer,
        "catalog.html",
        here=_HERE,
        twin=f"/api/v1/models?{view.twin}",
        found=found[:_MOST],
        after=place_text(found[_MOST - 1].place) if len(found) > _MOST else "",
        is_further=bool(after),
        facets=view.facets(counted.labels),
        total=counted.models,
        view=view,
        looks=STATES,
    )


@get(_HERE + "/{namespace:str}/{name:str}", **_READ)
async def show_model(
    request: WebRequest,
    server: GivenServer,
    hub: GivenHub,
    viewer: GivenViewer,
    namespace: Id,
    name: Annotated[str, Parameter(max_length=100)],
    release: Annotated[str, Parameter(max_length=128)] = "",
) -> Response[Any]:
    """Show one model: what it is, what it may be used for, how, and what stands behind that."""
    found = await model_page(server, hub.origin, viewer, named(namespace, name), release)
    return page(
        request,
        server,
        viewer,
        "model.html",
        here=_HERE,
        twin=f"/api/v1/models/{found.model.full_name}",
        m=found,
        looks=STATES,
        may_review=viewer.may(Permission.REQUESTS_DECIDE),
    )


async def model_page(server: Server, origin: str, viewer: Viewer, name: Name, revision: str) -> ModelPage:
    """Return what the page of a model shows. Raises RefusedError: 404."""
    caller = Caller(viewer=viewer)
    found = await server.store.read(lambda connection: read(connection, caller, origin, name, revision))
    if found is None:
        raise not_found("model")
    return found


def named(namespace: str, name: str) -> Name:
    """Return the name in an address. Raises RefusedError: 404."""
    try:
        return parse_name(f"{namespace}/{name}")
    except WeighbridgeError:
        raise not_found("model") from None


ROUTES = [show_catalog, show_model]
