import pytest
from tests.fleet.managed import Asking, manage
from tests.fleet.small_fleet import LAPTOP, fill


@pytest.mark.parametrize(
    ("section", "item", "method", "path", "body"),
    [
        ("groups", "lab", "PUT", "/groups/lab", {}),
        ("groups", "lab", "DELETE", "/groups/lab", None),
        ("repositories", "github.com/acme/app", "PUT", "/repositories", {"name": "https://github.com/acme/app"}),
        ("repositories", "github.com/acme/app", "POST", "/repositories/forget", {"name": "github.com/acme/app"}),
        ("enrollment", "laptops", "PUT", "/enrollment-definitions/laptops", {}),
        ("enrollment", "laptops", "DELETE", "/enrollment-definitions/laptops", None),
        ("endpoints", LAPTOP, "PATCH", f"/endpoints/{LAPTOP}", {"owner": "eve"}),
    ],
)
def test_what_files_manage_is_changed_by_files(served, section, item, method, path, body):
    served.store.write_now(fill)
    asking = Asking(served)
    for one in ({"name": item, "rule": ""}, {"name": item}):
        asking.client.request(
            "PUT", f"/api/v1{path}" if method in ("PUT", "DELETE") else "/api/v1/repositories", json=one
        )
    manage(served, section, item)
    assert asking.ask(method, path, body, status=409)["code"] == "E-managed"


def test_what_they_do_not_manage_is_changed_by_hand(served):
    asking = Asking(served)
    manage(served, "groups", "lab")
    asking.ask("PUT", "/groups/ops", {})


def test_by_default_both_may(served):
    asking = Asking(served)
    before = served.server.settings
    manage(served, "groups", "lab")
    served.server.settings = before
    asking.ask("PUT", "/groups/lab", {})


def test_views_that_files_manage_are_changed_by_files_and_ones_own_by_oneself(served):
    asking = Asking(served)
    view = {"name": "High", "list": "findings", "query": "severity:>=high"}
    mine = asking.ask("POST", "/views", view | {"shared": True}, status=201)["view_id"]
    gone = asking.ask("POST", "/views", view | {"name": "Gone", "shared": True}, status=201)["view_id"]
    asking.ask("DELETE", f"/views/{gone}", status=204)
    private = asking.ask("POST", "/views", view | {"name": "Mine"}, status=201)["view_id"]
    manage(served, "views", "findings: High")
    for more in ({"shared": True}, {"shared": False}, {"name": "  High ", "shared": True}):
        assert asking.ask("POST", "/views", view | more, status=409)["code"] == "E-managed"
    asking.ask("POST", f"/views/{mine}", {"name": "Other", "shared": True}, status=409)
    asking.ask("POST", f"/views/{private}", {"name": "High", "shared": True}, status=409)
    asking.ask("DELETE", f"/views/{mine}", status=409)
    asking.ask("POST", f"/views/{mine}/pin", {"pinned": True}, status=204)
    asking.ask("POST", "/views", view | {"list": "artifacts", "query": "", "shared": True}, status=201)
    asking.ask("POST", f"/views/{private}", {"name": "Mine too", "shared": True}, status=200)
    asking.ask("POST", f"/views/{gone}/bring-back", status=204)
    manage(served, "views", "findings: Gone")
    asking.ask("DELETE", f"/views/{gone}", status=409)


def test_a_view_that_files_manage_is_not_brought_back_by_hand(served):
    asking = Asking(served)
    made = asking.ask("POST", "/views", {"name": "High", "list": "findings", "shared": True}, status=201)["view_id"]
    asking.ask("DELETE", f"/views/{made}", status=204)
    manage(served, "views", "findings: High")
    asking.ask("POST", f"/views/{made}/bring-back", status=409)
    assert asking.ask("GET", "/views") == []


def test_accounts_that_files_manage_are_changed_by_files(served):
    asking = Asking(served)
    made = asking.ask("POST", "/accounts", {"name": "Bob", "role": "viewer"}, status=201)
    manage(served, "accounts", "bob")
    asking.ask("PATCH", f"/accounts/{made['account_id']}", {"role": "analyst"}, status=409)
    asking.ask("POST", "/accounts", {"name": "BOB", "role": "viewer"}, status=409)
    asking.ask("POST", "/accounts", {"name": "eve", "role": "viewer"}, status=201)
