"""The page for hunting."""

import re

from tests.console.browsing import signed_in
from tests.console.hostile import HOSTILE, spoil
from tests.fleet.small_fleet import LLAMA, PICKLE

from weighbridge.console import hunt_page
from weighbridge.fleet.permissions import Role, Scope


def token(client):
    return re.search(r'name="form_token" value="([^"]+)"', client.get("/hunt").text)[1]


def hunt(client, text):
    return client.post("/hunt", data={"form_token": token(client), "digests": text})


def test_pasted_digests_are_found(served):
    page = hunt(signed_in(served), f"{LLAMA}  llama.gguf\n{'f' * 64}\n{'a' * 32}").text
    assert "1 digest of 2 known to the fleet" in page
    assert "1 MD5 not looked for" in page
    assert "1 word passed over" in page
    assert page.count(f'data-at="{LLAMA}-') == 3
    assert '<span class="pill muted">gone</span>' in page
    assert "llama-server (ada)" in page
    assert "not known to the fleet" in page


def test_text_without_a_digest_is_explained_and_kept(served):
    answer = hunt(signed_in(served), "<script>evil</script>")
    assert answer.status_code == 400
    assert "there is no SHA-256 in this" in answer.text
    assert "&lt;script&gt;evil" in answer.text


def test_a_query_leads_to_its_list(served):
    client = signed_in(served, Role.ANALYST)
    answer = client.get("/hunt", params={"q": "owner:ada", "where": "endpoints"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/endpoints?q=owner%3Aada")
    assert client.get("/hunt", params={"where": "//evil.example.com"}).status_code == 200
    assert 'value="records"' in client.get("/hunt").text
    assert 'value="records"' not in signed_in(served, Role.VIEWER).get("/hunt").text


def test_the_scope_holds(served):
    page = hunt(signed_in(served, scope=Scope(groups=("lab",))), f"{LLAMA} {PICKLE}").text
    assert "1 digest of 2 known" in page
    assert "/srv/" not in page


def test_many_places_are_cut_and_that_is_said(served, monkeypatch):
    monkeypatch.setattr(hunt_page, "_SHOWN", 2)
    page = hunt(signed_in(served), f"{LLAMA} {PICKLE}").text
    assert "Of each digest 1 endpoint" in page
    assert page.count(f'data-at="{LLAMA}-') == 1


def test_names_of_machines_are_escaped(served, monkeypatch):
    monkeypatch.setattr("tests.console.hostile.HOSTILE", HOSTILE.replace("\0", ""))  # ingest lets none through
    served.store.write_now(spoil)
    page = hunt(signed_in(served), LLAMA).text
    assert "<script>window" not in page
    assert "\u202e" not in page
