"""Groups and labels under /api/v1: what they are called, which rules put endpoints into them, how many there are."""

from typing import Annotated

from litestar import delete, get, put
from litestar.params import JSONBody, PathParameter
from msgspec import Meta, Struct
from sqlalchemy import Connection

from weighbridge.fleet import audit, grouping, groups, labels
from weighbridge.fleet.config_guard import check_not_managed
from weighbridge.fleet.given import GivenServer, GivenViewer
from weighbridge.fleet.groups import Described, Group
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import EVERYTHING, Permission, Viewer
from weighbridge.fleet.problem import RefusedError, not_found

READ, MANAGE = needs(Permission.FLEET_READ), needs(Permission.ENDPOINTS_MANAGE)
GroupName = Annotated[str, PathParameter(max_length=64)]


class GroupText(Struct, forbid_unknown_fields=True, kw_only=True):
    """How a group is described."""

    note: Annotated[str, Meta(max_length=500)] = ""
    rule: Annotated[str, Meta(max_length=2000)] = ""
    """A query over endpoints: `label:site=berlin`. Empty: endpoints come into it by hand or by their token."""
    place: Annotated[int, Meta(ge=0, le=1_000)] | None = None
    """Of several rules that an endpoint matches, the one with the lowest place counts. null: as it is, or the last."""


class Moved(Struct, kw_only=True):
    """What a change did."""

    moved: int
    """Endpoints that are in another group than before."""


class CountedLabel(Struct, kw_only=True):
    """One label, and how many endpoints have it."""

    label: str
    endpoints: int


@get("/api/v1/groups", opt=READ)
async def list_groups(server: GivenServer, viewer: GivenViewer) -> list[Group]:
    """List groups with their rules and how many endpoints are in them."""
    return await server.store.read(lambda connection: groups.every(connection, viewer.scope))


@put("/api/v1/groups/{name:str}", opt=MANAGE, status_code=200)
async def describe_group(server: GivenServer, viewer: GivenViewer, name: GroupName, data: JSONBody[GroupText]) -> Moved:
    """Describe a group, and put endpoints where the rules say."""
    _for_the_whole_fleet(viewer)
    now = server.clock()

    def job(connection: Connection) -> Moved:
        check_not_managed(connection, server.settings, "groups", name)
        groups.describe(connection, Described(name=name, note=data.note, rule=data.rule), now, data.place)
        moved = grouping.regroup(connection, now)
        audit.note(connection, now, viewer, "group.describe", name, {"rule": data.rule, "moved": moved})
        return Moved(moved=moved)

    return await server.store.write(job)


@delete("/api/v1/groups/{name:str}", opt=MANAGE, status_code=200)
async def forget_group(server: GivenServer, viewer: GivenViewer, name: GroupName) -> Moved:
    """Forget note and rule of a group; endpoints that its rule put there go elsewhere."""
    _for_the_whole_fleet(viewer)
    now = server.clock()

    def job(connection: Connection) -> Moved:
        check_not_managed(connection, server.settings, "groups", name)
        if not groups.forget(connection, name):
            raise not_found("group")
        moved = grouping.regroup(connection, now)
        audit.note(connection, now, viewer, "group.forget", name, {"moved": moved})
        return Moved(moved=moved)

    return await server.store.write(job)


@get("/api/v1/labels", opt=READ)
async def list_labels(server: GivenServer, viewer: GivenViewer) -> list[CountedLabel]:
    """List labels (`name=value`) and how many endpoints have each."""
    found = await server.store.read(lambda connection: labels.counted(connection, viewer.scope))
    return [CountedLabel(label=label, endpoints=number) for label, number in found]


def _for_the_whole_fleet(viewer: Viewer) -> None:
    """Refuse who sees a part of the fleet only: a rule moves endpoints of all of it. Raises RefusedError."""
    if viewer.scope != EVERYTHING:
        raise RefusedError(
            403,
            "E-not-allowed",
            "rules move endpoints of the whole fleet, and you see a part of it",
            "ask an administrator whose account is not limited to groups",
        )


ROUTES = [list_groups, describe_group, forget_group, list_labels]
