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


def test_accounts_that_files_manage_are_changed_by_files(served):
    asking = Asking(served)
    made = asking.ask("POST", "/accounts", {"name": "Bob", "role": "viewer"}, status=201)
    manage(served, "accounts", "bob")
    asking.ask("PATCH", f"/accounts/{made['account_id']}", {"role": "analyst"}, status=409)
    asking.ask("POST", "/accounts", {"name": "BOB", "role": "viewer"}, status=409)
    asking.ask("POST", "/accounts", {"name": "eve", "role": "viewer"}, status=201)
