"""Every section keeps its promises: what is written is read back, twice changes nothing, what is taken out is gone."""

import pytest
from tests.fleet.config_kit import applied, planned, said
from tests.fleet.small_fleet import LAPTOP, fill

from weighbridge.fleet import saved_views
from weighbridge.fleet.config_registry import SECTIONS
from weighbridge.fleet.permissions import Role, Viewer

ONE = {
    "settings": "{silent_days: 3}",
    "groups": "[{name: a, note: n, rule: 'owner:ada'}]",
    "enrollment": "[{name: a, group: lab, labels: {x: y}, uses: 3, days: 2, needs_approval: true, note: n}]",
    "repositories": "[{name: a.b/c, owner: ada, data_class: internal, note: n}]",
    "endpoints": f"[{{endpoint: {LAPTOP}, owner: eve, group: vip, data_class: internal, labels: {{a: b}}}}]",
    "targets": "[{name: a, kind: otlp, address: 'https://a.example'}]",
    "views": "[{name: Mine, list: endpoints, query: 'owner:ada', sort: name, columns: 'name,owner'}]",
    "accounts": "[{name: a, role: analyst, groups: [lab]}, {name: b, role: administrator}]",
}


def sections(kinds=tuple(SECTIONS)):
    return pytest.mark.parametrize("name", kinds)


@sections()
def test_what_is_written_is_read_back_and_not_written_again(store, name):
    store.write_now(fill)
    text = f"{name}: {ONE[name]}\n"
    assert len(applied(store, text).changes) == (2 if name == "accounts" else 1)
    assert said(applied(store, text)) == []
    assert said(planned(store, text, prune=True)) == [
        one for one in said(planned(store, text, prune=True)) if one[0] == "remove"
    ]


@sections([name for name in SECTIONS if name not in ("settings", "accounts")])
def test_what_no_file_names_can_be_taken_out_and_put_back(store, name):
    store.write_now(fill)
    text = f"{name}: {ONE[name]}\n"
    applied(store, text)
    gone = said(applied(store, f"{name}: []\n", prune=True))
    assert gone
    assert {action for action, _, _ in gone} == {"remove"}
    assert said(applied(store, f"{name}: []\n", prune=True)) == []
    assert len(applied(store, text).changes) == 1


def test_settings_that_a_file_leaves_out_stay(store):
    applied(store, "settings: {silent_days: 3}\n")
    applied(store, "settings: {exports_days: 5}\n")
    held = SECTIONS["settings"].read
    body = store.read_now(held)["fleet"]
    assert (body["silent_days"], body["exports_days"]) == (3, 5)


def test_a_view_that_a_person_shared_stays_theirs(store):
    ada = Viewer(account_id="a", name="ada", role=Role.ANALYST, permissions=frozenset())
    for name, shared in (("Ours", True), ("Mine", False)):
        store.write_now(
            lambda c, name=name, shared=shared: saved_views.save(c, 5, ada, name, "endpoints", query="x", shared=shared)
        )
    assert list(store.read_now(SECTIONS["views"].read)) == ["endpoints: Ours"]
    applied(store, "views: [{name: Ours, list: endpoints, query: 'owner:eve'}]\n")
    rows = store.read_now(lambda c: c.execute(saved_views.VIEWS.select().order_by(saved_views.VIEWS.c.name)).all())
    assert [(row.name, row.owner, row.query) for row in rows] == [("Mine", "ada", "x"), ("Ours", "ada", "owner:eve")]
