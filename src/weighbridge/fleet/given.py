"""What every route can ask for by naming a parameter `server`, `viewer`, `asked` or `draw`, with these types.

async def list_accounts(server: GivenServer, viewer: GivenViewer) -> ...
"""

from collections.abc import Callable
from typing import Annotated, Any

from litestar import Request
from litestar.datastructures import State
from litestar.di import Dependency, Provide
from litestar.params import PathParameter

from weighbridge.fleet.asking import asked
from weighbridge.fleet.evidence import Report
from weighbridge.fleet.permissions import Viewer
from weighbridge.fleet.server import Server

GivenServer = Annotated[Server, Dependency()]
GivenViewer = Annotated[Viewer, Dependency()]
"""Who asks; only in routes that ask for a permission that needs an account."""
GivenDraw = Annotated[Callable[[Report], str], Dependency()]
"""Draws a report as a page. The console does; whoever assembles the application says so."""
Id = Annotated[str, PathParameter(max_length=64)]
"""A part of the path that names something."""
WebRequest = Request[Any, Any, State]


def _server(state: State) -> Server:
    server: Server = state.server
    return server


def _viewer(request: WebRequest) -> Viewer:
    viewer: Viewer = request.user
    return viewer


def _draw(state: State) -> Callable[[Report], str]:
    draw: Callable[[Report], str] = state.draw
    return draw


GIVEN = {
    "draw": Provide(_draw, sync_to_thread=False),
    "server": Provide(_server, sync_to_thread=False),
    "viewer": Provide(_viewer, sync_to_thread=False),
    "asked": Provide(asked, sync_to_thread=False),
}
