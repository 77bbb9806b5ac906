"""Tokens are shown once and end; machines are linked; others' are not touched."""

import re

import pytest
from tests.console.test_review_page import Person
from tests.hub.ollama_key import OllamaKey

from weighbridge.fleet.permissions import Role
from weighbridge.hub import machine_codes


@pytest.fixture
def ada(served):
    return Person(served, "ada", Role.VIEWER)


def test_a_token_is_made_shown_once_and_ended(served, ada):
    made = ada.post("/catalog/tokens", name="laptop", right="read", days="30").text
    (token,) = set(re.findall(r"hf_[A-Za-z0-9]{40}", made))
    assert served.client().get("/api/whoami-v2", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    origin = served.server.settings.origin
    assert f"export HF_ENDPOINT={origin} HF_TOKEN={token}" in made
    assert f"wb hub setup {origin}" in made
    page = ada.get("/catalog/tokens").text
    assert token not in page
    token_id = re.search(r'name="token" value="(\w+)"', page)[1]
    assert "has ended" in ada.post("/catalog/tokens", token=token_id).text
    assert served.client().get("/api/whoami-v2", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_a_machine_is_linked_by_what_its_ollama_signs_and_removed(served, ada):
    key = OllamaKey()
    for form in ({"key": "", "name": "desk"}, {"key": f"{key.line} ada@laptop", "name": ""}):
        made = ada.post("/catalog/tokens", link="1", **form).text
        code = re.search(r"ollama pull --insecure 127.0.0.1:8480/link/([a-z0-9-]+)", made)[1]
    assert "ada@laptop" not in ada.get("/catalog/tokens").text
    served.store.write_now(lambda c: machine_codes.redeem(c, served.clock.now, code, key.public))
    page = ada.get("/catalog/tokens").text
    assert "ada@laptop" in page
    key_id = re.search(r'name="key_id" value="(\w+)"', page)[1]
    assert Person(served, "eve", Role.VIEWER).post("/catalog/tokens", key_id=key_id).status_code == 404
    assert "is removed" in ada.post("/catalog/tokens", key_id=key_id).text


@pytest.mark.parametrize(
    "form", [{}, {"name": "x", "right": "all"}, {"name": "x", "days": "0"}, {"link": "1", "key": "ssh-rsa AAAA"}]
)
def test_what_cannot_be_is_said(served, ada, form):
    answer = ada.post("/catalog/tokens", **form)
    assert answer.status_code == 400
    assert "note error" in answer.text


def test_only_who_publishes_is_offered_a_token_that_writes(served, ada):
    assert 'value="write"' not in ada.get("/catalog/tokens").text
    assert 'value="write"' in Person(served, "bob", Role.ANALYST).get("/catalog/tokens").text
