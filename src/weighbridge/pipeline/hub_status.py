"""How far this machine is set up for a hub: what its tools are told, and whether the hub answers and knows who asks."""

from msgspec import Struct, field

from weighbridge.host.fleet_http import FleetClient
from weighbridge.host.machine import Machine
from weighbridge.model.record import record
from weighbridge.pipeline.hub_access import HubAccess, kept_access
from weighbridge.pipeline.hub_catalog import decoded
from weighbridge.pipeline.hub_listing import asked
from weighbridge.pipeline.hub_setting_up import plan


@record
class Known:
    """Whom the hub takes this person for."""

    name: str
    right: str
    """`read`, or `write` for both."""


class _Token(Struct):
    role: str = ""


class _Auth(Struct):
    token: _Token = field(name="accessToken")


class _Who(Struct):
    name: str
    auth: _Auth | None = None


def untold(machine: Machine, access: HubAccess) -> list[str] | None:
    """Return the files that do not tell tools of a hub, or tell another one; None where nothing was set up.

    Raises WeighbridgeError: `E-hub-setup`, `E-fleet-state`.
    """
    if kept_access(machine) is None:
        return None
    return [one.path for one in plan(machine, access).changes]


def who_asks(client: FleetClient, access: HubAccess) -> Known:
    """Ask the hub whom it takes this person for. Raises WeighbridgeError: as `asked`."""
    found = decoded(asked(client, "/api/whoami-v2", access).body, _Who)
    return Known(name=found.name, right=found.auth.token.role if found.auth else "")
