from weighbridge.fleet import export_shown
from weighbridge.fleet.target_registry import TARGETS


def test_every_kind_says_what_it_asks_for():
    kinds = {one.kind: one for one in export_shown.kinds()}
    assert list(kinds) == list(TARGETS)
    assert {one.name for one in kinds["jira"].options} == set(TARGETS["jira"].options)
    assert all(option.about for one in kinds.values() for option in one.options)


def test_nothing_is_shown_before_there_is_something(store):
    assert store.read_now(export_shown.listed) == []
