"""Which hub this person uses: by the surroundings, what `wb hub setup` kept, or the fleet of this machine.

The token lies in the state folder, readable by this user alone.
"""

from weighbridge.host.durable import DurableFolder
from weighbridge.host.fleet_http import FleetClient
from weighbridge.host.machine import Machine
from weighbridge.ledger.canonical import canonical, parsed
from weighbridge.ledger.errors import unwritable
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record
from weighbridge.model.source import LimitReached
from weighbridge.pipeline.membership import FleetFolder

FOLDER, _FILE = "hub-access", "access"
ADDRESS, TOKEN = "WEIGHBRIDGE_HUB", "HF_TOKEN"
_LARGEST = 1 << 20


@record
class HubAccess:
    """A hub and how this person reaches it."""

    url: str
    token: str = ""
    authorities: str | None = None
    """Certificates in PEM that are trusted for this hub alone; None for the system's."""
    proxy: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """What says who asks."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


def hub_access(machine: Machine) -> HubAccess:
    """Return the hub of this person.

    Raises:
        WeighbridgeError: `E-no-hub`, or `E-fleet-state` for a damaged state folder.
    """
    kept = kept_access(machine)
    named = machine.environment(ADDRESS)
    if named:
        same = kept is not None and kept.url == named.rstrip("/")
        token = machine.environment(TOKEN) or (kept.token if kept is not None and same else "")
        return HubAccess(
            url=named.rstrip("/"), token=token, authorities=kept.authorities if kept is not None and same else None
        )
    if kept is not None:
        return kept
    membership = FleetFolder(machine).membership()
    if membership is not None:
        return HubAccess(
            url=membership.url,
            token=machine.environment(TOKEN) or "",
            authorities=membership.authorities,
            proxy=membership.proxy,
        )
    raise WeighbridgeError(
        "E-no-hub", "no hub is known on this machine", f"run `wb hub setup URL`, or set {ADDRESS} to its address"
    )


def kept_access(machine: Machine) -> HubAccess | None:
    """Return what `wb hub setup` kept; None if it never ran. Raises `E-fleet-state`."""
    try:
        held = parsed(machine.durable_folder(FOLDER).read(_FILE, _LARGEST))
    except FileNotFoundError:
        return None
    except (OSError, LimitReached):
        held = None
    if held is None or not isinstance(held.get("url"), str):
        raise WeighbridgeError(
            "E-fleet-state", "what was kept of the hub cannot be read", "run `wb hub setup URL` again", exit_code=1
        )
    texts = {name: value for name in ("token", "authorities", "proxy") if isinstance(value := held.get(name), str)}
    return HubAccess(url=str(held["url"]), **texts)


def keep_access(machine: Machine, access: HubAccess | None) -> None:
    """Remember a hub; None to forget it. Raises `E-ledger-write`."""
    folder: DurableFolder = machine.durable_folder(FOLDER)
    try:
        if access is None:
            folder.remove([_FILE])
            return
        words = {"url": access.url, "token": access.token, "authorities": access.authorities, "proxy": access.proxy}
        folder.replace({_FILE: canonical(words)})
    except OSError as error:
        raise unwritable(error) from error


def hub_client(access: HubAccess, connections: int = 1) -> FleetClient:
    """Return the way to a hub. Raises `E-fleet-address`."""
    try:
        return FleetClient(access.url, authorities=access.authorities, proxy=access.proxy, connections=connections)
    except ValueError as error:
        raise WeighbridgeError(
            "E-fleet-address", f"{access.url} {error}", "write it like https://hub.example.com"
        ) from None
