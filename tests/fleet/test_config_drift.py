from tests.fleet.config_kit import WHOLE, applied
from tests.fleet.managed import Asking
from tests.fleet.small_fleet import AT, LAPTOP, fill

from weighbridge.fleet import config_drift, grouping, groups


def drift(store):
    return store.read_now(config_drift.drift)


def test_before_files_were_applied_everything_is_by_hand(store):
    store.write_now(fill)
    found = drift(store)
    assert (found.applied_at, found.drifted) == (None, [])
    assert {one.section for one in found.by_hand} == {"endpoints"}
    assert all(one.managed == 0 for one in found.sections)
    assert {found.names[one.item] for one in found.by_hand} <= {"laptop", "desktop", "server"}


def test_what_was_applied_has_not_drifted(store):
    store.write_now(fill)
    applied(store, WHOLE)
    found = drift(store)
    assert (found.applied_at, found.drifted) == (AT, [])
    assert {one.section: one.managed for one in found.sections}["groups"] == 2


def test_what_was_changed_by_hand_is_named_with_who_did_it(served):
    served.store.write_now(fill)
    applied(served.store, WHOLE)
    served.clock.now = AT + 5
    asking = Asking(served)
    asking.ask("PUT", "/groups/people", {"rule": "owner:eve"})
    asking.ask("DELETE", "/enrollment-definitions/laptops", status=204)
    asking.ask("PUT", "/groups/mine", {})
    found = drift(served.store)
    assert [(one.section, one.item, one.is_gone, one.changed_by) for one in found.drifted] == [
        ("groups", "people", False, "ada"),
        ("enrollment", "laptops", True, "ada"),
    ]
    rule = next(one for one in found.drifted[0].fields if one.name == "rule")
    assert (rule.before, rule.after) == ("owner:ada OR owner:bob", "owner:eve")
    assert (found.drifted[0].source.partition(":")[0], found.drifted[0].changed_at) == ("fleet.yaml", AT + 5)
    assert ("groups", "mine") in {(one.section, one.item) for one in found.by_hand}
    applied(served.store, WHOLE, now=AT + 9)
    assert drift(served.store).drifted == []


def test_only_what_the_file_said_of_an_endpoint_can_drift(store):
    store.write_now(fill)
    applied(store, f"endpoints:\n  - {{endpoint: {LAPTOP}, labels: {{a: b}}}}\n")
    store.write_now(lambda connection: grouping.by_hand(connection, LAPTOP, "vip", AT))
    assert drift(store).drifted == []


def test_a_file_that_names_an_item_no_more_lets_it_go(store):
    store.write_now(fill)
    applied(store, WHOLE)
    applied(store, "groups:\n  - {name: people, rule: 'owner:ada OR owner:bob', note: laptops with an owner}\n")
    store.write_now(lambda connection: groups.forget(connection, "canary"))
    assert drift(store).drifted == []
    managed = {one.section: one.managed for one in drift(store).sections}
    assert (managed["groups"], managed["settings"], managed["accounts"]) == (1, 1, 1)
