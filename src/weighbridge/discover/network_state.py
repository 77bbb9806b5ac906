"""How far a process reaches, by the routes of its network namespace.

In: routes, and what the policy calls the corporate network. Out: a `NetworkState`. Nothing is sent anywhere: a default
route says where packets would go, not that anybody answers, and the reasons say so.
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network

from weighbridge.host.live import Live, Route
from weighbridge.model.network_state import Connectivity, CorporateNetwork, NetworkState

_NOWHERE = tuple(ip_network(text) for text in ("127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "fe80::/10", "ff00::/8"))
"""Loopback, link-local and multicast: every interface that is up has some of them."""


def network_state(live: Live, corporate: Sequence[CorporateNetwork] = (), pid: int | None = None) -> NetworkState:
    """Return how far process `pid`, or this one, reaches."""
    try:
        routes = live.routes(pid)
    except ProcessLookupError:
        return NetworkState(reasons=("the process ended",))
    except PermissionError:
        return NetworkState(reasons=("its routes are not visible to this user",))
    except NotImplementedError:
        return NetworkState(reasons=("this platform does not list its routes",))
    except OSError:
        return NetworkState(reasons=("its routes cannot be read",))
    return decide(routes, corporate)


def decide(routes: Iterable[Route], corporate: Sequence[CorporateNetwork] = ()) -> NetworkState:
    """Return what `routes` mean; `corporate` only if one of these networks is routed as described."""
    ways = [(network, route) for route in routes if (network := _network(route)) is not None]
    for test in corporate:
        for network, route in ways:
            if _fits(test, network, route):
                reason = f"{test.name}: {route.destination} is routed over {route.interface}"
                return NetworkState(connectivity=Connectivity.CORPORATE, reasons=(reason,))
    for network, route in ways:
        if network.prefixlen <= 1:  # tunnels halve the default route instead of replacing it
            via = f" via {route.gateway}" if route.gateway else ""
            reason = f"a default route over {route.interface}{via}"
            return NetworkState(connectivity=Connectivity.INTERNET_ONLY, reasons=(reason,))
    for _, route in ways:
        reason = f"no default route; {route.destination} over {route.interface}"
        return NetworkState(connectivity=Connectivity.LAN_ONLY, reasons=(reason,))
    return NetworkState(connectivity=Connectivity.OFFLINE, reasons=("no route leads beyond this machine",))


def _network(route: Route) -> IPv4Network | IPv6Network | None:
    """Return where a route leads, None if that is not beyond this machine."""
    if route.kind == "internal":
        return None
    try:
        network = ip_network(route.destination, strict=False)
    except ValueError:
        return None
    inside = any(network.version == one.version and network.subnet_of(one) for one in _NOWHERE)  # type: ignore[arg-type]
    return None if inside else network


def _fits(test: CorporateNetwork, network: IPv4Network | IPv6Network, route: Route) -> bool:
    if test.route is None and test.interface is None:
        return False
    if test.route is not None and ip_network(test.route, strict=False) != network:
        return False
    if test.interface is None:
        return True
    if test.interface.endswith("*"):
        return route.interface.startswith(test.interface[:-1])
    return route.interface == test.interface
