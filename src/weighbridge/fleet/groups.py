"""Groups: the names by which endpoints are told apart in scopes, rings and queries. A group is where endpoints are."""

from msgspec import Struct
from sqlalchemy import Connection, func, select

from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.permissions import Scope
from weighbridge.fleet.visible import visible

_MOST = 500


class Group(Struct, frozen=True, kw_only=True):
    """One group; the empty name is that of endpoints without one."""

    name: str
    endpoints: int


def every(connection: Connection, scope: Scope) -> list[Group]:
    """Return the groups that a viewer may see, by name."""
    counted = select(ENDPOINTS.c.group_name, func.count()).where(visible(ENDPOINTS, scope))
    rows = connection.execute(counted.group_by(ENDPOINTS.c.group_name).order_by(ENDPOINTS.c.group_name).limit(_MOST))
    return [Group(name=name, endpoints=number) for name, number in rows]
