import re

from sqlalchemy import update
from tests.console.browsing import signed_in
from tests.console.test_settings_page import form
from tests.fleet.small_fleet import LAPTOP

from weighbridge.fleet import enrollment
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.permissions import Role


def test_a_token_comes_with_the_line_to_type(served):
    client = signed_in(served, Role.ADMINISTRATOR)
    done = form(
        client, "/settings/enrollment", note="new laptops", group="lab", uses="5", days="3", needs_approval="yes"
    )
    assert re.search(r"<code>wb enroll http://127.0.0.1:8480 --token wbe-[\w-]+</code>", done.text)
    assert "wbe-" not in client.get("/settings/enrollment").text
    (token,) = served.store.read_now(enrollment.tokens)
    assert (token.group_name, token.most_uses, token.needs_approval) == ("lab", 5, True)
    assert "The token has ended" in form(client, "/settings/enrollment/end", token=token.token_id).text
    assert form(client, "/settings/enrollment/end", token=token.token_id).status_code == 404
    assert form(client, "/settings/enrollment", uses="0").status_code == 400


def test_a_device_that_waits_is_let_in(served):
    client = signed_in(served, Role.ADMINISTRATOR)
    assert "Wait for approval" not in client.get("/settings/enrollment").text
    waits = update(ENDPOINTS).where(ENDPOINTS.c.endpoint_id == LAPTOP).values(state="pending")
    served.store.write_now(lambda connection: connection.execute(waits))
    assert "Wait for approval" in client.get("/settings/enrollment").text
    assert "The device is in the fleet" in form(client, "/settings/enrollment/approve", endpoint=LAPTOP).text
    assert form(client, "/settings/enrollment/approve", endpoint=LAPTOP).status_code == 404


def test_groups_are_counted(served):
    page = signed_in(served, Role.ADMINISTRATOR).get("/settings/enrollment").text
    assert "<dt>lab</dt>" in page
    assert ">2 endpoints</a>" in page


def test_it_is_for_administrators(served):
    assert signed_in(served, Role.APPROVER).get("/settings/enrollment").status_code == 403
