"""The catalog under /api/v1: models that may be used, found by what they are good for, and one with all of it."""

from typing import Annotated, Literal

from litestar import get
from litestar.params import QueryParameter
from msgspec import Struct
from sqlalchemy import Connection

from weighbridge.fleet.given import GivenServer, GivenViewer, Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission
from weighbridge.fleet.problem import not_found
from weighbridge.hub import model_page
from weighbridge.hub.caller import Caller, hidden_from
from weighbridge.hub.catalog_search import NAMED, Found, Wanted, find_served, labels, parse_place, place_text
from weighbridge.hub.given import GivenHub
from weighbridge.hub.model_page import ModelPage
from weighbridge.hub.names import Name, parse_name
from weighbridge.model.errors import WeighbridgeError

MOST = 200
_MOST_WORDS = 10
_READ = needs(Permission.MODELS_READ)
Words = Annotated[str, QueryParameter(max_length=200)]
Limit = Annotated[int, QueryParameter(ge=1, le=MOST)]
Sort = Annotated[Literal["best", "pulls", "changed", "created", "name"], QueryParameter()]


class Entry(Struct, frozen=True, kw_only=True):
    """A model of the catalog with the release that `main` means. The time is milliseconds since 1970, UTC."""

    name: str
    """`namespace/name`."""
    summary: str
    tasks: tuple[str, ...]
    owner: str
    release_id: str
    revision: str
    """A branch or tag that means this release: `main` wherever that is served."""
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
    pulls: int
    """How often it was pulled: an account, with one tool, on one day counts once."""


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
    """Search the catalog: words in name and summary, a task, a license, a format, a data class; a page at a time.

    Sorted by what changed last, or `best`: approved before deprecated, then what was pulled most, then the newest.
    """
    wanted = Wanted(
        words=tuple(q.split()[:_MOST_WORDS]),
        labels=labels(task=task, license=terms, format=file_format, data=data_class),
        namespace=namespace,
        sort=sort,
        ascending=sort == NAMED,
        after=parse_place(sort, after) if after else None,
        limit=limit,
    )

    def job(connection: Connection) -> list[Found]:
        return find_served(connection, wanted, hidden_from(connection, Caller(viewer=viewer)))

    found = await server.store.read(job)
    after = place_text(found[-1].place) if len(found) == limit else ""
    return Catalog(models=[entry(one) for one in found], after=after)


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


def entry(found: Found) -> Entry:
    """Return what the catalog lists of a model."""
    model, release = found.model, found.release
    return Entry(
        name=model.full_name,
        summary=model.summary,
        tasks=model.tasks,
        owner=model.owner,
        release_id=release.release_id,
        revision=found.revision,
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
        pulls=found.pulls,
    )


def _name(namespace: str, name: str) -> Name:
    try:
        return parse_name(f"{namespace}/{name}")
    except WeighbridgeError:
        raise not_found("model") from None


ROUTES = [list_models, show_model]
