"""The page of one endpoint: what people say of it, and which of two machines goes on."""

import re

import pytest
from sqlalchemy import update
from tests.console.browsing import signed_in
from tests.console.test_settings_page import form
from tests.fleet.managed import manage
from tests.fleet.small_fleet import LAPTOP, SERVER

from weighbridge.fleet import audit, enrollment, findings, listed_endpoints
from weighbridge.fleet.endpoints import ENDPOINTS, FORKED
from weighbridge.fleet.permissions import EVERYTHING, Role, Scope

HERE = f"/endpoints/{LAPTOP}"


@pytest.fixture
def copied(served):
    """A copy of the laptop was found."""

    def write(connection):
        connection.execute(update(ENDPOINTS).where(ENDPOINTS.c.endpoint_id == LAPTOP).values(state=FORKED, reason="x"))
        findings.open_server_finding(connection, LAPTOP, "ledger-forked", served.clock.now)

    client = signed_in(served, Role.ADMINISTRATOR)
    served.store.write_now(write)
    return client


def trail(served):
    return [(one.action, one.subject) for one in served.store.read_now(lambda connection: audit.newest(connection, 9))]


def test_what_people_say_of_an_endpoint_is_written_on_its_page(served):
    client = signed_in(served, Role.ADMINISTRATOR)
    assert 'name="owner" maxlength="255" value="ada"' in client.get(HERE).text
    said = {"owner": "eve", "data_class": "restricted", "labels": "site=berlin, tier=1"}
    done = form(client, f"{HERE}/business", how="hand", group="vip", **said)
    assert (done.status_code, done.headers["location"]) == (303, f"{HERE}#business")
    assert ("endpoint.describe", LAPTOP) in trail(served)
    page = client.get(HERE).text
    for shown in ("site=berlin, tier=1", "<dd>vip</dd>", 'value="hand" checked', "<option selected>restricted"):
        assert shown in page
    form(client, f"{HERE}/business", how="rules", group="vip")
    after = served.store.read_now(lambda connection: listed_endpoints.endpoint(connection, EVERYTHING, LAPTOP))
    assert (after.group_name, after.owner, after.labels) == ("lab", "", "{}")
    wrong = form(client, f"{HERE}/business", labels="Site=x")
    assert (wrong.status_code, "no name of a label" in wrong.text) == (400, True)
    assert form(client, f"/endpoints/{'x' * 16}/business", owner="eve").status_code == 404


def test_what_files_manage_is_shown_and_not_written(served):
    client = signed_in(served, Role.ADMINISTRATOR)
    before = served.server.settings
    manage(served, "endpoints", LAPTOP)
    page = client.get(HERE).text
    assert "lets files alone do so" in page
    assert "endpoint-owner" not in page
    refused = form(client, f"{HERE}/business", owner="eve")
    assert (refused.status_code, "is managed by files" in refused.text) == (409, True)
    served.server.settings = before
    page = client.get(HERE).text
    assert "shows as" in page
    assert "endpoint-owner" in page


def test_the_forms_are_for_who_manages_endpoints(served, copied):
    assert "Let one machine go on" in copied.get(HERE).text
    reader = signed_in(served, Role.ANALYST)
    for page in (HERE, "/findings?q="):
        assert "Let one machine go on" not in reader.get(page).text
    assert "endpoint-owner" not in reader.get(HERE).text
    assert form(reader, f"{HERE}/settle", reason="looked at both").status_code == 403


def test_an_endpoint_beyond_the_scope_is_not_there(served):
    elsewhere = signed_in(served, Role.ADMINISTRATOR, Scope(groups=("ops",)))
    assert form(elsewhere, f"{HERE}/settle", reason="looked at both").status_code == 404
    assert form(elsewhere, f"{HERE}/business", owner="eve").status_code == 404


def test_a_copy_is_settled_from_the_finding_on(served, copied):
    assert f'href="{HERE}#settle"' in copied.get("/findings").text
    assert form(copied, f"{HERE}/settle", reason="no").status_code == 400
    assert served.store.read_now(enrollment.tokens) == []
    done = form(copied, f"{HERE}/settle", reason="the laptop in room 4")
    assert done.status_code == 200
    assert re.search(r"wb enroll \S+ --token wbe-\S+ --again", done.text)
    assert ("endpoint.settle", LAPTOP) in trail(served)
    (token,) = served.store.read_now(enrollment.tokens)
    assert token.note == "the laptop in room 4"
    assert "wbe-" not in copied.get(HERE).text


def test_without_a_copy_there_is_nothing_to_settle(served):
    page = signed_in(served, Role.ADMINISTRATOR).get(f"/endpoints/{SERVER}").text
    assert 'id="settle"' not in page
    assert 'id="business"' in page
