"""What people see and sign of the catalog, from the line that they type to what endpoints are told."""

import json

import pytest
from tests.cli.ruling_fleet import fleet, rulings  # noqa: F401  (fixtures)
from tests.hub.catalog_rows import add_release

from weighbridge.fleet import rulings as texts
from weighbridge.hub import catalog_text, grants
from weighbridge.sync.approvals import read_approvals
from weighbridge.sync.rulings import CATALOG

A, B = "a" * 64, "b" * 64


@pytest.fixture
def approved(rulings):  # noqa: F811
    """A fleet whose catalog holds one release that everybody may read, and one that is for few."""
    rulings.do(lambda c: add_release(c, "acme/coder", A, data_classes="internal", version="1.2"))
    rulings.do(lambda c: add_release(c, "secret/merger", B))
    rulings.do(lambda c: grants.give(c, 1, "secret", "ada", grants.READ, by="grace"))
    return rulings


def test_people_sign_what_they_read(approved):
    approved.delegated()
    shown = approved.well("catalog")
    assert f"{A[:12]}  acme/coder 1.2  approved  internal  until " in shown
    assert f"{B[:12]}  (in a closed namespace)  approved  no data said  until " in shown
    assert "merger" not in shown
    assert "2 of 2 for catalog: nothing signed yet" in shown
    assert "2 releases are not as the catalog says: wb fleet catalog --sign FILE" in shown
    said = approved.well("catalog", "--sign", "cat.sign.json")
    assert "cat.text.json is what it says" in said
    assert "catalog 1 are published" in approved.signed("cat.sign.json")
    text = approved.do(lambda c: texts.current(c, CATALOG))
    assert [one.weights for one in read_approvals(text.content).approved] == [(A,), (B,)]
    assert "not as the catalog says" not in approved.well("catalog")
    found = json.loads(approved("catalog", "--format", "json")[1])
    assert (found["role"]["number"], found["waiting"], found["left_out"]) == (1, 0, 0)


def test_what_is_signed_is_shown_to_who_signs_it(approved):
    approved.delegated()
    approved.well("catalog", "--sign", "cat.sign.json")
    shown = approved.policies.well("sign", "cat.sign.json", "--text", "cat.text.json", "--key", "ada")
    assert "catalog 1: 2 releases may be used, 0 had no room" in shown
    assert f"  {A[:12]}  acme/coder 1.2  approved" in shown


def test_what_has_no_room_is_said(approved, monkeypatch):
    monkeypatch.setattr(catalog_text, "MOST_RULINGS", 1)
    for asked in ((), ("--sign", "cat.sign.json")):
        assert "1 release has no room in the text" in approved.well("catalog", *asked)


def test_before_anybody_is_named(rulings):  # noqa: F811
    shown = rulings.well("catalog")
    assert "nothing is approved in the catalog" in shown
    assert "nobody yet: wb fleet policy root, then wb fleet policy delegate" in shown
