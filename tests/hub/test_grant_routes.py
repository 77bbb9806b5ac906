"""Rights in namespaces: given, closed to all others by the first, taken, and written down."""

from tests.hub.approved import approved, bearer
from tests.hub.test_hub_token_routes import actions, session

from weighbridge.fleet.permissions import Role


def sees(running, headers) -> int:
    """Return the status with which a model of the namespace is answered."""
    return running.client().get("/api/models/acme/tiny", headers=headers).status_code


def test_the_first_right_to_read_closes_a_namespace(served):
    approved(served)
    keeper = session(served, "keeper", Role.ADMINISTRATOR)
    ada, eve = bearer(served, "ada"), bearer(served, "eve")
    assert (sees(served, ada), sees(served, eve)) == (200, 200)
    account = served.store.read_now(lambda c: _account(c, "ada"))
    given = keeper.post("/api/v1/hub-grants", json={"namespace": "ACME", "account_id": account, "right": "read"})
    assert given.status_code == 201
    assert [(one["namespace"], one["account"], one["right"]) for one in given.json()] == [("acme", "ada", "read")]
    assert sees(served, ada) == 200
    assert sees(served, eve) != 200
    assert keeper.get("/api/v1/hub-grants").json() == given.json()
    assert keeper.get("/api/v1/hub-grants?namespace=acme").json() == given.json()
    assert keeper.get("/api/v1/hub-grants?namespace=other").json() == []
    assert keeper.delete(f"/api/v1/hub-grants/acme/{account}/read").status_code == 204
    assert keeper.delete(f"/api/v1/hub-grants/acme/{account}/read").status_code == 404
    assert sees(served, eve) == 200
    assert actions(served)[:2] == [("hub-grant.take", "keeper"), ("hub-grant.give", "keeper")]


def _account(connection, name: str) -> str:
    from weighbridge.fleet import accounts

    found = accounts.by_name(connection, name)
    return found.account_id


def test_what_cannot_be_given(served):
    keeper = session(served, "keeper", Role.ADMINISTRATOR)
    for body, status in (
        ({"namespace": "acme", "account_id": "nobody", "right": "read"}, 404),
        ({"namespace": "a/b", "account_id": "nobody", "right": "read"}, 400),
        ({"namespace": "acme", "account_id": "nobody", "right": "all"}, 400),
        ({}, 400),
    ):
        assert keeper.post("/api/v1/hub-grants", json=body).status_code == status, body
