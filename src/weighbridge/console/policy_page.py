"""The page of policies: what is in force where, how far the newest is, what an uploaded one would change.

Publishing is no button: people sign where their keys are, and `wb fleet policy` brings what they signed.
"""

from typing import Annotated, Any

from litestar import Response, get
from litestar.params import Parameter
from sqlalchemy import Connection

from weighbridge.console.page import page
from weighbridge.fleet.given import GivenServer, GivenViewer, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission
from weighbridge.fleet.policy_page import PolicyChanges, PolicyStatus, changes_of, status
from weighbridge.fleet.policy_replay import Replay, replay
from weighbridge.model.errors import WeighbridgeError

_LARGEST = (1 << 53) - 1
_DAYS = 30
_SHOWN = 20
Shown = Annotated[int, Parameter(ge=0, le=_LARGEST)]


@get("/policy", opt=needs(Permission.POLICY_READ), include_in_schema=False)
async def show_policy(
    request: WebRequest, server: GivenServer, viewer: GivenViewer, compare: Shown = 0, weigh: Shown = 0
) -> Response[Any]:
    """Show policies; with `compare` what one would change in scenarios, with `weigh` on what the fleet has."""
    now = server.clock()

    def job(connection: Connection) -> tuple[PolicyStatus, PolicyChanges | None, Replay | None]:
        changes = changes_of(connection, compare) if compare else None
        weighed = replay(connection, weigh, now, days=_DAYS, scope=viewer.scope) if weigh else None
        return status(connection), changes, weighed

    code, problem = 200, ""
    try:
        found, changes, weighed = await server.store.read(job)
    except WeighbridgeError as error:
        if error.code != "E-policy-number":
            raise
        code, problem = 404, error.message
        found, changes, weighed = await server.store.read(status), None, None
    return page(
        request,
        server,
        viewer,
        "policy.html",
        here="/policy",
        twin="/api/v1/policy",
        status=code,
        problem=problem,
        p=found,
        changes=changes,
        replay=weighed,
        compare=compare,
        weigh=weigh,
        shown=_SHOWN,
    )


ROUTES = [show_policy]
