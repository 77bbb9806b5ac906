from tests.console.browsing import signed_in
from tests.fleet.small_fleet import LAPTOP, SERVER
from tests.fleet.things import copy, tell

from weighbridge.fleet.permissions import Role, Scope


def test_a_ledger_shows_its_records_and_what_proves_them(served):
    served.store.write_now(lambda connection: tell(connection, LAPTOP, [("start", {}), ("gap", {"why": "stopped"})]))
    served.store.write_now(lambda connection: copy(connection, LAPTOP, size=2, cosigned=1))
    client = signed_in(served, Role.ANALYST)
    page = client.get("/ledger").text
    assert f'href="/ledger/{LAPTOP}"' in page
    page = client.get(f"/ledger/{LAPTOP}").text
    assert "why stopped" in page
    assert page.count("</span>cosigned</span>") == 1
    assert page.count("</span>proven</span>") == 1
    assert "1 record" in client.get(f"/ledger/{LAPTOP}", params={"q": "kind:gap"}).text
    assert client.get(f"/ledger/{LAPTOP}", params={"q": "knid:gap"}).status_code == 400


def test_who_may_not_read_records_sees_ledgers_without_a_way_in(served):
    served.store.write_now(lambda connection: copy(connection, LAPTOP, size=2, cosigned=1))
    client = signed_in(served, Role.VIEWER)
    assert f'href="/endpoints/{LAPTOP}"' in client.get("/ledger").text
    assert client.get(f"/ledger/{LAPTOP}").status_code == 403


def test_a_ledger_beyond_the_scope_is_not_found(served):
    client = signed_in(served, Role.ANALYST, Scope(groups=("lab",)))
    assert client.get(f"/ledger/{SERVER}").status_code == 404
    assert "No records yet" in client.get(f"/ledger/{LAPTOP}").text
