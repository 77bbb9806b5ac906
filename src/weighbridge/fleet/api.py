"""Every route of the fleet that programs use, sorted by the file that it stands in."""

from collections.abc import Sequence

from litestar.handlers import BaseRouteHandler

from weighbridge.fleet import (
    account_routes,
    agent_routes,
    audit_routes,
    context_routes,
    definition_routes,
    enrollment_routes,
    export_letter_routes,
    export_routes,
    export_sending_routes,
    group_routes,
    health_routes,
    hunt_routes,
    ingest_routes,
    ledger_routes,
    list_routes,
    policy_routes,
    query_help,
    record_routes,
    replay_routes,
    report_routes,
    session_routes,
    settle_routes,
    token_routes,
    triage_routes,
)

API: Sequence[BaseRouteHandler] = (
    *account_routes.ROUTES,
    *agent_routes.ROUTES,
    *audit_routes.ROUTES,
    *context_routes.ROUTES,
    *definition_routes.ROUTES,
    *enrollment_routes.ROUTES,
    *export_letter_routes.ROUTES,
    *export_routes.ROUTES,
    *export_sending_routes.ROUTES,
    *group_routes.ROUTES,
    *health_routes.ROUTES,
    *hunt_routes.ROUTES,
    *ingest_routes.ROUTES,
    *ledger_routes.ROUTES,
    *list_routes.ROUTES,
    *policy_routes.ROUTES,
    *query_help.ROUTES,
    *record_routes.ROUTES,
    *replay_routes.ROUTES,
    *report_routes.ROUTES,
    *session_routes.ROUTES,
    *settle_routes.ROUTES,
    *token_routes.ROUTES,
    *triage_routes.ROUTES,
)
