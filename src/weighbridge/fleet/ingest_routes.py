"""The routes of endpoints. They hand each request to the bare application of `ingest.py`, which verifies it itself."""

from functools import partial
from typing import Any

from litestar import Request, post
from litestar.datastructures import State

from weighbridge.fleet import my_device
from weighbridge.fleet.guard import needs
from weighbridge.fleet.ingest import Ingest
from weighbridge.fleet.permissions import Permission
from weighbridge.fleet.server import Server
from weighbridge.sync.messages import ENROLL_PATH, SYNC_PATH
from weighbridge.sync.my_device import MY_DEVICE_PATH

_DEVICE = needs(Permission.DEVICE)


@post(ENROLL_PATH, opt=_DEVICE, include_in_schema=False)
async def enroll(request: Request[Any, Any, State]) -> Ingest:
    """Let an endpoint into the fleet."""
    return _ingest(request)


@post(SYNC_PATH, opt=_DEVICE, include_in_schema=False)
async def sync(request: Request[Any, Any, State]) -> Ingest:
    """Take what an endpoint recorded."""
    return _ingest(request)


@post(MY_DEVICE_PATH, opt=_DEVICE, include_in_schema=False)
async def my_device_link(request: Request[Any, Any, State]) -> Ingest:
    """Give an endpoint a link to its own page."""
    return _ingest(request)


def _ingest(request: Request[Any, Any, State]) -> Ingest:
    server: Server = request.app.state.server
    return Ingest(server.exchange, {MY_DEVICE_PATH: partial(my_device.answer, server)})


ROUTES = [enroll, sync, my_device_link]
