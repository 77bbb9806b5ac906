"""The page of one replay: how far it is, then what a policy would have said of what the fleet had.

While it runs the page asks for itself anew; that is a header of HTTP, so it needs no script.
"""

from typing import Any

from litestar import Response, get, post

from weighbridge.console.form_calls import call, checked, fields
from weighbridge.console.page import page, see_other
from weighbridge.fleet import replay_routes
from weighbridge.fleet.given import GivenServer, GivenViewer, Id, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission
from weighbridge.fleet.replay_jobs import Job, JobResult

_READ: dict[str, Any] = {"opt": needs(Permission.POLICY_READ), "include_in_schema": False}
_AGAIN_SECONDS = 2
_SHOWN = 20


@post("/policy/replays", **_READ)
async def do_replay(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[Any]:
    """Ask for a replay, and go to its page."""
    form = await fields(request)
    values: dict[str, object] = {name: form[name] for name in ("number", "against", "days") if name in form}
    job: Job = await call(replay_routes.ask_for_replay, server, viewer, checked(values, replay_routes.NewReplay))
    return see_other(f"/policy/replays/{job.replay_id}")


@get("/policy/replays/{replay_id:str}", **_READ)
async def show_replay(request: WebRequest, server: GivenServer, viewer: GivenViewer, replay_id: Id) -> Response[Any]:
    """Show how far a replay is, and what came of it."""
    found: JobResult = await call(replay_routes.show_replay, server, viewer, replay_id)
    shown = page(
        request,
        server,
        viewer,
        "replay.html",
        here="/policy",
        twin=f"/api/v1/policy/replays/{found.job.replay_id}",
        job=found.job,
        replay=found.result,
        shown=_SHOWN,
    )
    if found.job.is_open:
        shown.headers["Refresh"] = str(_AGAIN_SECONDS)
    return shown


@post("/policy/replays/{replay_id:str}/cancel", **_READ)
async def do_cancel(server: GivenServer, viewer: GivenViewer, replay_id: Id) -> Response[Any]:
    """End a replay."""
    await call(replay_routes.cancel_replay, server, viewer, replay_id)
    return see_other(f"/policy/replays/{replay_id}")


ROUTES = [do_replay, show_replay, do_cancel]
