"""Who has a release, under /api/v1: who pulled it, when, with which tool, driven by which AI agent."""

from litestar import get
from msgspec import Struct
from sqlalchemy import Connection

from weighbridge.fleet import accounts
from weighbridge.fleet.given import GivenServer, GivenViewer, Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission
from weighbridge.fleet.problem import not_found
from weighbridge.hub import models, pulls, releases
from weighbridge.hub.caller import Caller, may_read
from weighbridge.hub.given import GivenHub
from weighbridge.hub.pulls import Pull, write_pulls


class ShownPull(Struct, kw_only=True):
    """What an account did with a release on one day, with one tool. Times are milliseconds since 1970, UTC."""

    account_id: str
    account: str
    """The account's name; empty for somebody without one."""
    tool: str
    agent: str
    day: int
    """Days since 1970, UTC."""
    requests: int
    refused: int
    bytes: int
    first_at: int
    last_at: int


@get("/api/v1/releases/{release_id:str}/pulls", opt=needs(Permission.RECORDS_READ))
async def list_pulls(server: GivenServer, hub: GivenHub, viewer: GivenViewer, release_id: Id) -> list[ShownPull]:
    """List who pulled a release, the latest first: at most a thousand."""
    await write_pulls(hub)

    def job(connection: Connection) -> list[ShownPull] | None:
        release = releases.find(connection, release_id)
        if release is None:
            return None
        model = models.by_id(connection, release.model_id)
        if not may_read(connection, Caller(viewer=viewer), model.namespace, open_to_all=hub.open_to_all):
            return None
        return who_pulled(connection, release_id)

    shown = await server.store.read(job)
    if shown is None:
        raise not_found("release")
    return shown


def who_pulled(connection: Connection, release_id: str) -> list[ShownPull]:
    """Return who pulled a release, the latest first: at most a thousand."""
    found = pulls.of_releases(connection, [release_id])
    names = {one: _name(connection, one) for one in {pull.account_id for pull in found}}
    return [_shown(pull, names[pull.account_id]) for pull in found]


def _name(connection: Connection, account_id: str) -> str:
    account = accounts.by_id(connection, account_id) if account_id else None
    return account.name if account else ""


def _shown(pull: Pull, name: str) -> ShownPull:
    fields = {field: getattr(pull, field) for field in Pull.__struct_fields__ if field != "release_id"}
    return ShownPull(account=name, **fields)


ROUTES = [list_pulls]
