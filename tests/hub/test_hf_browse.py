"""People who follow the address of a model, and what this hub does not hold."""

import pytest

from weighbridge.console.app import routes
from weighbridge.hub.names import RESERVED
from weighbridge.hub.registry import ROUTES


def test_a_person_is_led_to_the_page_of_a_model(served):
    client = served.client()
    for address in ("/acme/tiny", "/acme/tiny/tree/main", "/acme/tiny/blob/main/a/b.txt", "/acme/tiny/commit/abc"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["location"]) == (302, "/catalog/acme/tiny")


def test_no_page_of_the_console_is_taken_for_a_model():
    """Names of models cannot begin as the addresses of the server do: whoever adds a page adds it there."""
    firsts = {path.split("/")[1] for route in routes() for path in route.paths} - {""}
    assert firsts <= RESERVED
    assert all(word == word.lower() for word in RESERVED)


@pytest.mark.parametrize("address", ["/endpoints/0123", "/Catalog/acme", "/settings/accounts", "/static/app.css"])
def test_pages_stay_what_they_are(served, address):
    assert served.client().get(address, headers={"accept": "text/html"}).headers.get("location", "") != (
        f"/catalog{address}"
    )


@pytest.mark.parametrize("address", ["/api/datasets/acme/x", "/api/spaces", "/api/datasets/acme/x/refs"])
def test_what_is_not_held_here_is_said(served, address):
    answer = served.client().get(address)
    assert (answer.status_code, answer.headers["x-error-code"]) == (404, "RepoNotFound")
    assert "holds models" in answer.json()["error"]
    assert answer.headers["x-hf-warning"] == f"models; {answer.json()['error']}"


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("DELETE", "/api/repos/delete"),
        ("POST", "/api/repos/move"),
        ("PUT", "/api/models/acme/tiny/settings"),
        ("POST", "/api/models/acme/tiny/super-squash/main"),
        ("GET", "/api/models/acme/tiny/likers"),
        ("GET", "/api/models/acme/tiny/xet-read-token/main"),
    ],
)
def test_what_clients_cannot_do_here_is_done_in_the_catalog(served, method, address):
    answer = served.client().request(method, address)
    assert answer.status_code == 403
    assert answer.headers["x-error-message"] == answer.json()["error"]
    assert "/catalog" in answer.json()["error"]


@pytest.mark.parametrize("address", ["/discussions", "/discussions/1/merge"])
def test_nothing_is_discussed_here(served, address):
    answer = served.client().post(f"/api/models/acme/tiny{address}")
    assert (answer.status_code, answer.headers["x-error-message"]) == (403, answer.json()["error"])
    assert "no pull requests" in answer.json()["error"]


def test_the_api_of_the_server_is_not_meant(served):
    assert served.client().get("/api/v1/nope").json()["code"] == "E-not-found"


def test_every_route_has_one_face():
    assert {route.face for route in ROUTES} <= {"hf", "oci", "blob"}
