import pytest
from litestar import Litestar, get

from weighbridge.console.app import litestar
from weighbridge.fleet.guard import every_route, guard, needs, undeclared
from weighbridge.fleet.permissions import Permission


@get("/undeclared")
async def undeclared_route() -> None:
    """Declare nothing."""


@get("/misspelt", opt={"permission": "fleet:red"})
async def misspelt_route() -> None:
    """Declare something that is no permission."""


@pytest.mark.parametrize("route", [undeclared_route, misspelt_route])
def test_a_server_with_an_undeclared_route_does_not_start(served, route):
    with pytest.raises(ValueError, match="no permission is declared for GET /"):
        litestar(served.server, served.hub, [route])


def test_a_declared_route_is_fine():
    @get("/declared", opt=needs(Permission.FLEET_READ))
    async def declared_route() -> None:
        """Declare."""

    app = Litestar([declared_route], guards=[guard], openapi_config=None)
    assert undeclared(app) == []
    assert [(path, method) for path, method, _ in every_route(app)] == [("/declared", "GET")]
