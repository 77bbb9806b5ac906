import pytest
from tests.fleet.managed import Asking
from tests.fleet.small_fleet import LAPTOP, SERVER, fill

from weighbridge.fleet import audit
from weighbridge.fleet.permissions import Scope


@pytest.fixture
def asking(served):
    served.store.write_now(fill)
    return Asking(served)


def test_a_rule_moves_endpoints_and_lets_them_go(asking):
    assert asking.ask("PUT", "/groups/people", {"note": "with an owner", "rule": "owner:ada OR owner:bob"}) == {
        "moved": 2
    }
    listed = {one["name"]: (one["endpoints"], one["rule"]) for one in asking.ask("GET", "/groups")}
    assert listed == {"people": (2, "owner:ada OR owner:bob"), "ops": (1, "")}
    assert asking.ask("GET", "/endpoints?q=group:people")["total"] == 2
    assert asking.ask("DELETE", "/groups/people") == {"moved": 2}
    asking.ask("DELETE", "/groups/people", status=404)
    actions = [one.action for one in asking.served.store.read_now(lambda c: audit.newest(c, 5))]
    assert {"group.describe", "group.forget"} <= set(actions)


def test_labels_context_and_groups_of_one_endpoint(asking):
    asking.ask("PUT", "/groups/restricted", {"rule": "data_class:restricted"})
    one = f"/endpoints/{LAPTOP}"
    asking.ask("PATCH", one, {"labels": {"site": "berlin"}, "data_class": "restricted", "owner": "eve"}, status=204)
    assert asking.ask("GET", "/labels") == [{"label": "site=berlin", "endpoints": 1}]
    shown = asking.ask("GET", one)["endpoint"]
    assert (shown["group_name"], shown["owner"], shown["labels"]) == ("restricted", "eve", '{"site":"berlin"}')
    asking.ask("PATCH", one, {"group": "vip"}, status=204)
    assert asking.ask("GET", one)["endpoint"]["group_name"] == "vip"
    asking.ask("PATCH", one, {"group": None, "data_class": ""}, status=204)
    assert asking.ask("GET", one)["endpoint"]["group_name"] == "lab"
    asking.ask("PATCH", one, {"labels": {"Site": "x"}}, status=400)
    asking.ask("PATCH", one, {}, status=204)


def test_a_rule_that_cannot_be_read_changes_nothing(asking):
    problem = asking.ask("PUT", "/groups/x", {"rule": "severity:high"}, status=400)
    assert (problem["code"], "no field `severity`" in problem["detail"]) == ("E-query", True)
    asking.ask("PUT", "/groups/%3Cb%3E", {}, status=400)
    assert {one["name"] for one in asking.ask("GET", "/groups")} == {"lab", "ops"}


def test_who_sees_a_part_moves_nobody_by_rules(asking):
    limited = Asking(asking.served, Scope(groups=("lab",)), "bob")
    assert [one["name"] for one in limited.ask("GET", "/groups")] == ["lab"]
    limited.ask("PUT", "/groups/lab", {"rule": "platform:*"}, status=403)
    limited.ask("DELETE", "/groups/lab", status=403)
    limited.ask("PATCH", f"/endpoints/{SERVER}", {"labels": {}}, status=404)
    limited.ask("PATCH", f"/endpoints/{LAPTOP}", {"group": "ops"}, status=403)
