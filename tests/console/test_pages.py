"""Pages over a small fleet, as a program reads them."""

import re

import pytest
from tests.console.browsing import signed_in
from tests.fleet.small_fleet import LAPTOP, LLAMA, PICKLE, SERVER

from weighbridge.fleet.permissions import Role, Scope


@pytest.mark.parametrize(
    ("path", "shows"),
    [
        ("/", "2 heard of in a day"),
        ("/artifacts", "llama.gguf"),
        ("/artifacts?q=verdict:deny", "100%_poet.gguf"),
        (f"/artifacts/{LLAMA}", "How far this digest has travelled"),
        ("/endpoints", "laptop"),
        (f"/endpoints/{LAPTOP}", "What the fleet sees"),
        ("/findings", "says pickle-call"),
    ],
)
def test_each_page_shows_its_things_and_names_its_twin(served, path, shows):
    client = signed_in(served)
    page = client.get(path)
    assert page.status_code == 200
    assert shows in page.text
    assert page.headers["cache-control"] == "no-store"
    twin = re.search(r'<a href="([^"]+)">This page as JSON', page.text)
    assert twin is not None
    assert client.get(twin[1].replace("&amp;", "&")).json()


def test_what_is_beyond_the_scope_is_not_found(served):
    client = signed_in(served, scope=Scope(groups=("lab",)))
    assert client.get(f"/endpoints/{SERVER}").status_code == 404
    assert client.get(f"/artifacts/{PICKLE}").status_code == 404
    assert "/srv/" not in client.get(f"/artifacts/{LLAMA}").text
    assert "pickle-call" not in client.get("/findings").text
    assert "pickle-call" not in client.get("/").text


def test_the_owner_of_an_endpoint_sees_all_of_it_and_nothing_else(served):
    client = signed_in(served, Role.OWNER, Scope(endpoint_id=LAPTOP))
    first = client.get("/")
    assert (first.status_code, first.headers["location"]) == (303, "/device")
    assert "Its owner sees the same" in client.get("/device").text
    assert client.get(f"/endpoints/{SERVER}").status_code == 404
    for path in ("/artifacts", "/endpoints", "/findings"):
        assert client.get(path).status_code == 403
