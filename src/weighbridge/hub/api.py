"""Every route of the hub under /api/v1, sorted by the file that it stands in."""

from collections.abc import Sequence

from litestar.handlers import BaseRouteHandler

from weighbridge.hub import catalog_entry_routes, device_token

HUB_API: Sequence[BaseRouteHandler] = (
    *catalog_entry_routes.ROUTES,
    *device_token.ROUTES,
)
