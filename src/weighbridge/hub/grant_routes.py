"""Who may what in which namespace, under /api/v1, for those who manage the hub."""

from typing import Annotated, Literal

from litestar import delete, get, post
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta, Struct
from sqlalchemy import Connection

from weighbridge.fleet import accounts, audit
from weighbridge.fleet.given import GivenServer, GivenViewer, Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission
from weighbridge.fleet.problem import not_found
from weighbridge.hub import grants
from weighbridge.hub.grants import Grant
from weighbridge.hub.names import parse_name

_MANAGE = needs(Permission.HUB_MANAGE)
Namespace = Annotated[str, Meta(min_length=1, max_length=96)]


class NewGrant(Struct, forbid_unknown_fields=True, kw_only=True):
    """A right to give. The first right to read closes a namespace to all who have none there."""

    namespace: Namespace
    account_id: Annotated[str, Meta(min_length=1, max_length=32)]
    right: Literal["read", "publish", "review"]


class ShownGrant(Struct, kw_only=True):
    """One right. Times are milliseconds since 1970, UTC."""

    namespace: str
    account_id: str
    account: str
    """The account's name."""
    right: str
    granted_at: int
    granted_by: str


@get("/api/v1/hub-grants", opt=_MANAGE)
async def list_grants(
    server: GivenServer, namespace: Annotated[str, QueryParameter(max_length=96)] = ""
) -> list[ShownGrant]:
    """List who may what in a namespace, or in all of them."""

    def job(connection: Connection) -> list[ShownGrant]:
        found = grants.of_namespace(connection, namespace) if namespace else grants.every(connection)
        return [_shown(connection, grant) for grant in found]

    return await server.store.read(job)


@post("/api/v1/hub-grants", opt=_MANAGE, status_code=201)
async def give_grant(server: GivenServer, viewer: GivenViewer, data: JSONBody[NewGrant]) -> list[ShownGrant]:
    """Give an account a right in a namespace; return who may what there now."""
    now, namespace = server.clock(), parse_name(f"{data.namespace}/any").namespace.lower()

    def job(connection: Connection) -> list[ShownGrant]:
        if accounts.by_id(connection, data.account_id) is None:
            raise not_found("account")
        grants.give(connection, now, namespace, data.account_id, data.right, by=viewer.name)
        detail = {"account": data.account_id, "right": data.right}
        audit.note(connection, now, viewer, "hub-grant.give", namespace, detail)
        return [_shown(connection, grant) for grant in grants.of_namespace(connection, namespace)]

    return await server.store.write(job)


@delete("/api/v1/hub-grants/{namespace:str}/{account_id:str}/{right:str}", opt=_MANAGE, status_code=204)
async def take_grant(server: GivenServer, viewer: GivenViewer, namespace: Id, account_id: Id, right: Id) -> None:
    """Take a right away. Where the last right to read goes, the namespace is open again."""
    now = server.clock()

    def job(connection: Connection) -> bool:
        if taken := grants.take(connection, namespace, account_id, right):
            detail = {"account": account_id, "right": right}
            audit.note(connection, now, viewer, "hub-grant.take", namespace.lower(), detail)
        return taken

    if not await server.store.write(job):
        raise not_found("right")


def _shown(connection: Connection, grant: Grant) -> ShownGrant:
    account = accounts.by_id(connection, grant.account_id)
    return ShownGrant(
        namespace=grant.namespace,
        account_id=grant.account_id,
        account=account.name if account else "",
        right=grant.right,
        granted_at=grant.granted_at,
        granted_by=grant.granted_by,
    )


ROUTES = [list_grants, give_grant, take_grant]
