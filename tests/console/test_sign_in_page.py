"""Signing in and out."""

import re

from tests.console.browsing import browser
from tests.fleet.openid import OpenIdProvider
from tests.fleet.serving import PASSWORD
from tests.fleet.small_fleet import LLAMA

from weighbridge.fleet.permissions import Role
from weighbridge.fleet.settings import read_settings


def test_who_is_not_signed_in_is_asked_to(served):
    client = browser(served)
    for path in ("/", "/artifacts", f"/artifacts/{LLAMA}", "/endpoints", "/findings"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


def test_signing_in_with_a_password_and_out_again(served):
    served.account("ada", Role.ANALYST)
    client = browser(served)
    wrong = client.post("/sign-in", data={"name": "ada", "password": "no"})
    assert wrong.status_code == 401
    assert "name or password is not right" in wrong.text
    assert 'value="ada"' in wrong.text
    right = client.post("/sign-in", data={"name": "ada", "password": PASSWORD})
    assert (right.status_code, right.headers["location"]) == (303, "/")
    page = client.get("/").text
    token = re.search(r'name="form_token" value="([^"]+)"', page)
    assert token is not None
    assert client.post("/sign-out").status_code == 403
    assert client.post("/sign-out", data={"form_token": token[1]}).status_code == 303
    assert client.get("/").status_code == 303


def test_opening_a_link_uses_nothing_up(served):
    client = browser(served)
    page = client.get("/sign-in/some-secret")
    assert page.status_code == 200
    assert 'name="link" value="some-secret"' in page.text
    assert client.post("/sign-in", data={"link": "some-secret"}).status_code == 401


def test_signing_in_with_an_identity_provider(served):
    client = served.client()
    assert "/sign-in/provider" not in client.get("/sign-in").text
    assert client.get("/sign-in/provider").status_code == 404
    with OpenIdProvider() as provider:
        provider.now = served.clock.now // 1000
        roles = {"oidc_roles": {"security": "analyst"}, "oidc_name": "<b>Example</b>"}
        known = {"oidc_issuer": provider.issuer, "oidc_client_id": "weighbridge"}
        served.server.settings = read_settings(flags={**known, **roles})
        served.server.identity_provider = provider.known()
        assert "Sign in with &lt;b&gt;Example&lt;/b&gt;" in client.get("/sign-in").text
        away = client.get("/sign-in/provider")
        assert away.status_code == 303
        assert {"HttpOnly", "Path=/sign-in", "SameSite=lax"} <= set(away.headers["set-cookie"].split("; "))
        brought = provider.visit(away.headers["location"])
        refused = client.get("/sign-in/provider/answer", params={**brought, "state": "another"})
        assert refused.status_code == 401
        assert "belongs to no attempt" in refused.text
        back = client.get("/sign-in/provider/answer", params=brought)
        assert (back.status_code, back.headers["location"]) == (303, "/")
        assert client.get("/").status_code == 200
        assert client.get("/sign-in/provider/answer", params=brought).status_code == 401
