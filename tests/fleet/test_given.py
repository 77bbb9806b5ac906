from typing import Annotated

from litestar import get
from litestar.params import QueryParameter
from tests.fleet.serving import running

from weighbridge.fleet.given import GivenServer, GivenViewer, Id, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission


@get("/api/v1/given/{name:str}", opt=needs(Permission.SIGNED_IN))
async def given(
    request: WebRequest,
    server: GivenServer,
    viewer: GivenViewer,
    name: Id,
    count: Annotated[int, QueryParameter(ge=1)] = 1,
) -> dict[str, object]:
    return {"viewer": viewer.name, "origin": server.settings.origin, "name": name, "count": count, "m": request.method}


def test_a_route_gets_what_it_names(served):
    with running(served.store, more=[given]) as started:
        header = started.token(started.account("ada"), Permission.SIGNED_IN)
        answer = started.client().get("/api/v1/given/x?count=2", headers=header).json()
        assert answer == {"viewer": "ada", "origin": "http://127.0.0.1:8480", "name": "x", "count": 2, "m": "GET"}
        assert started.client().get("/api/v1/given/" + "x" * 65, headers=header).status_code == 400
