"""The page of policies: what is in force where, how far the newest is, what an uploaded one would change, what to do.

Signing is no button: people sign where their keys are, and bring what they signed.
"""

from typing import Annotated, Any

from litestar import Response, get
from litestar.params import Parameter
from sqlalchemy import Connection

from weighbridge.console.page import Notice, page
from weighbridge.fleet import replay_jobs
from weighbridge.fleet.given import GivenServer, GivenViewer, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.policy_page import PolicyChanges, PolicyStatus, changes_of
from weighbridge.fleet.policy_page import status as policy_status
from weighbridge.fleet.replay_jobs import Job
from weighbridge.fleet.server import Server
from weighbridge.model.errors import WeighbridgeError

_LARGEST = (1 << 53) - 1
_SHOWN = 20
_JOBS = 8
Shown = Annotated[int, Parameter(ge=0, le=_LARGEST)]
DID = {
    "root": "The root is taken: from now on it says whose signatures count.",
    "publish": "The policy is published, and its roll-out has begun.",
    "halt": "The roll-out is halted: no further endpoint gets the policy.",
    "go-on": "The roll-out goes on.",
}
"""What is said above the page after something was done."""


@get("/policy", opt=needs(Permission.POLICY_READ), include_in_schema=False)
async def show_policy(
    request: WebRequest,
    server: GivenServer,
    viewer: GivenViewer,
    compare: Shown = 0,
    uploaded: Shown = 0,
    did: Annotated[str, Parameter(max_length=20)] = "",
) -> Response[Any]:
    """Show policies; with `compare` what one would change in scenarios."""
    notice = Notice("success", DID[did]) if did in DID else None
    if uploaded:
        notice = Notice("success", f"Policy {uploaded} is uploaded, checked and tried. People sign it next.")
    return await policy_page(request, server, viewer, compare=compare, notice=notice)


async def policy_page(
    request: WebRequest,
    server: Server,
    viewer: Viewer,
    *,
    compare: int = 0,
    notice: Notice | None = None,
    status: int = 200,
) -> Response[Any]:
    """Return the page.

    Args:
        request: what asked for it.
        server: whose page it is.
        viewer: who reads it.
        compare: the policy whose changes are shown; 0 for none.
        notice: what is said above it.
        status: of HTTP.
    """

    def job(connection: Connection) -> tuple[PolicyStatus, PolicyChanges | None, list[Job]]:
        changes = changes_of(connection, compare) if compare else None
        return policy_status(connection), changes, replay_jobs.jobs(connection, viewer.scope)[:_JOBS]

    try:
        found, changes, replays = await server.store.read(job)
    except WeighbridgeError as error:
        if error.code != "E-policy-number" or not compare:
            raise
        notice = Notice("error", error.message)
        return await policy_page(request, server, viewer, notice=notice, status=404)
    return page(
        request,
        server,
        viewer,
        "policy.html",
        here="/policy",
        twin="/api/v1/policy",
        status=status,
        notice=notice,
        p=found,
        changes=changes,
        compare=compare,
        replays=replays,
        publishes=viewer.may(Permission.POLICY_PUBLISH),
        shown=_SHOWN,
    )


ROUTES = [show_policy]
