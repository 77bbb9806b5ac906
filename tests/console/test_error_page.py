"""What people see instead of a page."""

from tests.console.browsing import browser, signed_in

from weighbridge.fleet.permissions import Role, Scope


def test_what_is_not_there_is_said_in_words(served):
    answer = signed_in(served).get("/artifacts/" + "f" * 64)
    assert answer.status_code == 404
    assert "there is no such artifact" in answer.text
    assert "E-not-found" in answer.text


def test_what_one_may_not_do_is_said_with_the_next_step(served):
    answer = signed_in(served, Role.OWNER, Scope(endpoint_id="a" * 16)).get("/findings")
    assert answer.status_code == 403
    assert "ask an administrator" in answer.text


def test_a_program_gets_json_and_a_stranger_the_way_in(served):
    assert served.client().get("/artifacts").json()["code"] == "E-not-signed-in"
    assert browser(served).get("/artifacts").headers["location"] == "/sign-in"
    assert browser(served).get("/nowhere").status_code == 404


def test_an_address_that_there_is_not_keeps_the_navigation(served):
    answer = signed_in(served).get("/nowhere/at/all")
    assert answer.status_code == 404
    assert 'href="/findings"' in answer.text
    assert "<nav" not in browser(served).get("/nowhere").text
    stranger = browser(served)
    stranger.cookies.set("weighbridge", "guessed")
    assert stranger.get("/nowhere").status_code == 404


def test_a_form_after_the_session_ended_leads_to_signing_in(served):
    answer = browser(served).post("/exceptions", data={"rule": "x", "reason": "needed"})
    assert answer.status_code == 401
    assert '<a class="tool first" href="/sign-in">Sign in</a>' in answer.text
