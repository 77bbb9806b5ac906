from tests.fleet.config_kit import applied, planned
from tests.fleet.small_fleet import LAPTOP, fill

from weighbridge.fleet import groups
from weighbridge.fleet.config_plan import FieldChange, differences


def test_a_plan_names_what_was_and_what_will_be_and_changes_nothing(store):
    store.write_now(fill)
    applied(store, "groups:\n  - {name: a, rule: 'owner:ada'}\n")
    plan = planned(store, "groups:\n  - {name: a, rule: 'owner:bob'}\n  - {name: b}\n")
    change, added = plan.changes
    assert (change.action, change.item, change.source) == ("change", "a", "fleet.yaml:2")
    assert change.fields == [FieldChange(name="rule", before="owner:ada", after="owner:bob")]
    assert [(one.name, one.before, one.after) for one in added.fields] == [("note", None, ""), ("rule", None, "")]
    assert store.read_now(groups.described)[0].rule == "owner:ada"


def test_only_what_a_body_names_is_compared(store):
    store.write_now(fill)
    assert planned(store, f"endpoints:\n  - {{endpoint: {LAPTOP}, owner: ada}}\n").same == 1
    assert differences({"a": 1, "b": None}, {"b": None}) == []
    assert differences({}, {"b": None}) == [FieldChange(name="b", before=None, after=None)]


def test_a_removal_says_what_is_lost(store):
    store.write_now(fill)
    applied(store, "groups:\n  - {name: a, rule: 'owner:ada'}\n")
    (gone,) = planned(store, "groups: []\n", prune=True).changes
    assert (gone.action, gone.source) == ("remove", "")
    assert FieldChange(name="rule", before="owner:ada", after=None) in gone.fields
