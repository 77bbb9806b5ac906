"""Every page, sorted by the file that it stands in."""

from collections.abc import Sequence

from litestar.handlers import BaseRouteHandler

from weighbridge.console import (
    accounts_page,
    agents_page,
    audit_page,
    enrollment_page,
    exceptions_page,
    fleet_records_page,
    go_page,
    hunt_page,
    ledger_page,
    list_pages,
    my_device_page,
    pages,
    policy_forms,
    policy_page,
    replay_page,
    report_page,
    revocation_page,
    settings_page,
    sign_in_page,
    static_files,
    triage_page,
    views_page,
)

PAGES: Sequence[BaseRouteHandler] = (
    *accounts_page.ROUTES,
    *agents_page.ROUTES,
    *audit_page.ROUTES,
    *enrollment_page.ROUTES,
    *exceptions_page.ROUTES,
    *fleet_records_page.ROUTES,
    *go_page.ROUTES,
    *hunt_page.ROUTES,
    *ledger_page.ROUTES,
    *list_pages.ROUTES,
    *my_device_page.ROUTES,
    *pages.ROUTES,
    *policy_forms.ROUTES,
    *policy_page.ROUTES,
    *replay_page.ROUTES,
    *report_page.ROUTES,
    *revocation_page.ROUTES,
    *settings_page.ROUTES,
    *sign_in_page.ROUTES,
    *static_files.ROUTES,
    *triage_page.ROUTES,
    *views_page.ROUTES,
)
