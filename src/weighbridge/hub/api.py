"""Every route of the hub under /api/v1, sorted by the file that it stands in."""

from collections.abc import Sequence

from litestar.handlers import BaseRouteHandler

from weighbridge.hub import (
    catalog_entry_routes,
    catalog_routes,
    catalog_signing_routes,
    decision_routes,
    device_key,
    device_login_routes,
    device_token,
    grant_routes,
    hub_token_routes,
    machine_key_routes,
    manifest_routes,
    pull_routes,
    release_routes,
    request_routes,
    space_routes,
)

HUB_API: Sequence[BaseRouteHandler] = (
    *catalog_entry_routes.ROUTES,
    *catalog_routes.ROUTES,
    *catalog_signing_routes.ROUTES,
    *decision_routes.ROUTES,
    *device_key.ROUTES,
    *device_login_routes.ROUTES,
    *device_token.ROUTES,
    *grant_routes.ROUTES,
    *hub_token_routes.ROUTES,
    *machine_key_routes.ROUTES,
    *manifest_routes.ROUTES,
    *pull_routes.ROUTES,
    *release_routes.ROUTES,
    *request_routes.ROUTES,
    *space_routes.ROUTES,
)
