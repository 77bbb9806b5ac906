"""Deciding about findings in the list."""

import re

from tests.console.browsing import signed_in

from weighbridge.fleet.permissions import Role


def test_deciding_about_marked_findings_and_undoing_it(served):
    client = signed_in(served, Role.APPROVER)
    page = client.get("/findings").text
    marked = re.findall(r'name="finding" value="([^"]+)"', page)
    assert len(marked) == 2
    token = re.search(r'name="form_token" value="([^"]+)"', page)
    assert token is not None
    form = {"form_token": token[1], "q": "open:yes state:new"}
    chosen = form | {"finding": marked, "state": "accepted", "reason": "only test data", "days": "30"}
    assert client.post("/findings/triage", data=chosen | {"form_token": ""}).status_code == 403
    done = client.post("/findings/triage", data=chosen)
    assert done.status_code == 303
    page = client.get(done.headers["location"]).text
    assert "Decided about 2 findings." in page
    assert "Nothing to do" in page
    assert "only test data" in client.get("/findings", params={"q": "state:accepted"}).text
    change = re.search(r'name="change" value="([^"]+)"', page)
    assert change is not None
    assert client.post("/findings/undo", data=form | {"change": change[1]}).status_code == 303
    assert "says pickle-call" in client.get("/findings").text
    refused = client.post("/findings/triage", data=chosen | {"reason": ""})
    assert refused.status_code == 400
    assert "this needs a reason" in refused.text


def test_who_may_not_decide_is_not_asked_to(served):
    page = signed_in(served).get("/findings").text
    assert "says pickle-call" in page
    assert 'name="finding"' not in page


def test_everything_that_a_query_matches_is_decided_with_plain_forms(served):
    client = signed_in(served, Role.APPROVER)
    page = client.get("/findings", params={"q": "open:yes"})
    assert "/findings/all?q=open%3Ayes" in page.text
    page = client.get("/findings/all", params={"q": "open:yes"})
    assert "<h1>2 findings</h1>" in page.text
    assert "on 2 endpoints" in page.text
    token = re.search(r'name="form_token" value="([^"]+)"', page.text)[1]
    form = {"form_token": token, "q": "open:yes", "expected": "2", "state": "accepted", "reason": "known", "days": "9"}
    refused = client.post("/findings/all", data=form | {"expected": "3"})
    assert refused.status_code == 409
    assert "2 findings match now, not 3" in refused.text
    assert client.post("/findings/all", data=form | {"days": ""}).status_code == 400
    done = client.post("/findings/all", data=form)
    assert done.status_code == 303
    page = client.get(done.headers["location"])
    assert "Decided about 2 findings" in page.text


def test_a_query_without_findings_or_that_is_none_is_explained(served):
    client = signed_in(served, Role.ANALYST)
    assert "Nothing fits this query" in client.get("/findings/all", params={"q": "check:none"}).text
    answer = client.get("/findings/all", params={"q": "chekc:none"})
    assert answer.status_code == 400
    assert "chekc" in answer.text
    assert signed_in(served, Role.VIEWER).get("/findings/all").status_code == 403
