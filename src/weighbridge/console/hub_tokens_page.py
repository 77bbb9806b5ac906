"""What lets tools into the hub: tokens, which are shown once, and the keys that Ollama makes where it runs."""

from typing import Any

from litestar import Response, get, post

from weighbridge.console.form_calls import Done, answered, call, checked
from weighbridge.console.page import Notice, page
from weighbridge.fleet.given import GivenServer, GivenViewer, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.server import Server
from weighbridge.hub import hub_token_routes, machine_key_routes
from weighbridge.model.errors import WeighbridgeError

_OWN: dict[str, Any] = {"opt": needs(Permission.MODELS_READ), "include_in_schema": False}
_HERE = "/catalog/tokens"


@get(_HERE, **_OWN)
async def show_tokens(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[str]:
    """Show one's own tokens of the hub and the keys of one's machines."""
    return await _page(request, server, viewer)


@post(_HERE, **_OWN, status_code=200)
async def do_change(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[str]:
    """Make or end a token, link a machine or remove its key."""

    async def job(form: dict[str, str]) -> Done:
        if "token" in form:
            await call(hub_token_routes.revoke_hub_token, server, viewer, form["token"][:64])
            return Notice("success", "The token has ended."), ""
        if "key_id" in form:
            await call(machine_key_routes.remove_machine_key, server, viewer, form["key_id"][:64])
            return Notice("success", "The key is removed; that machine has to log in anew."), ""
        if "link" in form:
            named = {name: form.get(name, "") for name in ("key", "name")}
            key = checked(named, machine_key_routes.NewMachineKey)
            return None, (await call(machine_key_routes.link_machine, server, viewer, key)).command
        if "name" not in form:
            raise WeighbridgeError("E-request", "nothing was chosen", "say what uses the token")
        values: dict[str, object] = {name: form[name] for name in form if name in ("name", "right", "days")}
        wanted = checked(values, hub_token_routes.NewHubToken)
        made = await call(hub_token_routes.make_hub_token, server, viewer, wanted)
        return None, made.text

    async def show(notice: Notice | None, status: int, made: str) -> Response[str]:
        return await _page(request, server, viewer, notice, status, made)

    return await answered(request, job, show)


async def _page(
    request: WebRequest,
    server: Server,
    viewer: Viewer,
    notice: Notice | None = None,
    status: int = 200,
    made: str = "",
) -> Response[str]:
    return page(
        request,
        server,
        viewer,
        "hub_tokens.html",
        here="/catalog",
        twin="/api/v1/hub-tokens",
        status=status,
        notice=notice,
        made=made,
        origin=server.settings.origin,
        tokens=await call(hub_token_routes.list_hub_tokens, server, viewer),
        keys=await call(machine_key_routes.list_machine_keys, server, viewer),
        moment=server.clock(),
        may_write=viewer.may(Permission.MODELS_PUBLISH),
    )


ROUTES = [show_tokens, do_change]
