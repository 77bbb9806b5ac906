"""Signing in and out."""

import re

from tests.console.browsing import browser
from tests.fleet.serving import PASSWORD
from tests.fleet.small_fleet import LLAMA

from weighbridge.fleet.permissions import Role


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
