import pytest

from weighbridge.discover.network_state import decide
from weighbridge.host.live import Route
from weighbridge.model.network_state import Connectivity, CorporateNetwork

DEFAULT = Route("0.0.0.0/0", "192.168.0.1", "wlan0", "hardware")
LAN = Route("192.168.0.0/24", None, "wlan0", "hardware")
TUNNEL = Route("10.20.0.0/16", None, "wg-corp", "wireguard")


@pytest.mark.parametrize(
    ("routes", "connectivity"),
    [
        ([], Connectivity.OFFLINE),
        ([Route("127.0.0.0/8", None, "dummy0", "")], Connectivity.OFFLINE),
        ([Route("fe80::/64", None, "eth0", "hardware")], Connectivity.OFFLINE),
        ([Route("169.254.0.0/16", None, "eth0", "hardware")], Connectivity.OFFLINE),
        ([Route("172.17.0.0/16", None, "docker0", "internal")], Connectivity.OFFLINE),
        ([Route("no route", None, "eth0", "")], Connectivity.OFFLINE),
        ([LAN], Connectivity.LAN_ONLY),
        ([LAN, DEFAULT], Connectivity.INTERNET_ONLY),
        ([Route("::/0", "fe80::1", "wlan0", "hardware")], Connectivity.INTERNET_ONLY),
        (
            [Route("0.0.0.0/1", None, "tun0", "tun"), Route("128.0.0.0/1", None, "tun0", "tun")],
            Connectivity.INTERNET_ONLY,
        ),
    ],
)
def test_what_routes_mean(routes: list[Route], connectivity: Connectivity) -> None:
    found = decide(routes)
    assert found.connectivity is connectivity
    assert found.reasons


@pytest.mark.parametrize(
    ("test", "fits"),
    [
        (CorporateNetwork(name="office", route="10.20.0.0/16"), True),
        (CorporateNetwork(name="office", route="10.20.0.0/16", interface="wg*"), True),
        (CorporateNetwork(name="office", interface="wg-corp"), True),
        (CorporateNetwork(name="office", route="10.20.0.0/16", interface="wlan0"), False),
        (CorporateNetwork(name="office", route="10.21.0.0/16"), False),
        (CorporateNetwork(name="office"), False),
    ],
)
def test_corporate_needs_every_key_of_a_positive_test(test: CorporateNetwork, fits: bool) -> None:
    found = decide([DEFAULT, TUNNEL], [test])
    assert (found.connectivity is Connectivity.CORPORATE) == fits
    if fits:
        assert found.reasons == ("office: 10.20.0.0/16 is routed over wg-corp",)


def test_a_tunnel_by_its_name_alone_is_not_corporate() -> None:
    assert decide([DEFAULT, TUNNEL]).connectivity is Connectivity.INTERNET_ONLY
