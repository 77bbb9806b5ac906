"""Exceptions in the console: one asks, another decides, it ends by itself."""

import pytest
from tests.console.test_revocation_page import browser, token
from tests.fleet.serving import running
from tests.fleet.small_fleet import DESKTOP, LAPTOP, PICKLE, POET, fill

from weighbridge.fleet.permissions import Role, Scope

DAY = 86_400_000


@pytest.fixture
def served(store):
    store.write_now(fill)
    with running(store) as started:
        yield started


def ask(client, **fields):
    page = client.get("/exceptions")
    usual = {"check": "license-noncommercial", "sha256": POET, "scope": "endpoint", "scope_of": LAPTOP}
    form = {"form_token": token(page), "reason": "Research only.", "days": "30", "owner": "grace"} | usual | fields
    return client.post("/exceptions", data=form, follow_redirects=True)


def decide(client, page, state, **fields):
    address = page.url.path
    form = {"form_token": token(client.get(address)), "state": state} | fields
    return client.post(address, data=form, follow_redirects=True)


def test_one_asks_and_another_grants(served):
    analyst, _ = browser(served, Role.ANALYST)
    asked = ask(analyst)
    assert "Asked. Somebody else decides" in asked.text
    assert "Grant it?" not in asked.text
    approver, _ = browser(served)
    shown = approver.get(asked.url.path)
    assert "Grant it?" in shown.text
    granted = decide(approver, shown, "granted", days="7")
    assert "not signed" in granted.text
    assert "grace" in granted.text
    assert "2026-09-28, at the end of that day" in granted.text
    withdrawn = decide(approver, granted, "withdrawn", reason="The audit is over.")
    assert "The audit is over." in withdrawn.text
    undone = decide(approver, withdrawn, "undone")
    assert "not signed" in undone.text
    assert undone.text.count("<tr data-at") == 4, "every step stays in its history"


def test_who_asks_does_not_decide(served):
    approver, _ = browser(served)
    asked = ask(approver)
    refused = decide(approver, asked, "granted")
    assert refused.status_code == 403
    assert "who asks does not decide" in refused.text


def test_an_owner_asks_for_their_own_endpoint_and_no_other(served):
    owner, _ = browser(served, Role.OWNER, Scope(endpoint_id=LAPTOP))
    page = owner.get("/exceptions")
    assert f'name="scope_of" value="{LAPTOP}"' in page.text
    assert "My exceptions" in page.text
    asked = ask(owner)
    assert asked.status_code == 200
    assert ask(owner, scope_of=DESKTOP).status_code == 404
    assert ask(owner, scope="fleet").status_code == 400
    other, _ = browser(served, Role.VIEWER, Scope(groups=("ops",)))
    assert other.get(asked.url.path).status_code == 404
    assert "license-noncommercial" not in other.get("/exceptions").text


def test_a_viewer_sees_and_cannot_ask(served):
    viewer, form = browser(served, Role.VIEWER)
    page = viewer.get("/exceptions")
    assert "Ask for one" not in page.text
    assert viewer.post("/exceptions", data={"form_token": form}).status_code == 403


def test_what_attacks_is_refused_and_the_form_stays(served):
    analyst, _ = browser(served, Role.ANALYST)
    page = ask(analyst, check="pickle-code", sha256=PICKLE)
    assert page.status_code == 400
    assert "this model is malicious: nobody is excepted from" in page.text
    assert f'value="{PICKLE}"' in page.text
    assert ask(analyst, days="400").status_code == 400


def test_renewing_asks_once_more(served):
    analyst, _ = browser(served, Role.ANALYST)
    asked = ask(analyst)
    approver, _ = browser(served)
    first = decide(approver, asked, "granted")
    form = {"form_token": token(analyst.get(first.url.path)), "days": "60", "reason": ""}
    again = analyst.post(f"{first.url.path}/renew", data=form, follow_redirects=True)
    assert "Goes on with" in again.text
    assert "for 60 days" in again.text


def test_the_form_knows_what_the_address_names(served):
    analyst, _ = browser(served, Role.ANALYST)
    page = analyst.get("/exceptions", params={"rule": "warn-review", "sha256": POET, "endpoint": LAPTOP}).text
    for value in ("warn-review", POET, LAPTOP):
        assert f'value="{value}"' in page
