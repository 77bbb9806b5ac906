"""Passkeys are tried through their routes in test_passkey_routes.py; here is which host they belong to."""

import pytest
from tests.fleet.serving import Running

from weighbridge.fleet.passkey_sign_in import host_of
from weighbridge.fleet.settings import read_settings


@pytest.mark.parametrize(
    ("flags", "asked", "host"),
    [
        ({"url": "https://fleet.example.com:8443"}, "fleet.example.com:8443", "fleet.example.com"),
        ({"url": "https://fleet.example.com"}, "localhost", "fleet.example.com"),
        ({"url": "https://[2001:db8::1]"}, "[2001:db8::1]", None),
        ({}, "localhost:8480", "localhost"),
        ({}, "localhost", "localhost"),
        ({}, "[::1]:8480", None),
        ({}, "", None),
        ({"listen": "192.0.2.1:8480", "without_tls": True}, "localhost:8480", None),
        ({"url": "http://a.localhost"}, "a.localhost", "a.localhost"),
        ({"url": "http://alocalhost"}, "alocalhost", None),
    ],
)
def test_to_which_host_passkeys_belong(store, flags, asked, host):
    started = Running(store, read_settings(flags=flags))
    assert host_of(started.server, asked) == host
    started.server.close()
