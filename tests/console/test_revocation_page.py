"""Revoking a model in the console: what it touches is seen before and after, and nobody without the right does it."""

import re

import pytest
from tests.fleet.ruling_people import delegate
from tests.fleet.serving import running
from tests.fleet.small_fleet import LAPTOP, LLAMA, POET, fill

from weighbridge.fleet.permissions import Role, Scope

NEVER_SEEN = "4d" * 32


@pytest.fixture
def served(store):
    store.write_now(fill)
    with running(store) as started:
        yield started


def browser(served, role=Role.APPROVER, scope=None):
    client = served.client()
    client.headers["Accept"] = "text/html"
    cookies, form = served.session(served.account(role.value, role, scope))
    client.cookies.update(cookies)
    client.headers["Origin"] = str(client.base_url).rstrip("/")
    return client, form


def token(page):
    return re.search(r'name="form_token" value="([^"]+)"', page.text)[1]


def revoke(client, sha256=LLAMA, **fields):
    page = client.get(f"/revocations/{sha256}")
    form = {"form_token": token(page), "reason": "It phones home.", "replacement": "Qwen3 8B"} | fields
    return client.post(f"/revocations/{sha256}", data=form, follow_redirects=True)


def test_what_it_touches_stands_there_before_and_after(served):
    client, _ = browser(served)
    before = client.get(f"/revocations/{LLAMA}")
    assert before.status_code == 200
    assert "2 endpoints have it, 1 had it; 1 process runs it, 1 did" in before.text
    for said in ("laptop", "desktop", "server", "/home/ada/llama.gguf", ">ada<", ">bob<", "Revoke it?"):
        assert said in before.text, said
    after = revoke(client)
    assert "Revoked here. Findings stand on every endpoint" in after.text
    for said in ("It phones home.", "Qwen3 8B", "laptop", "desktop", ">ada<", "not signed", "Take it back"):
        assert said in after.text, said
    assert "nobody was named who signs" in after.text
    artifact = client.get(f"/artifacts/{LLAMA}").text
    assert 'id="revoked"' in artifact
    assert "Use Qwen3 8B instead." in artifact
    assert "revoked-model" in client.get("/findings?q=open%3Ayes").text
    listed = client.get("/revocations").text
    assert LLAMA[:12] in listed
    assert "It phones home." in listed


def test_one_that_nobody_ever_saw(served):
    client, _ = browser(served)
    page = client.get("/revocations", params={"sha256": f" SHA256:{NEVER_SEEN.upper()} "}, follow_redirects=True)
    assert "Nobody ever saw it here. A revocation waits for it." in page.text
    assert "Known here</dt><dd>no" in page.text
    assert "Revoked: 4d4d4d4d4d4d" in revoke(client, NEVER_SEEN).text


def test_taking_it_back(served):
    client, _ = browser(served)
    page = revoke(client)
    form = {"form_token": token(page), "reason": "It was another file."}
    done = client.post(f"/revocations/{LLAMA}/lift", data=form, follow_redirects=True)
    assert "Taken back here, and the findings are over." in done.text
    assert "Revoke it?" in done.text
    assert "It was another file." in done.text
    assert "revoked-model" not in client.get("/findings?q=open%3Ayes").text


def test_what_is_wrong_is_said_above_the_form_and_what_was_written_stays(served):
    client, _ = browser(served)
    page = revoke(client, reason="no", replacement="Qwen3 8B")
    assert page.status_code == 400
    assert "this needs a reason" in page.text
    assert 'value="Qwen3 8B"' in page.text
    assert client.get("/revocations", params={"sha256": "abc"}).status_code == 400


@pytest.mark.parametrize(
    ("role", "scope"), [(Role.VIEWER, None), (Role.ANALYST, None), (Role.APPROVER, Scope(groups=("lab",)))]
)
def test_who_may_not_sees_it_and_has_no_form(served, role, scope):
    client, form = browser(served, role, scope)
    page = client.get(f"/revocations/{LLAMA}")
    assert page.status_code == 200
    assert "Revoke it?" not in page.text
    refused = client.post(f"/revocations/{LLAMA}", data={"form_token": form, "reason": "It phones home."})
    assert refused.status_code == 403
    assert client.get(f"/revocations/{LLAMA}").text.count("Why is it revoked?") == 0


def test_a_part_of_the_fleet_sees_its_part(served):
    client, _ = browser(served, Role.VIEWER, Scope(groups=("lab",)))
    page = client.get(f"/revocations/{LLAMA}").text
    assert "1 endpoint has it, 1 had it" in page
    assert "/srv/llama.gguf" not in page


def test_nothing_is_done_without_the_forms_token(served):
    client, _ = browser(served)
    assert client.post(f"/revocations/{LLAMA}", data={"reason": "It phones home."}).status_code == 403
    assert client.post(f"/revocations/{LLAMA}/lift", data={"reason": "It phones home."}).status_code == 403


def test_how_far_people_are_with_signing(served):
    served.store.write_now(delegate)
    client, _ = browser(served)
    page = revoke(client).text
    assert "2 of 2 keys must sign; 1 decision waits for that" in page
    assert "wb fleet revocations --sign FILE" in page


NASTY = ("<script>window.obeyed=1</script>", "<img src=x onerror=window.obeyed=1>", "{{7*7}}\"'><svg onload=x>")


@pytest.mark.parametrize("text", NASTY)
def test_whatever_somebody_writes_stays_text(served, text):
    client, _ = browser(served)
    for page in (revoke(client, POET, reason=text, replacement=text), client.get("/revocations")):
        assert page.status_code == 200
        assert text not in page.text
        assert "<script>window" not in page.text


def test_the_twin_says_the_same(served):
    client, _ = browser(served)
    revoke(client)
    found = client.get(f"/api/v1/revocations/{LLAMA}").json()
    assert (found["endpoints"], found["gone"], found["running"], found["told"]) == (2, 1, 1, 0)
    assert [one["name"] for one in found["people"]][:2] == ["ada", "bob"]
    assert {one["endpoint_id"] for one in found["places"]} >= {LAPTOP}
    assert found["revocation"]["replacement"] == "Qwen3 8B"
