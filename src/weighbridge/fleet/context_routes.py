"""Business context of repositories under /api/v1: who answers for one, and which class of data it works with."""

from typing import Annotated, Literal

from litestar import get, post, put
from litestar.params import JSONBody
from msgspec import Meta, Struct
from sqlalchemy import Connection

from weighbridge.fleet import audit, business_context
from weighbridge.fleet.business_context import Repository, repository_name
from weighbridge.fleet.config_guard import check_not_managed
from weighbridge.fleet.given import GivenServer, GivenViewer
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission
from weighbridge.fleet.problem import not_found

READ, MANAGE = needs(Permission.FLEET_READ), needs(Permission.ENDPOINTS_MANAGE)
DataClass = Literal["", "public", "internal", "confidential", "restricted"]
RepositoryName = Annotated[str, Meta(min_length=3, max_length=500)]


class RepositoryContext(Struct, forbid_unknown_fields=True, kw_only=True):
    """What the business says of a repository."""

    name: RepositoryName
    """As git or a browser writes it: `https://github.com/acme/app.git` is `github.com/acme/app`."""
    owner: Annotated[str, Meta(max_length=255)] = ""
    data_class: DataClass = ""
    note: Annotated[str, Meta(max_length=500)] = ""


class NamedRepository(Struct, forbid_unknown_fields=True, kw_only=True):
    """A repository."""

    name: RepositoryName


@get("/api/v1/repositories", opt=READ)
async def list_repositories(server: GivenServer) -> list[Repository]:
    """List repositories of which the business said something, by name."""
    return await server.store.read(business_context.repositories)


@put("/api/v1/repositories", opt=MANAGE, status_code=200)
async def describe_repository(
    server: GivenServer, viewer: GivenViewer, data: JSONBody[RepositoryContext]
) -> Repository:
    """Say who answers for a repository and which class of data it works with."""
    now = server.clock()
    wanted = Repository(name=data.name, owner=data.owner, data_class=data.data_class, note=data.note)

    def job(connection: Connection) -> Repository:
        check_not_managed(connection, server.settings, "repositories", repository_name(data.name))
        written = business_context.set_repository(connection, wanted, now)
        detail = {"owner": written.owner, "data_class": written.data_class}
        audit.note(connection, now, viewer, "repository.describe", written.name, detail)
        return written

    return await server.store.write(job)


@post("/api/v1/repositories/forget", opt=MANAGE, status_code=204)
async def forget_repository(server: GivenServer, viewer: GivenViewer, data: JSONBody[NamedRepository]) -> None:
    """Forget what the business said of a repository."""
    now, name = server.clock(), repository_name(data.name)

    def job(connection: Connection) -> None:
        check_not_managed(connection, server.settings, "repositories", name)
        if not business_context.remove_repository(connection, name):
            raise not_found("repository")
        audit.note(connection, now, viewer, "repository.forget", name)

    await server.store.write(job)


ROUTES = [list_repositories, describe_repository, forget_repository]
