"""Rights in namespaces are given and taken on a page of those who manage the hub."""

from tests.console.test_review_page import Person

from weighbridge.fleet.permissions import Role
from weighbridge.hub import grants


def test_a_right_is_given_shown_and_taken(served):
    boss = Person(served, "boss", Role.ADMINISTRATOR)
    ada = served.account("ada")
    assert "No namespace is special" in boss.get("/settings/hub").text
    sent = {"namespace": "Research", "account_id": ada.account_id, "right": "read"}
    assert "The right is given" in boss.post("/settings/hub", **sent).text
    assert served.store.read_now(grants.closed_namespaces) == {"research"}
    assert "research" in boss.get("/settings/hub").text
    assert "The right is gone" in boss.post("/settings/hub", **sent, take="yes").text
    assert served.store.read_now(grants.closed_namespaces) == set()


def test_what_cannot_be_is_said(served):
    boss = Person(served, "boss", Role.ADMINISTRATOR)
    assert boss.post("/settings/hub", namespace="../x", account_id="a", right="read").status_code == 400
    assert boss.post("/settings/hub", namespace="a", account_id="nobody", right="read").status_code == 404
    assert boss.post("/settings/hub", namespace="a", account_id="a", right="all").status_code == 400


def test_nobody_else_sees_it(served):
    assert Person(served, "grace", Role.APPROVER).get("/settings/hub").status_code == 403
