"""The catalog under /api/v1: models that may be used, found by what they are good for, and one with all of it."""

from typing import Annotated, Literal

from litestar import get
from litestar.params import QueryParameter
from msgspec import Struct
from sqlalchemy import Connection

from weighbridge.fleet.given import GivenServer, GivenViewer, Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission
from weighbridge.fleet.problem import RefusedError, not_found
from weighbridge.hub import model_page
from weighbridge.hub.caller import Caller, hidden_from
from weighbridge.hub.catalog_search import Wanted, find_served
from weighbridge.hub.given import GivenHub
from weighbridge.hub.look_up import Served
from weighbridge.hub.model_page import ModelPage
from weighbridge.hub.names import Name, parse_name
from weighbridge.model.errors import WeighbridgeError

MOST = 200
_MOST_WORDS = 10
_READ = needs(Permission.MODELS_READ)
Words = Annotated[str, QueryParameter(max_length=200)]
Limit = Annotated[int, QueryParameter(ge=1, le=MOST)]
Sort = Annotated[Literal["changed", "created"], QueryParameter()]


class Entry(Struct, frozen=True, kw_only=True):
    """A model of the catalog with the release that `main` means. The time is milliseconds since 1970, UTC."""

    name: str
    """`namespace/name`."""
    summary: str
    tasks: tuple[str, ...]
    owner: str
    release_id: str
    commit_id: str
    version: str
    state: str
    """`approved` or `deprecated`."""
    state_at: int
    license: str
    formats: str
    data_classes: str
    guidance: str
    replaced_by: str
    size: int


class Catalog(Struct, kw_only=True):
    """A page of the catalog."""

    models: list[Entry]
    after: str
    """Where the next page begins; empty at the end."""


@get("/api/v1/models", opt=_READ)
async def list_models(
    server: GivenServer,
    viewer: GivenViewer,
    q: Words = "",
    task: Words = "",
    terms: Words = "",
    file_format: Words = "",
    data_class: Words = "",
    namespace: Words = "",
    sort: Sort = "changed",
    after: Words = "",
    limit: Limit = 50,
) -> Catalog:
    """Search the catalog: words in name and summary, a task, a license, a format, a data class; a page at a time."""
    tags = [one for one in (task, f"license:{terms}" if terms else "", file_format) if one]
    wanted = Wanted(
        words=tuple(q.split()[:_MOST_WORDS]),
        tags=tuple(tags),
        data_class=data_class,
        namespace=namespace,
        by_creation=sort == "created",
        after=_place(after),
        limit=limit,
    )

    def job(connection: Connection) -> list[Served]:
        return find_served(connection, wanted, hidden_from(connection, Caller(viewer=viewer)))

    found = await server.store.read(job)
    last = found[-1] if len(found) == limit else None
    return Catalog(models=[entry(one) for one in found], after=_after(last, by_creation=wanted.by_creation))


@get("/api/v1/models/{namespace:str}/{name:str}", opt=_READ)
async def show_model(
    server: GivenServer, viewer: GivenViewer, hub: GivenHub, namespace: Id, name: Id, revision: Words = ""
) -> ModelPage:
    """Show a model: what it is, what it may be used for, its files, how it was weighed, how each tool uses it."""
    wanted = _name(namespace, name)
    found = await server.store.read(
        lambda connection: model_page.read(connection, Caller(viewer=viewer), hub.origin, wanted, revision)
    )
    if found is None:
        raise not_found("model")
    return found


def entry(found: Served) -> Entry:
    """Return what the catalog lists of a model."""
    model, release = found
    return Entry(
        name=model.full_name,
        summary=model.summary,
        tasks=model.tasks,
        owner=model.owner,
        release_id=release.release_id,
        commit_id=release.commit_id,
        version=release.version,
        state=release.state.value,
        state_at=release.state_at,
        license=release.license,
        formats=release.formats,
        data_classes=release.data_classes,
        guidance=release.guidance,
        replaced_by=release.replaced_by,
        size=release.size,
    )


def _name(namespace: str, name: str) -> Name:
    try:
        return parse_name(f"{namespace}/{name}")
    except WeighbridgeError:
        raise not_found("model") from None


def _place(after: str) -> tuple[int, str] | None:
    """Return the time and the model after which a page begins. Raises RefusedError: 400."""
    if not after:
        return None
    time, _, model_id = after.partition("-")
    if not (time.isascii() and time.isdecimal() and len(time) < 16 and model_id.isalnum()):
        raise RefusedError(400, "E-request", "`after` is no place in the catalog", "take it from the page before")
    return int(time), model_id


def _after(last: Served | None, *, by_creation: bool) -> str:
    if last is None:
        return ""
    return f"{last.model.created_at if by_creation else last.release.state_at}-{last.model.model_id}"


ROUTES = [list_models, show_model]
