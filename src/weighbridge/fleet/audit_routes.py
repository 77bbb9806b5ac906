"""The audit trail, under /api/v1."""

from typing import Annotated

from litestar import get
from litestar.params import QueryParameter
from msgspec import Struct

from weighbridge.fleet import audit
from weighbridge.fleet.given import GivenServer
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission


class AuditEntry(Struct, kw_only=True):
    """One thing that was done. Empty account: by whoever has the server's machine."""

    entry_id: str
    at: int
    account_id: str
    account_name: str
    token_id: str | None
    action: str
    subject: str
    detail: str


@get("/api/v1/audit", opt=needs(Permission.AUDIT_READ))
async def list_audit(
    server: GivenServer,
    limit: Annotated[int, QueryParameter(ge=1, le=500)] = 100,
    before: Annotated[str | None, QueryParameter(max_length=28, description="The last entry seen.")] = None,
) -> list[AuditEntry]:
    """List what was done in this server, the newest first."""
    found = await server.store.read(lambda connection: audit.newest(connection, limit, before))
    return [AuditEntry(**entry._asdict()) for entry in found]


ROUTES = [list_audit]
