import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.fleet.client_address import UNKNOWN, client_address, networks

PROXIES = networks(["10.0.0.0/8", "fd00::/8"])


@given(st.lists(st.text(max_size=60), max_size=5))
def test_without_a_declared_proxy_no_header_changes_who_asks(forwarded):
    assert client_address("192.0.2.1", forwarded, ()) == "192.0.2.1"
    assert client_address("192.0.2.1", forwarded, PROXIES) == "192.0.2.1"


@given(st.lists(st.ip_addresses().map(str), max_size=8))
def test_what_a_client_writes_itself_is_never_believed(invented):
    """A proxy appends what it saw, so everything before that is the client's own invention."""
    header = ", ".join([*invented, "198.51.100.9"])
    assert client_address("10.1.2.3", [header], PROXIES) == "198.51.100.9"


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("10.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["203.0.113.7, 10.0.0.2"], "203.0.113.7"),
        ("10.0.0.1", ["203.0.113.7", "10.0.0.2"], "203.0.113.7"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["10.0.0.2, 10.0.0.3"], "10.0.0.2"),
        ("10.0.0.1", ["203.0.113.7, unknown"], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("fd00::1", ["2001:db8::1"], "2001:db8::1"),
        ("::ffff:10.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["::ffff:203.0.113.7"], "203.0.113.7"),
        ("fe80::1%eth0", [], "fe80::1"),
        (None, ["203.0.113.7"], UNKNOWN),
        ("", ["203.0.113.7"], UNKNOWN),
        ("somewhere", [], UNKNOWN),
    ],
)
def test_declared_proxies_are_believed(peer, forwarded, expected):
    assert client_address(peer, forwarded, PROXIES) == expected


def test_a_long_header_costs_little():
    assert client_address("10.0.0.1", ["10.0.0.1," * 100_000 + "10.0.0.1"], PROXIES) == "10.0.0.1"
