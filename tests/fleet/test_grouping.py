import pytest
from sqlalchemy import update
from tests.fleet.small_fleet import AT, DESKTOP, LAPTOP, SERVER, fill

from weighbridge.fleet import grouping, groups, labels
from weighbridge.fleet.endpoints import ENDPOINTS, endpoint
from weighbridge.fleet.groups import Described


@pytest.fixture
def fleet(store):
    store.write_now(fill)
    return store


def where(store):
    return {
        one: store.read_now(lambda connection, one=one: endpoint(connection, one).group_name)
        for one in (LAPTOP, DESKTOP, SERVER)
    }


def describe(store, *rules, place=None):
    def job(connection):
        for name, rule in rules:
            groups.describe(connection, Described(name=name, rule=rule), AT, place)
        return grouping.regroup(connection, AT)

    return store.write_now(job)


def test_the_first_rule_that_matches_decides(fleet):
    assert describe(fleet, ("people", "owner:ada OR owner:bob"), ("ada", "owner:ada"), ("rest", "platform:Linux")) == 3
    assert where(fleet) == {LAPTOP: "people", DESKTOP: "people", SERVER: "rest"}
    assert fleet.write_now(lambda connection: grouping.regroup(connection, AT)) == 0


def test_who_leaves_every_rule_goes_back_to_where_the_token_put_it(fleet):
    describe(fleet, ("ada", "owner:ada"))
    assert where(fleet)[LAPTOP] == "ada"
    gone = update(ENDPOINTS).where(ENDPOINTS.c.endpoint_id == LAPTOP).values(owner="eve")
    fleet.write_now(lambda connection: connection.execute(gone))
    assert fleet.write_now(lambda connection: grouping.regroup(connection, AT)) == 1
    assert where(fleet)[LAPTOP] == "lab"


def test_a_rule_that_is_taken_back_lets_everybody_go(fleet):
    describe(fleet, ("all", "platform:*"))
    assert set(where(fleet).values()) == {"all"}
    fleet.write_now(lambda connection: groups.forget(connection, "all"))
    assert fleet.write_now(lambda connection: grouping.regroup(connection, AT)) == 3
    assert where(fleet) == {LAPTOP: "lab", DESKTOP: "lab", SERVER: "ops"}


def test_a_hand_goes_over_rules_until_it_lets_go(fleet):
    describe(fleet, ("all", "platform:*"))
    assert fleet.write_now(lambda connection: grouping.by_hand(connection, LAPTOP, "vip", AT))
    assert fleet.write_now(lambda connection: grouping.regroup(connection, AT)) == 0
    assert where(fleet)[LAPTOP] == "vip"
    assert fleet.read_now(grouping.chosen_by_hand) == {LAPTOP: "vip"}
    assert fleet.write_now(lambda connection: grouping.by_rules(connection, LAPTOP, AT))
    assert where(fleet)[LAPTOP] == "all"
    assert fleet.read_now(grouping.chosen_by_hand) == {}
    fleet.write_now(lambda connection: groups.forget(connection, "all"))
    fleet.write_now(lambda connection: grouping.regroup(connection, AT))
    assert where(fleet)[LAPTOP] == "lab"


def test_labels_and_one_endpoint_alone(fleet):
    fleet.write_now(lambda connection: labels.set_labels(connection, SERVER, {"tier": "1"}, AT))

    def job(connection):
        groups.describe(connection, Described(name="first", rule="label:tier=1"), AT)
        return grouping.regroup(connection, AT, [LAPTOP]), grouping.regroup(connection, AT, [SERVER])

    assert fleet.write_now(job) == (0, 1)
    assert where(fleet)[SERVER] == "first"


def test_nobody_else_is_there(fleet):
    assert not fleet.write_now(lambda connection: grouping.by_hand(connection, "x" * 16, "vip", AT))
    assert not fleet.write_now(lambda connection: grouping.by_rules(connection, "x" * 16, AT))
