import pytest

from weighbridge.fleet.permissions import Permission, Role


@pytest.fixture
def ada(served):
    client = served.client()
    account = served.account("ada", Role.ANALYST)
    client.headers.update(served.token(account, Permission.FLEET_READ, Permission.VIEWS_SAVE))
    return client


def test_a_view_is_saved_renamed_pinned_removed_and_brought_back(ada):
    made = ada.post("/api/v1/views", json={"name": "mine", "list": "findings", "query": "open:yes"})
    assert made.status_code == 201
    where = f"/api/v1/views/{made.json()['view_id']}"
    assert ada.post(where, json={"name": "ours", "shared": True}).json()["shared"] is True
    assert ada.post(f"{where}/pin", json={"pinned": True}).status_code == 204
    (row,) = ada.get("/api/v1/views").json()
    assert (row["name"], row["pinned"]) == ("ours", True)
    assert ada.delete(where).status_code == 204
    assert ada.get("/api/v1/views").json() == []
    assert ada.delete(where).status_code == 404
    assert ada.post(f"{where}/bring-back").status_code == 204
    assert len(ada.get("/api/v1/views").json()) == 1


def test_a_view_of_somebody_else_is_not_there(served, ada):
    made = ada.post("/api/v1/views", json={"name": "mine", "list": "findings"}).json()
    bob = served.client()
    bob.headers.update(served.token(served.account("bob", Role.ANALYST), Permission.VIEWS_SAVE))
    where = f"/api/v1/views/{made['view_id']}"
    assert bob.post(where, json={"name": "x"}).status_code == 404
    assert bob.post(f"{where}/pin", json={"pinned": True}).status_code == 404
    assert bob.post(f"{where}/bring-back").status_code == 404


def test_what_is_no_view_is_explained(ada):
    answer = ada.post("/api/v1/views", json={"name": "x", "list": "nothing"})
    assert (answer.status_code, answer.json()["code"]) == (400, "E-view")
