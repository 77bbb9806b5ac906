"""Which network an observation was made in."""

from enum import StrEnum

from weighbridge.model.record import record


class Connectivity(StrEnum):
    """How far this machine reaches, by what its routes say; `corporate` only by a positive test."""

    CORPORATE = "corporate"
    INTERNET_ONLY = "internet_only"
    LAN_ONLY = "lan_only"
    OFFLINE = "offline"
    UNKNOWN = "unknown"


@record
class NetworkState:
    """Connectivity and why that is believed."""

    connectivity: Connectivity = Connectivity.UNKNOWN
    reasons: tuple[str, ...] = ()


@record
class CorporateNetwork:
    """A positive test for being in the organization's network: every key that is given must fit."""

    name: str
    route: str | None = None
    """CIDR that must be routed (`10.20.0.0/16`)."""
    interface: str | None = None
    """Interface that the route must use; `*` at its end stands for any rest (`wg*`)."""
