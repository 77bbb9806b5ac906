"""Every route declares one permission, in `opt`; who has it not is turned away before the route runs.

    @get("/api/v1/accounts", opt=needs(Permission.ACCOUNTS_MANAGE))

Deny by default: an application with a route that declares none does not start, and if one came in later it would be
refused.
"""

from collections.abc import Iterable
from typing import Any

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from weighbridge.fleet.permissions import OPEN, Permission, Viewer
from weighbridge.fleet.problem import RefusedError

OPTION = "permission"
_ASKED_BY_ITSELF = "OPTIONS"


def needs(permission: Permission) -> dict[str, Any]:
    """Return the `opt` of a route that asks for a permission."""
    return {OPTION: permission}


def declared(handler: BaseRouteHandler) -> Permission | None:
    """Return the permission that a route declares; None if it declares none, or something else."""
    found = handler.opt.get(OPTION)
    return found if isinstance(found, Permission) else None


def guard(connection: "ASGIConnection[Any, Any, Any, Any]", handler: BaseRouteHandler) -> None:
    """Let a request through to its route. Raises RefusedError: 401 without an account, 403 without the permission."""
    permission = declared(handler)
    if permission in OPEN or connection.scope.get("method") == _ASKED_BY_ITSELF:
        return
    viewer: Viewer | None = connection.scope.get("user")
    if viewer is None:
        raise not_signed_in()
    if permission is None or not viewer.may(permission):
        wanted = permission.value if permission else "one that nobody has"
        raise RefusedError(
            403,
            "E-not-allowed",
            f"{viewer.name} does not have the permission `{wanted}`",
            "ask an administrator of this server for a role that has it",
        )


def not_signed_in() -> RefusedError:
    """Return the error of a request without an account."""
    return RefusedError(
        401, "E-not-signed-in", "this needs an account", "sign in, or send a token: `Authorization: Bearer wbt_...`"
    )


def undeclared(app: Litestar) -> list[str]:
    """Return the routes that declare no permission."""
    return sorted(f"{method} {path}" for path, method, handler in every_route(app) if declared(handler) is None)


def every_route(app: Litestar) -> Iterable[tuple[str, str, BaseRouteHandler]]:
    """Return path, method and handler of every route. What the framework adds to answer OPTIONS is none."""
    for route in app.routes:
        for handler in route.route_handlers if hasattr(route, "route_handlers") else [route.route_handler]:
            methods = sorted(getattr(handler, "http_methods", {"ASGI"}))
            for method in methods:
                if method != _ASKED_BY_ITSELF:
                    yield route.path, method, handler
