"""New models, and heads of model cards."""

import pytest
from tests.hub.uploading import reader, writer

from weighbridge.hub import models
from weighbridge.hub.names import parse_name


def test_a_new_model_and_one_that_is_there(served):
    client = writer(served)
    body = {"name": "tiny", "organization": "acme", "private": True}
    made = client.post("/api/repos/create", json=body)
    assert (made.status_code, made.json()["url"]) == (200, "http://127.0.0.1:8480/acme/tiny")
    again = client.post("/api/repos/create", json=body | {"type": "model"})
    assert (again.status_code, again.json()["url"]) == (409, "http://127.0.0.1:8480/acme/tiny")
    assert served.store.read_now(lambda c: models.by_name(c, parse_name("acme/tiny"))).owner == "wendy"
    assert client.post("/api/repos/create", json={"name": "x"}).json()["name"] == "library/x"


def test_those_who_may_not(served):
    for client, status in ((reader(served), 403), (served.client(), 401)):
        assert client.post("/api/repos/create", json={"name": "tiny", "organization": "acme"}).status_code == status
    assert served.store.read_now(models.count) == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"name":1}',
        b'{"name":"../x"}',
        b'{"name":"x","type":"dataset"}',
        b'{"name":"x","organization":"api"}',
        b'{"name":"\\ud800"}',
        b"[" * 100_000,
    ],
)
def test_nonsense(served, body):
    answer = writer(served).post("/api/repos/create", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_the_head_of_a_card(served):
    client = writer(served)
    for content in ("", "no head", "---\nlicense: mit\ntags: [a, b]\n---\n# x", "---\r\na: 1\r\n---\r\n"):
        answer = client.post("/api/validate-yaml", json={"content": content, "repoType": "model"})
        assert (answer.status_code, answer.json()["errors"]) == (200, []), content
    for content in ("---\na: [\n---\n", "---\na: b: c\n---\n", "---\n" + "[" * 30_000 + "\n---\n"):
        answer = client.post("/api/validate-yaml", json={"content": content})
        assert answer.status_code == 400, content[:20]
        assert "README.md" in answer.json()["errors"][0]["message"]


def test_the_head_of_a_card_of_somebody_unknown(served):
    """Clients send it without their token; what would take long to look at is not looked at for anyone."""
    client = served.client()
    for content, status in (
        ("---\nlicense: mit\n---\n", 200),
        ("---\na: [\n---\n", 400),
        (f"---\na: [{'#' * 70_000}\n---\n", 200),
    ):
        assert client.post("/api/validate-yaml", json={"content": content}).status_code == status, content[:20]
