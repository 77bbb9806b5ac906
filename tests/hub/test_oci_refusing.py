"""Where clients are sent to log in: to the very name under which they asked, and to nothing that somebody made up."""

from types import SimpleNamespace

import pytest
from tests.hub.calling import call_of, run

from weighbridge.fleet.settings import read_settings
from weighbridge.hub import refusal
from weighbridge.hub.caller import Caller
from weighbridge.hub.oci_refusing import challenge, outer_origin, refuse

HUB = SimpleNamespace(origin="https://hub.example", server=SimpleNamespace(settings=read_settings()))


@pytest.mark.parametrize(
    ("origin", "host", "said"),
    [
        ("https://hub.example", "hub.example", "https://hub.example"),
        ("https://hub.example", "HUB.example:443", "https://HUB.example:443"),
        ("http://127.0.0.1:8480", "localhost:8480", "http://localhost:8480"),
        ("http://[::1]:8480", "[::1]:8480", "http://[::1]:8480"),
        ("https://hub.example", "", "https://hub.example"),
        ("https://hub.example", 'evil",scope="x', "https://hub.example"),
        ("https://hub.example", "a b", "https://hub.example"),
    ],
)
def test_the_name_that_was_asked(origin, host, said):
    call, _ = call_of(SimpleNamespace(origin=origin), headers={"host": host})
    assert outer_origin(call) == said


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/v2/acme/tiny/manifests/latest", "repository:acme/tiny:pull"),
        ("HEAD", "/v2/acme/tiny/manifests/latest", "repository:acme/tiny:pull"),
        ("HEAD", "/v2/acme/tiny/blobs/sha256:0", "repository:acme/tiny:pull,push"),
        ("POST", "/v2/acme/tiny/blobs/uploads/", "repository:acme/tiny:pull,push"),
        ("GET", "/v2/acme/tiny/blobs/uploads/0", "repository:acme/tiny:pull,push"),
        ("GET", "/v2/acme/manifests/blobs/sha256:0", "repository:acme/manifests:pull"),
        ("GET", "/v2/", None),
    ],
)
def test_what_is_asked_for(method, path, scope):
    said = challenge(call_of(HUB, method, path, {"host": "hub.example"})[0])
    assert said.startswith('Bearer realm="https://hub.example/token",service="hub.example"')
    assert said.endswith(f'scope="{scope}"' if scope else 'service="hub.example"')


@pytest.mark.parametrize(
    ("proof", "agent", "status"),
    [("none", "oras/1.3", 401), ("token", "oras/1.3", 404), ("token", "ollama/0.30 Go", 403), ("registry", "x", 404)],
)
def test_a_model_that_is_not_there(proof, agent, status):
    caller = Caller(viewer=None, proof=proof)
    call, answered = call_of(HUB, path="/v2/acme/none/manifests/latest", headers={"user-agent": agent}, caller=caller)
    run(refuse(call, refusal.unknown(HUB.origin, "acme/none")))
    assert answered.status == status
    assert ("www-authenticate" in answered.headers) == (status == 401)
    assert b"wb request acme/none" in answered.body
