"""The page of one's own device: all that the fleet sees, who looked, and what never comes here."""

import html
import re

from tests.console.browsing import signed_in
from tests.fleet.small_fleet import LAPTOP, LLAMA
from tests.fleet.things import tell

from weighbridge.console.my_device_page import NEVER
from weighbridge.fleet.permissions import Role, Scope

OWN = Scope(endpoint_id=LAPTOP)
DENIED = {"artifact": LLAMA, "decision": "deny", "policy": "acme 7", "rules": ["deny-x"]}


def test_it_says_what_the_fleet_sees_and_never_sees(served):
    page = signed_in(served, Role.OWNER, OWN).get("/device").text
    assert all(one in page for one in NEVER)
    assert "Who looked at it?" in page
    assert "What policy holds against it" in page
    assert 'href="/device/records"' in page
    assert 'href="/artifacts' not in page


def test_everybody_else_is_shown_the_same_of_a_machine_without_the_promise(served):
    page = signed_in(served, Role.ANALYST).get(f"/endpoints/{LAPTOP}").text
    assert NEVER[0] not in page
    assert f'href="/ledger/{LAPTOP}"' in page
    assert "Who looked at it?" in page
    assert signed_in(served, Role.VIEWER).get("/device").status_code == 404


def test_the_address_of_ones_own_machine_leads_to_it(served):
    owner = signed_in(served, Role.OWNER, OWN)
    assert owner.get(f"/endpoints/{LAPTOP}").headers["location"] == "/device"
    assert owner.get("/").headers["location"] == "/device"


def test_records_are_there_whole_and_ask_nobody_else(served):
    page = signed_in(served, Role.OWNER, OWN).get("/device/records?q=kind:gap").text
    assert 'href="/device"' in page
    assert "/ledger" not in page


def test_what_policy_holds_against_it_is_one_step_from_asking_for_an_exception(served):
    served.store.write_now(lambda connection: tell(connection, LAPTOP, [("verdict", DENIED)]))
    owner = signed_in(served, Role.OWNER, OWN)
    (link,) = re.findall(r'href="(/exceptions\?[^"#]+)#ask"', owner.get("/device").text)
    form = owner.get(html.unescape(link)).text
    assert 'name="rule" class="mono" maxlength="100" value="deny-x"' in form
    assert f'value="{LLAMA}"' in form
