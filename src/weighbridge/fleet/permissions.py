"""Who may do what. A route declares one permission; an account has the permissions of its role, and nothing else.

Deny by default: a route that declares none does not start (`guard.py`), and an account without a role has none.
What an account sees is bounded beside that by its `Scope`, which the queries apply, not the routes.
"""

from collections.abc import Mapping
from enum import StrEnum

from weighbridge.model.record import record


class Permission(StrEnum):
    """What a route asks for. The names are part of the API: tokens are limited to them."""

    PUBLIC = "public"
    """Nothing: whoever reaches the server may. Signing in, health, static files."""
    DEVICE = "device"
    """A request that an endpoint signed; the route verifies that itself."""
    SIGNED_IN = "signed-in"
    """An account, whatever it may: its own session, its own tokens."""
    OWN_DEVICE = "own-device:read"
    """What the fleet knows about the endpoint of this person."""
    FLEET_READ = "fleet:read"
    """Artifacts, endpoints, findings, verdicts."""
    RECORDS_READ = "records:read"
    """Single records of a ledger: who ran what, when."""
    METRICS_READ = "metrics:read"
    FINDINGS_TRIAGE = "findings:triage"
    """Set the state of a finding, comment it."""
    EXCEPTIONS_ASK = "exceptions:ask"
    """Ask for an exception, or for one more time; somebody else decides."""
    VIEWS_SAVE = "views:save"
    REQUESTS_DECIDE = "requests:decide"
    """Grant or refuse exceptions and requests; revoke a digest."""
    POLICY_READ = "policy:read"
    POLICY_PUBLISH = "policy:publish"
    ENDPOINTS_MANAGE = "endpoints:manage"
    """Enrollment tokens, groups, labels, taking an endpoint out."""
    EXPORTS_MANAGE = "exports:manage"
    ACCOUNTS_MANAGE = "accounts:manage"
    MODELS_READ = "models:read"
    """Approved models of the hub, and the catalog."""
    MODELS_REQUEST = "models:request"
    """Ask for a model that the catalog does not have."""
    MODELS_PUBLISH = "models:publish"
    """Send a model into quarantine."""
    HUB_MANAGE = "hub:manage"
    """Who may what in which namespace, where models come from, other people's tokens of the hub."""
    AUDIT_READ = "audit:read"
    """Who did what in this server."""


class Role(StrEnum):
    """What an account is. Each of the first four may all that the one before it may."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"
    OWNER = "owner"
    """The person of one endpoint, who sees all that is known about it, and nothing else."""


_OWN = frozenset({Permission.SIGNED_IN, Permission.OWN_DEVICE, Permission.MODELS_READ, Permission.MODELS_REQUEST})
_OWNER = _OWN | {Permission.EXCEPTIONS_ASK}
_VIEWER = _OWN | {Permission.FLEET_READ, Permission.POLICY_READ, Permission.METRICS_READ}
_ANALYST = _VIEWER | {
    Permission.RECORDS_READ,
    Permission.FINDINGS_TRIAGE,
    Permission.EXCEPTIONS_ASK,
    Permission.VIEWS_SAVE,
    Permission.MODELS_PUBLISH,
}
_APPROVER = _ANALYST | {Permission.REQUESTS_DECIDE, Permission.POLICY_PUBLISH, Permission.AUDIT_READ}
_ADMINISTRATOR = _APPROVER | {
    Permission.ENDPOINTS_MANAGE,
    Permission.EXPORTS_MANAGE,
    Permission.ACCOUNTS_MANAGE,
    Permission.HUB_MANAGE,
}

GRANTED: Mapping[Role, frozenset[Permission]] = {
    Role.VIEWER: _VIEWER,
    Role.ANALYST: _ANALYST,
    Role.APPROVER: _APPROVER,
    Role.ADMINISTRATOR: _ADMINISTRATOR,
    Role.OWNER: _OWNER,
}

WHOLE_FLEET = frozenset(
    {
        Permission.ACCOUNTS_MANAGE,
        Permission.AUDIT_READ,
        Permission.EXPORTS_MANAGE,
        Permission.HUB_MANAGE,
        Permission.POLICY_PUBLISH,
    }
)
"""What concerns every endpoint at once, so that an account which is limited to some of them does not have it: whoever
makes accounts could make one without limits, and whoever adds a target could have everything sent there."""

OPEN = frozenset({Permission.PUBLIC, Permission.DEVICE})
"""What needs no account."""
ROLES: frozenset[Permission] = frozenset().union(*GRANTED.values())
"""What some role has, and so what a token can be limited to."""


@record
class Scope:
    """Which endpoints an account sees. `groups`: those in these groups; None: all. `endpoint_id`: this one alone."""

    groups: tuple[str, ...] | None = None
    endpoint_id: str | None = None


EVERYTHING = Scope()


def granted(role: Role, scope: Scope) -> frozenset[Permission]:
    """Return what an account may that has a role over some endpoints."""
    return GRANTED[role] if scope == EVERYTHING else GRANTED[role] - WHOLE_FLEET


@record
class Viewer:
    """Who asks: an account, by session or token, with what it may and sees."""

    account_id: str
    name: str
    role: Role
    permissions: frozenset[Permission]
    scope: Scope = EVERYTHING
    session_id: str | None = None
    """The hash of the session's secret; None for a token."""
    token_id: str | None = None

    def may(self, permission: Permission) -> bool:
        """Tell whether this viewer has a permission."""
        return permission in OPEN or permission in self.permissions
