import pytest
from tests.fleet.config_kit import WHOLE, applied, planned, said
from tests.fleet.small_fleet import AT, DESKTOP, LAPTOP, fill

from weighbridge.fleet import (
    accounts,
    audit,
    business_context,
    config_applied,
    enrollment_definitions,
    fleet_settings,
    groups,
    labels,
)
from weighbridge.fleet.endpoints import endpoint
from weighbridge.fleet.permissions import Role, Scope
from weighbridge.model.errors import WeighbridgeError

ALL = [
    ("change", "settings", "fleet"),
    ("add", "groups", "canary"),
    ("add", "groups", "people"),
    ("add", "enrollment", "laptops"),
    ("add", "repositories", "github.com/acme/app"),
    ("change", "endpoints", LAPTOP),
    ("add", "accounts", "auditor"),
]


@pytest.fixture
def fleet(store):
    store.write_now(fill)
    return store


def test_everything_is_applied_and_a_second_time_nothing(fleet):
    assert said(planned(fleet, WHOLE)) == ALL
    assert said(applied(fleet, WHOLE)) == ALL
    assert fleet.read_now(fleet_settings.current).records_days == 90
    assert [one.name for one in fleet.read_now(groups.described)] == ["canary", "people"]
    assert fleet.read_now(enrollment_definitions.every)[0].labels == {"site": "berlin"}
    assert fleet.read_now(business_context.repositories)[0].data_class == "restricted"
    assert fleet.read_now(labels.of_endpoints) == {LAPTOP: {"ring": "canary"}}
    laptop, desktop = (fleet.read_now(lambda c, one=one: endpoint(c, one)) for one in (LAPTOP, DESKTOP))
    assert (laptop.owner, laptop.group_name, desktop.group_name) == ("eve", "canary", "people")
    auditor = fleet.read_now(lambda connection: accounts.by_name(connection, "auditor"))
    assert (auditor.role, auditor.scope, auditor.has_password) == (Role.VIEWER, Scope(groups=("people",)), False)
    again = applied(fleet, WHOLE)
    assert (said(again), again.same) == ([], 7)
    trail = fleet.read_now(lambda connection: audit.newest(connection, 50))
    assert [one.action for one in trail[:2]] == ["config.apply", "config.apply"]
    assert sum(one.action == "config.add" for one in trail) == 5


def test_all_of_it_or_nothing(fleet):
    broken = WHOLE + "  - {name: someone, role: owner}\n"
    with pytest.raises(WeighbridgeError, match=r"fleet.yaml:\d+: an owner is the person of one endpoint") as raised:
        applied(fleet, broken)
    assert raised.value.code == "E-account"
    assert fleet.read_now(groups.described) == []
    assert fleet.read_now(config_applied.every) == []
    assert [one for one in fleet.read_now(lambda c: audit.newest(c, 50)) if one.action.startswith("config")] == []


def test_what_no_file_names_stays_or_goes(fleet):
    applied(fleet, WHOLE)
    less = "groups:\n  - {name: people, rule: 'owner:ada OR owner:bob', note: laptops with an owner}\nendpoints: []\n"
    plan = applied(fleet, less)
    assert said(plan) == [("change", "groups", "(order)")]
    assert {(one.section, one.item) for one in plan.only_here} == {
        ("groups", "canary"),
        ("endpoints", LAPTOP),
        ("endpoints", DESKTOP),
    }
    plan = applied(fleet, less, prune=True)
    assert ("remove", "groups", "canary") in said(plan)
    assert ("remove", "endpoints", LAPTOP) in said(plan)
    assert not any(section == "accounts" for _, section, _ in said(plan))
    assert fleet.read_now(lambda connection: endpoint(connection, LAPTOP)).group_name == "lab"
    assert said(applied(fleet, less, prune=True)) == []


def test_rules_stand_in_the_order_of_the_file(fleet):
    one, two = "  - {name: a, rule: 'owner:ada'}\n", "  - {name: b, rule: 'platform:*'}\n"
    applied(fleet, "groups:\n" + one + two)
    assert fleet.read_now(lambda connection: endpoint(connection, LAPTOP)).group_name == "a"
    assert said(applied(fleet, "groups:\n" + two + one)) == [("change", "groups", "(order)")]
    assert fleet.read_now(lambda connection: endpoint(connection, LAPTOP)).group_name == "b"
    by_hand = groups.Described(name="mine", rule="owner:ada")
    fleet.write_now(lambda connection: groups.describe(connection, by_hand, AT, -1))
    assert said(applied(fleet, "groups:\n" + two + one)) == [("change", "groups", "(order)")]
    assert [one.name for one in fleet.read_now(groups.described)] == ["b", "a", "mine"]
    assert said(applied(fleet, "groups:\n" + two + one)) == []


def test_an_endpoint_that_is_not_there_is_said_and_passed_over(fleet):
    plan = applied(fleet, "endpoints:\n  - {endpoint: zzzzzzzzzzzzzzzz, owner: x}\n")
    assert (said(plan), plan.notes) == ([], ["fleet.yaml:2: zzzzzzzzzzzzzzzz is not in the fleet"])
    assert fleet.read_now(config_applied.every) == []


def test_what_a_file_leaves_out_of_an_endpoint_stays(fleet):
    applied(fleet, f"endpoints:\n  - {{endpoint: {LAPTOP}, labels: {{a: b}}}}\n")
    assert fleet.read_now(lambda connection: endpoint(connection, LAPTOP)).owner == "ada"
    applied(fleet, f"endpoints:\n  - {{endpoint: {LAPTOP}, group: vip}}\n")
    assert fleet.read_now(lambda connection: endpoint(connection, LAPTOP)).group_name == "vip"
    applied(fleet, f"endpoints:\n  - {{endpoint: {LAPTOP}, group: null}}\n")
    assert fleet.read_now(lambda connection: endpoint(connection, LAPTOP)).group_name == "lab"
    assert fleet.read_now(labels.of_endpoints) == {LAPTOP: {"a": "b"}}


def test_accounts_are_changed_disabled_and_let_in_again(fleet):
    applied(fleet, "accounts:\n  - {name: root, role: administrator}\n  - {name: ada, role: analyst}\n")
    applied(fleet, "accounts:\n  - {name: root, role: administrator}\n  - {name: ada, role: viewer, groups: [b, a]}\n")
    ada = fleet.read_now(lambda connection: accounts.by_name(connection, "ada"))
    assert (ada.role, set(ada.scope.groups)) == (Role.VIEWER, {"a", "b"})
    assert said(applied(fleet, "accounts:\n  - {name: root, role: administrator}\n", prune=True)) == [
        ("remove", "accounts", "ada")
    ]
    assert said(applied(fleet, "accounts:\n  - {name: root, role: administrator}\n", prune=True)) == []
    assert said(applied(fleet, "accounts:\n  - {name: ada, role: viewer, groups: [b, a]}\n")) == [
        ("change", "accounts", "ada")
    ]
    with pytest.raises(WeighbridgeError, match="last administrator"):
        applied(fleet, "accounts: []\n", prune=True)
