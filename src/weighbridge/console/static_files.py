"""The console's own files: style sheet, script and mark, each at an address that its content decides."""

from typing import Any

from litestar import Response, get

from weighbridge.console.render import ICON, ICON_PATH, PASSKEYS, PASSKEYS_PATH, SCRIPT, SCRIPT_PATH
from weighbridge.console.style import STYLE, STYLE_PATH
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission

_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_PUBLIC: dict[str, Any] = {"opt": needs(Permission.PUBLIC), "sync_to_thread": False, "include_in_schema": False}


@get(STYLE_PATH, **_PUBLIC)
def style_sheet() -> Response[str]:
    """Return the style sheet."""
    return Response(STYLE, media_type="text/css; charset=utf-8", headers=_FOR_EVER)


@get(SCRIPT_PATH, **_PUBLIC)
def script() -> Response[str]:
    """Return the script."""
    return Response(SCRIPT, media_type="text/javascript; charset=utf-8", headers=_FOR_EVER)


@get(PASSKEYS_PATH, **_PUBLIC)
def passkeys_script() -> Response[str]:
    """Return the script of passkeys, for the two pages that have them."""
    return Response(PASSKEYS, media_type="text/javascript; charset=utf-8", headers=_FOR_EVER)


@get(ICON_PATH, **_PUBLIC)
def mark() -> Response[str]:
    """Return the mark."""
    return Response(ICON, media_type="image/svg+xml", headers=_FOR_EVER)


ROUTES = [style_sheet, script, passkeys_script, mark]
