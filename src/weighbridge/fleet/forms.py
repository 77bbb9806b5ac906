"""Whether a request that changes something comes from our own page: two proofs, of which no other site has either.

The browser says from where a request comes (`Sec-Fetch-Site`, else `Origin`), and every form and script of a session
carries a token that only its pages know. Requests with a token of the API come from no browser and need neither.
Source: OWASP "Cross-Site Request Forgery Prevention Cheat Sheet"; W3C "Fetch Metadata Request Headers".
"""

from typing import Any

from litestar import Request

from weighbridge.fleet.guard import declared
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.problem import RefusedError
from weighbridge.fleet.server import Server
from weighbridge.fleet.sessions import is_form_token
from weighbridge.fleet.settings import is_loopback

HEADER, FIELD = "x-form-token", "form_token"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def check_form(request: "Request[Any, Any, Any]") -> None:
    """Refuse what another site sent with this browser. Raises RefusedError 403 `E-form`."""
    server: Server = request.app.state.server
    if request.method in _SAFE or declared(request.route_handler) is Permission.DEVICE:
        return
    viewer: Viewer | None = request.scope.get("user")
    if viewer is not None and viewer.token_id is not None:
        return
    _check_site(request, server)
    if viewer is None:
        return
    given = request.headers.get(HEADER)
    if given is None and (request.headers.get("content-type") or "").startswith(_FORMS):
        found = (await request.form()).get(FIELD)
        given = found if isinstance(found, str) else None
    if not is_form_token(request.cookies.get(server.cookie, ""), given or ""):
        raise _refused("the request does not carry the token of this session's forms")


def _check_site(request: "Request[Any, Any, Any]", server: Server) -> None:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise _refused("the request comes from another site")
        return
    origin = request.headers.get("origin")
    if origin is not None and origin not in own_origins(server):
        raise _refused("the request comes from another site")


def own_origins(server: Server) -> frozenset[str]:
    """Return the origins under which this server's pages can stand."""
    settings = server.settings
    origins = {settings.origin}
    if is_loopback(settings.host) and not settings.url:
        scheme = "https" if settings.tls else "http"
        origins |= {f"{scheme}://{name}:{settings.port}" for name in ("127.0.0.1", "localhost", "[::1]")}
    return frozenset(origins)


def _refused(message: str) -> RefusedError:
    return RefusedError(403, "E-form", message, "reload the page, then try again")
