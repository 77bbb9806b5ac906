"""The page of all records."""

import pytest
from tests.console.browsing import signed_in
from tests.fleet.small_fleet import LAPTOP, SERVER
from tests.fleet.things import tell

from weighbridge.console import fleet_records_page
from weighbridge.fleet import record_search
from weighbridge.fleet.permissions import Role, Scope


@pytest.fixture
def told(served):
    run = ("process", {"pid": 7, "started": 1, "name": "<b>ollama", "user": "ada", "actor": {"kind": "agent"}})
    served.store.write_now(lambda connection: tell(connection, LAPTOP, [("start", {}), run]))
    served.store.write_now(lambda connection: tell(connection, SERVER, [("gap", {"why": "stopped"})]))
    return served


def test_records_of_all_endpoints_are_shown(told):
    page = signed_in(told, Role.ANALYST).get("/records").text
    assert page.count("<tr data-at=") == 3
    assert "&lt;b&gt;ollama" in page
    assert "3 records" in page
    assert "/ledger/" + LAPTOP in page


def test_what_was_not_looked_at_is_said(told, monkeypatch):
    monkeypatch.setitem(record_search.search.__kwdefaults__, "looked", 1)
    client = signed_in(told, Role.ANALYST)
    page = client.get("/records", params={"q": "process:none"}).text
    assert "Nothing among the newest" in page
    assert "Look further back" in page
    assert "narrow it by digest, endpoint, kind or time" in page


def test_older_ones_are_a_click_away(told, monkeypatch):
    monkeypatch.setattr(fleet_records_page, "LIMIT", 2)
    client = signed_in(told, Role.ANALYST)
    page = client.get("/records").text
    after = page.split('rel="next" href="?')[1].split('"')[0].replace("&amp;", "&")
    assert client.get(f"/records?{after}").text.count("<tr data-at=") == 1


def test_columns_are_chosen_in_the_address(told):
    client = signed_in(told, Role.ANALYST)
    page = client.get("/records?columns=kind,received_at,endpoint_id").text
    assert page.count('<th scope="col">') == 3
    answer = client.get("/records?columns=knid")
    assert (answer.status_code, "did you mean `kind`?" in answer.text) == (400, True)


def test_a_mistake_is_marked_and_fields_are_told(told):
    answer = signed_in(told, Role.ANALYST).get("/records", params={"q": "kind:gap procss:x network:offline"})
    assert answer.status_code == 400
    assert "kind:gap <mark>procss:x</mark> network:offline" in answer.text
    assert "<dt><code>actor</code></dt>" in answer.text


def test_who_may_not_read_records_is_refused(told):
    assert signed_in(told, Role.VIEWER).get("/records").status_code == 403
    page = signed_in(told, Role.ANALYST, Scope(groups=("ops",))).get("/records").text
    assert page.count("<tr data-at=") == 1
