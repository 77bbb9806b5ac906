from tests.console.browsing import signed_in
from tests.fleet.small_fleet import LAPTOP

from weighbridge.fleet import findings
from weighbridge.fleet.permissions import Role, Scope


def test_a_finding_leads_to_the_page_of_its_check(served):
    client = signed_in(served)
    served.store.write_now(
        lambda connection: findings.open_server_finding(connection, LAPTOP, "ledger-rolled-back", served.clock.now)
    )
    for page in ("/findings", f"/endpoints/{LAPTOP}"):
        assert 'href="/findings/checks/ledger-rolled-back"' in client.get(page).text
    page = client.get("/findings/checks/ledger-rolled-back").text
    assert "<code>wb enroll --leave</code>" in page
    assert "open%3Ayes%20check%3Aledger-rolled-back" in page
    assert client.get("/findings/checks/nothing").status_code == 404
    # What endpoints of another version find has no page here: its id still asks for its findings.
    assert "/findings/checks/pickle-call" not in client.get("/findings").text
    assert "open%3Ayes%20check%3Apickle-call" in client.get("/findings").text


def test_the_person_of_a_device_reads_it_too(served):
    page = signed_in(served, Role.OWNER, Scope(endpoint_id=LAPTOP)).get("/findings/checks/policy-stale").text
    assert "What it found" not in page
    assert "wb sync" in page
