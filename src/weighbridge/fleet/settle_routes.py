"""Letting one of two machines go on as an endpoint, after a copy of it was found.

Device key and ledger were copied, so nothing that a machine could say tells the two apart: a person looks at them and
types a command on one. It gets a new device key and keeps name and history; the key that the copy has counts no more.
"""

from litestar import post
from litestar.params import JSONBody
from sqlalchemy import Connection

from weighbridge.fleet import audit, endpoints, enrollment, listed_endpoints
from weighbridge.fleet.endpoints import ACTIVE, FORKED
from weighbridge.fleet.enrollment_routes import DAY, MANAGE, MadeToken, Reason, enroll_command
from weighbridge.fleet.given import GivenServer, GivenViewer, Id
from weighbridge.fleet.permissions import Viewer
from weighbridge.fleet.problem import not_found

_DAYS = 7


@post("/api/v1/endpoints/{endpoint_id:str}/settle", opt=MANAGE, status_code=201)
async def settle_endpoint(
    server: GivenServer, viewer: GivenViewer, endpoint_id: Id, data: JSONBody[Reason]
) -> MadeToken:
    """Let one machine go on as this endpoint with a new key; a copy of it is shut out then. The token is shown once."""
    now = server.clock()

    def job(connection: Connection) -> str | None:
        seen = listed_endpoints.endpoint(connection, viewer.scope, endpoint_id) is not None
        return settle(connection, now, viewer, endpoint_id, data.reason) if seen else None

    text = await server.store.write(job)
    if text is None:
        raise not_found("endpoint that could go on")
    return MadeToken(text=text, command=f"{enroll_command(server.settings.origin, text)} --again")


def settle(connection: Connection, now: int, who: Viewer | None, endpoint_id: str, reason: str) -> str | None:
    """Make the token within a write; None if there is no such endpoint, or one that may not send."""
    known = endpoints.identity(connection, endpoint_id)
    if known is None or known.state not in (ACTIVE, FORKED):
        return None
    text = enrollment.make_token(
        connection,
        now,
        made_by=who.name if who else "",
        expires_at=now + _DAYS * DAY,
        note=reason,
        endpoint_id=endpoint_id,
    )
    audit.note(connection, now, who, "endpoint.settle", endpoint_id, {"reason": reason})
    return text


ROUTES = [settle_endpoint]
