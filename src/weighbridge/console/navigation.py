"""Which pages there are and how they hang together: four things that people come for, each with its pages.

To add a page: one `Link` in the group that says what people do there. A page of one row (`/artifacts/…`) is none.
"""

from typing import NamedTuple

from weighbridge.fleet.permissions import Permission, Viewer


class Link(NamedTuple):
    """A page of the navigation, and what one must be allowed to do to see it."""

    path: str
    name: str
    permission: Permission


class Group(NamedTuple):
    """Pages for one purpose."""

    name: str
    links: tuple[Link, ...]


NAVIGATION = (
    Group(
        "See",
        (
            Link("/", "Posture", Permission.FLEET_READ),
            Link("/hunt", "Hunt", Permission.FLEET_READ),
            Link("/artifacts", "Artifacts", Permission.FLEET_READ),
            Link("/endpoints", "Endpoints", Permission.FLEET_READ),
            Link("/agents", "Agents", Permission.FLEET_READ),
            Link("/records", "Records", Permission.RECORDS_READ),
            Link("/views", "Views", Permission.FLEET_READ),
        ),
    ),
    Group(
        "Decide",
        (
            Link("/findings", "Findings", Permission.FLEET_READ),
            Link("/exceptions", "Exceptions", Permission.FLEET_READ),
            Link("/revocations", "Revocations", Permission.FLEET_READ),
            Link("/policy", "Policy", Permission.POLICY_READ),
        ),
    ),
    Group(
        "Use",
        (
            Link("/catalog", "Catalog", Permission.MODELS_READ),
            Link("/catalog/requests", "Requests", Permission.MODELS_REQUEST),
            Link("/catalog/review", "Review", Permission.REQUESTS_DECIDE),
        ),
    ),
    Group(
        "Prove",
        (
            Link("/ledger", "Ledger", Permission.FLEET_READ),
            Link("/reports", "Reports", Permission.FLEET_READ),
            Link("/audit", "Audit", Permission.AUDIT_READ),
        ),
    ),
    Group(
        "Run",
        (
            Link("/settings/enrollment", "Enrollment", Permission.ENDPOINTS_MANAGE),
            Link("/settings/groups", "Groups", Permission.ENDPOINTS_MANAGE),
            Link("/settings/exports", "Exports", Permission.EXPORTS_MANAGE),
            Link("/settings/accounts", "Accounts", Permission.ACCOUNTS_MANAGE),
            Link("/settings/files", "Files", Permission.ACCOUNTS_MANAGE),
            Link("/settings/hub", "Hub", Permission.HUB_MANAGE),
        ),
    ),
)

OWN = (
    Link("/device", "My device", Permission.OWN_DEVICE),
    Link("/device/records", "My records", Permission.OWN_DEVICE),
    Link("/exceptions", "My exceptions", Permission.OWN_DEVICE),
)
"""For the person of one endpoint."""


def reachable(viewer: Viewer) -> list[Group]:
    """Return the pages that somebody may see; groups without one are left out."""
    groups = [
        Group(group.name, tuple(one for one in group.links if viewer.may(one.permission))) for group in NAVIGATION
    ]
    found = [group for group in groups if group.links]
    return found if viewer.scope.endpoint_id is None else [Group("Yours", OWN), *found]
