"""The page of reports: choose, read, take away; and what cannot be chosen is said."""

import re

from tests.console.browsing import browser, signed_in

from weighbridge.console.report_style import PARTS
from weighbridge.console.style import STYLE
from weighbridge.fleet import audit, evidence_pack
from weighbridge.fleet.permissions import Role, Scope
from weighbridge.ledger.pack import manifest_of
from weighbridge.ledger.pack_verify import verify_pack
from weighbridge.ledger.pack_zip import unzipped

BIGGEST = 150_000


def token(client) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', client.get("/reports").text)
    assert found is not None
    return found[1]


def test_every_report_can_be_chosen_and_the_key_is_shown(served):
    page = signed_in(served).get("/reports").text
    for name in ("Board page", "EU AI Act", "DORA", "HIPAA", "ISO/IEC 42001", "NIST AI RMF", "SOC 2"):
        assert name in page
    key = served.store.write_now(lambda c: evidence_pack.keys(c, 1)).signer.public.text
    assert key.replace("+", "&#43;") in page or key in page
    assert "/api/v1/reports" in page


def test_a_report_is_read_at_once_and_stays_small(served):
    client = signed_in(served, Role.ADMINISTRATOR)
    for name in ("board", "soc-2", "nist-ai-rmf"):
        answer = client.get("/reports", params={"pack": name, "days": "30", "group": "lab"})
        assert answer.status_code == 200
        assert "What does this cover?" in answer.text
        assert "Only the endpoints of group lab" in answer.text
        assert f"/api/v1/reports/{name}?" in answer.text
        assert len(answer.content) < BIGGEST, name


def test_what_one_may_not_read_is_said_in_its_row(served):
    page = signed_in(served).get("/reports?pack=soc-2").text
    assert "does not have the permission accounts:manage" in page


def test_a_pack_is_taken_away_signed(served):
    client = signed_in(served)
    answer = client.post("/reports", data={"form_token": token(client), "pack": "board", "days": "7", "group": ""})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    keys = served.store.write_now(lambda c: evidence_pack.keys(c, 1))
    assert verify_pack(answer.content, [keys.signer.public]).holds
    _, manifest = manifest_of(unzipped(answer.content)["manifest.note"])
    assert manifest.made_by == "viewer (viewer)"
    assert served.store.read_now(lambda c: audit.newest(c, 1))[0].action == "report.make"


def test_a_pack_is_made_for_no_other_site(served):
    client = signed_in(served)
    assert client.post("/reports", data={"pack": "board"}).status_code == 403


def test_what_cannot_be_is_said_above_the_page(served):
    client = signed_in(served)
    for days in ("0", "99999", "many"):
        assert client.get("/reports", params={"pack": "board", "days": days}).status_code == 400
        answer = client.post("/reports", data={"form_token": token(client), "pack": "board", "days": days})
        assert (answer.status_code, 'role="status"' in answer.text) == (400, True)
    assert client.get("/reports?pack=nothing").status_code == 404
    assert client.post("/reports", data={"form_token": token(client), "pack": "nothing"}).status_code == 404


def test_a_part_of_the_fleet_is_all_that_some_see(served):
    page = signed_in(served, scope=Scope(groups=("lab",))).get("/reports?pack=board").text
    assert "all that you see" in page
    assert '<option value="ops"' not in page
    assert "of 2 enrolled endpoints" in page


def test_nobody_reads_one_without_an_account(served):
    assert browser(served).get("/reports").status_code in (302, 303, 401)


def test_the_style_of_reports_is_that_of_the_console():
    assert PARTS in STYLE
    assert not re.search(r"#[0-9a-f]{3,6}\b", PARTS)
