"""The catalog under /api/v1: addresses that make no sense have no page, and nothing is shown that is not served."""

import pytest
from tests.fleet.serving import Running
from tests.hub.approved import approved
from tests.hub.holding import in_state

from weighbridge.fleet.permissions import Permission, Role
from weighbridge.hub.states import State


@pytest.fixture
def client(served: Running):
    client = served.client()
    client.headers.update(served.token(served.account("ada", Role.VIEWER), Permission.MODELS_READ))
    return client


def test_what_is_not_served_is_in_no_list(served: Running, client) -> None:
    for number, state in enumerate((State.QUARANTINED, State.REVIEW, State.REJECTED)):
        in_state(served, state, {"n": str(number).encode()}, name=f"acme/m{number}")
    approved(served, {"config.json": b"{}"}, name="acme/shown", license="mit", formats="safetensors")
    found = client.get("/api/v1/models").json()
    assert [one["name"] for one in found["models"]] == ["acme/shown"]
    assert found["after"] == ""
    assert [one["license"] for one in client.get("/api/v1/models?namespace=ACME").json()["models"]] == ["mit"]
    assert client.get("/api/v1/models?namespace=other").json()["models"] == []


@pytest.mark.parametrize("after", ["x", "1", "1-", "-1-abc", "1-a/b", "9" * 20 + "-ab", "²-ab"])
def test_a_place_that_is_none_is_said(client, after: str) -> None:
    answer = client.get("/api/v1/models", params={"after": after})
    assert (answer.status_code, answer.json()["code"]) == (400, "E-request")


@pytest.mark.parametrize("path", ["acme/none", "v2/x", "a%20b/c", "acme/x..y"])
def test_a_name_that_nothing_has_is_not_there(client, path: str) -> None:
    assert client.get(f"/api/v1/models/{path}").status_code == 404


def test_who_may_not_read_models_learns_nothing(served: Running) -> None:
    client = served.client()
    assert client.get("/api/v1/models").status_code == 401
