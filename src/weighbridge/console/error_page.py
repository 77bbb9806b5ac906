"""What a person in a browser sees where a page cannot be shown: what is wrong and what to do next.

Who is not signed in is asked to.
"""

from typing import Any

from litestar import Response

from weighbridge.console.page import page, see_other
from weighbridge.fleet.given import WebRequest
from weighbridge.fleet.permissions import Viewer
from weighbridge.fleet.problem import Problem
from weighbridge.fleet.server import Server


def error_page(request: WebRequest, problem: Problem) -> Response[Any]:
    """Return the page for a problem."""
    if problem.status == 401 and request.method == "GET":
        return see_other("/sign-in")
    server: Server = request.app.state.server
    viewer: Viewer | None = request.scope.get("user")
    return page(request, server, viewer, "error.html", status=problem.status, problem=problem)
