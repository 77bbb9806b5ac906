"""The page that lets a tool in: what asks is shown first, and each way to answer works without a script."""

from tests.hub.test_hf_login import ask, begin

from weighbridge.fleet.permissions import Role


def signed_in(served, role=Role.VIEWER):
    cookies, form = served.session(served.account("ada", role))
    return served.client(cookies=cookies), form


def test_a_tool_is_let_in(served):
    begun = begin(served)
    client, form = signed_in(served, Role.ANALYST)
    assert "Code that the tool shows" in client.get("/catalog/device").text
    shown = client.get("/catalog/device", params={"code": begun["user_code"]})
    assert shown.status_code == 200
    assert "download and upload models" in shown.text
    data = {"form_token": form, "code": begun["user_code"], "decision": "allow", "right": "write"}
    assert "The tool is in" in client.post("/catalog/device", data=data).text
    assert "access_token" in ask(served, begun["device_code"]).json()


def test_a_tool_is_refused(served):
    begun = begin(served)
    client, form = signed_in(served)
    assert "download and upload" not in client.get("/catalog/device", params={"code": begun["user_code"]}).text
    data = {"form_token": form, "code": begun["user_code"], "decision": "refuse", "right": "read"}
    assert "was refused" in client.post("/catalog/device", data=data).text
    assert ask(served, begun["device_code"]).json() == {"error": "access_denied"}


def test_a_code_that_nobody_has_is_said(served):
    client, form = signed_in(served)
    assert client.get("/catalog/device?code=BBBB-BBBB").status_code == 404
    data = {"form_token": form, "code": "<b>", "decision": "allow", "right": "read"}
    answer = client.post("/catalog/device", data=data)
    assert (answer.status_code, "No tool waits with this code" in answer.text) == (404, True)
    assert "<b>" not in answer.text
