"""What every route can ask for by naming a parameter `server` or `viewer`, with these types.

async def list_accounts(server: GivenServer, viewer: GivenViewer) -> ...
"""

from typing import Annotated, Any

from litestar import Request
from litestar.datastructures import State
from litestar.di import Dependency, Provide
from litestar.params import PathParameter

from weighbridge.fleet.asking import asked
from weighbridge.fleet.permissions import Viewer
from weighbridge.fleet.server import Server

GivenServer = Annotated[Server, Dependency()]
GivenViewer = Annotated[Viewer, Dependency()]
"""Who asks; only in routes that ask for a permission that needs an account."""
Id = Annotated[str, PathParameter(max_length=64)]
"""A part of the path that names something."""
WebRequest = Request[Any, Any, State]


def _server(state: State) -> Server:
    server: Server = state.server
    return server


def _viewer(request: WebRequest) -> Viewer:
    viewer: Viewer = request.user
    return viewer


GIVEN = {
    "server": Provide(_server, sync_to_thread=False),
    "viewer": Provide(_viewer, sync_to_thread=False),
    "asked": Provide(asked, sync_to_thread=False),
}
