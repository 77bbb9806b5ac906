import re

from tests.console.browsing import browser, signed_in
from tests.fleet.serving import PASSWORD

from weighbridge.fleet import accounts
from weighbridge.fleet.permissions import Role

NEW = "a longer horse battery staple"


def form(client, path="/settings", **values):
    token = re.search(r'name="form_token" value="([^"]+)"', client.get("/settings").text)
    assert token is not None
    return client.post(path, data={"form_token": token[1]} | values)


def test_a_token_is_shown_once_and_ended(served):
    client = signed_in(served, Role.ANALYST)
    made = form(client, "/settings/tokens", name="nightly", permission=["fleet:read", "records:read"], days="30")
    text = re.search(r"wbt_[0-9a-f]{16}_[0-9a-f]{64}", made.text)
    assert (made.status_code, text is not None) == (200, True)
    header = {"Authorization": f"Bearer {text[0]}"}
    assert served.client().get("/api/v1/posture", headers=header).status_code == 200
    shown = client.get("/settings").text
    assert text[0] not in shown
    assert "nightly" in shown
    token_id = re.search(r'name="token" value="([^"]+)"', shown)
    assert token_id is not None
    assert "The token has ended" in form(client, "/settings/tokens/end", token=token_id[1]).text
    assert served.client().get("/api/v1/posture", headers=header).status_code == 401


def test_what_one_may_not_no_token_of_ones_own_may(served):
    client = signed_in(served, Role.VIEWER)
    answer = form(client, "/settings/tokens", name="x", permission=["accounts:manage"])
    assert answer.status_code == 400
    assert "you do not have the permission" in answer.text
    assert "the form is not complete" in form(client, "/settings/tokens", name="x", days="many").text


def test_setting_the_password_asks_for_the_old_one(served):
    client = signed_in(served, Role.VIEWER)
    wrong = form(client, "/settings/password", old="no", new=NEW)
    assert wrong.status_code >= 400
    assert "note error" in wrong.text
    assert "The password is set" in form(client, "/settings/password", old=PASSWORD, new=NEW).text
    again = browser(served).post("/sign-in", data={"name": "viewer", "password": NEW})
    assert again.status_code == 303


def test_another_session_is_ended(served):
    client = signed_in(served, Role.VIEWER)
    other = browser(served)
    account = served.store.read_now(accounts.every)[0]
    other.cookies.update(served.session(account)[0])
    page = client.get("/settings").text
    assert page.count("this one") == 1
    session = re.search(r'name="session" value="([^"]+)"', page)
    assert session is not None
    assert "The session has ended" in form(client, "/settings/sessions/end", session=session[1]).text
    assert other.get("/settings").status_code == 303
    assert form(client, "/settings/sessions/end", session="0" * 64).status_code == 404


def test_only_who_may_manage_is_shown_the_way_there(served):
    assert 'href="/settings/accounts"' not in signed_in(served, Role.VIEWER).get("/settings").text
    assert 'href="/settings/accounts"' in signed_in(served, Role.ADMINISTRATOR).get("/settings").text
