"""Every page, sorted by the file that it stands in."""

from collections.abc import Sequence

from litestar.handlers import BaseRouteHandler

from weighbridge.console import agents_page, ledger_page, list_pages, pages, sign_in_page, static_files, triage_page

PAGES: Sequence[BaseRouteHandler] = (
    *agents_page.ROUTES,
    *ledger_page.ROUTES,
    *list_pages.ROUTES,
    *pages.ROUTES,
    *sign_in_page.ROUTES,
    *static_files.ROUTES,
    *triage_page.ROUTES,
)
