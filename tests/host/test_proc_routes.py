from weighbridge.host.proc_routes import RouteLine, parse_ipv4_routes, parse_ipv6_routes

IPV4 = b"""Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
wlan0\t00000000\t0100A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0
wlan0\t0000A8C0\t00000000\t0001\t0\t0\t600\t00FFFFFF\t0\t0\t0
wg0\t0000140A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
eth0\t0000FE0A\t00000000\t0000\t0\t0\t0\t0000FFFF\t0\t0\t0
*\t0000FD0A\t00000000\t0201\t0\t0\t0\t0000FFFF\t0\t0\t0
lo\t0000007F\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0
"""
ZERO = b"0" * 32
IPV6 = b"\n".join(
    b" ".join((destination, prefix, ZERO, b"00", gateway, b"00000400", b"1", b"0", flags, b"    " + interface))
    for destination, prefix, gateway, flags, interface in (
        (ZERO, b"00", b"fe80" + b"0" * 27 + b"1", b"00000003", b"wlan0"),
        (b"fd00" + b"0" * 28, b"40", ZERO, b"00000001", b"wlan0"),
        (b"fd00" + b"0" * 27 + b"2", b"80", ZERO, b"80200001", b"wlan0"),
        (ZERO, b"00", ZERO, b"00200200", b"lo"),
    )
)


def test_ipv4_routes_that_are_up_and_lead_somewhere() -> None:
    assert list(parse_ipv4_routes(IPV4)) == [
        RouteLine("0.0.0.0/0", "192.168.0.1", "wlan0"),
        RouteLine("192.168.0.0/24", None, "wlan0"),
        RouteLine("10.20.0.0/16", None, "wg0"),
    ]


def test_ipv6_routes_without_own_addresses() -> None:
    assert list(parse_ipv6_routes(IPV6)) == [
        RouteLine("::/0", "fe80::1", "wlan0"),
        RouteLine("fd00::/64", None, "wlan0"),
    ]


def test_lines_without_sense_are_passed_over() -> None:
    assert list(parse_ipv4_routes(b"head\nx\neth0 zz 0 1\n" + IPV4.splitlines()[1])) == [
        RouteLine("0.0.0.0/0", "192.168.0.1", "wlan0")
    ]
    assert list(parse_ipv6_routes(b"x y\n\xff\n" + b"0" * 31 + b" 0 0 0 0 0 0 0 1 lo")) == []
