"""My device: the person at an endpoint sees all that the fleet sees, why it was judged so, and who looked at it.

`wb enroll --my-device` makes the link that leads here.
"""

from typing import Any

from litestar import Response, get

from weighbridge.console.form_calls import call
from weighbridge.console.ledger_page import records_page
from weighbridge.console.page import page
from weighbridge.fleet.asking import GivenAsked, page_asks
from weighbridge.fleet.given import GivenServer, GivenViewer, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.my_device_routes import own, show_device
from weighbridge.fleet.permissions import Permission

NEVER = (
    "the text of prompts, answers and chats",
    "what is in your files, models and documents",
    "keys and passwords; only that one lies somewhere, and of which kind",
    "what you type, your screen, where you are, which pages you visit",
)
"""What no record has a field for. Source: what endpoints send is `sync/messages.py` and the records' kinds."""


@get("/device", opt=needs(Permission.OWN_DEVICE), include_in_schema=False)
async def show_my_device(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[Any]:
    """Show one's own device."""
    found = await call(show_device, server, viewer)
    return page(
        request,
        server,
        viewer,
        "endpoint.html",
        here="/device",
        twin="/api/v1/device",
        page=found,
        e=found.endpoint,
        running=sum(one.ended_at is None for one in found.processes),
        records="/device/records",
        never=NEVER,
        made="",
        business=None,
    )


@get("/device/records", opt=needs(Permission.OWN_DEVICE), include_in_schema=False, dependencies=page_asks())
async def show_my_records(
    request: WebRequest, server: GivenServer, viewer: GivenViewer, asked: GivenAsked
) -> Response[str]:
    """Show the records of one's own device."""
    return await records_page(request, server, viewer, own(viewer), asked, path="/device/records", here="/device")


ROUTES = [show_my_device, show_my_records]
