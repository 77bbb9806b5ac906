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
