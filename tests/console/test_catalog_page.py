"""The catalog and the page of a model, as developers and reviewers see them."""

import pytest
from tests.hub.holding import in_state, sha256

from weighbridge.fleet.permissions import Role
from weighbridge.hub import grants, models, releases
from weighbridge.hub.states import State

FILES = {"config.json": b"{}", "coder.Q4_K_M.gguf": b"GGUF weights", "README.md": b"# Coder"}


def signed_in(served, name="ada", role=Role.VIEWER):
    cookies, _ = served.session(served.account(name, role))
    client = served.client(cookies=cookies)
    client.headers["Accept"] = "text/html"
    return client


@pytest.fixture
def release(served):
    made = in_state(served, State.APPROVED, FILES, name="Acme/Coder")

    def describe(connection):
        now = served.clock.now
        models.describe(connection, now, made.model_id, owner="grace", summary="Writes code.", tasks=("coding",))
        values = {"guidance": "For internal tools.", "data_classes": "public,internal", "license": "apache-2.0"}
        return releases.change(connection, made.release_id, formats="gguf", **values)

    from weighbridge.hub import branches

    served.store.write_now(
        lambda connection: branches.point(connection, 1, made.model_id, "main", served=made.commit_id)
    )
    return served.store.write_now(describe)


def test_a_model_is_found_by_words_task_data_and_license(served, release):
    client = signed_in(served)
    for query in ("", "?q=CODE", "?task=coding", "?data=internal", "?license=apache-2.0", "?q=writes&task=coding"):
        assert "Acme/Coder" in client.get(f"/catalog{query}").text, query
    for query in ("?q=speech", "?task=embedding", "?data=restricted", "?license=mit", "?q=%25"):
        assert "Acme/Coder" not in client.get(f"/catalog{query}").text, query


def test_an_empty_catalog_says_what_to_do(served):
    text = signed_in(served).get("/catalog").text
    assert "The catalog is empty" in text
    assert "wb request NAME" in text


def test_the_page_says_what_it_is_for_and_how_it_is_used(served, release):
    text = signed_in(served).get("/catalog/acme/coder").text
    for part in ("For internal tools.", "wb pull Acme/Coder", "llama-cli -hf Acme/Coder", "Q4_K_M.gguf", "apache-2.0"):
        assert part in text
    assert sha256(FILES["coder.Q4_K_M.gguf"])[:12] in text


@pytest.mark.parametrize("state", sorted(set(State) - {State.APPROVED, State.DEPRECATED, State.FETCHING}))
def test_before_a_decision_only_who_decides_sees_what_is_in_it(served, state):
    in_state(served, state, FILES, name="acme/waits")
    text = signed_in(served).get("/catalog/acme/waits").text
    assert state in text
    assert "Q4_K_M.gguf" not in text
    assert sha256(FILES["coder.Q4_K_M.gguf"])[:12] not in text
    assert "wb pull" not in text
    assert "Q4_K_M.gguf" in signed_in(served, "grace", Role.APPROVER).get("/catalog/acme/waits").text
    assert "acme/waits" not in signed_in(served, "eve").get("/catalog").text


def test_a_closed_namespace_is_not_found(served, release):
    other = served.account("bob", Role.VIEWER)
    now = served.clock.now
    served.store.write_now(
        lambda connection: grants.give(connection, now, "acme", other.account_id, grants.READ, by="ada")
    )
    client = signed_in(served)
    assert client.get("/catalog/acme/coder").status_code == 404
    assert "Acme/Coder" not in client.get("/catalog").text


@pytest.mark.parametrize(
    "path", ["/catalog/acme/other", "/catalog/..%2f/x", "/catalog/a%00b/c", "/catalog/acme/coder?release=v9"]
)
def test_what_is_not_there_is_not_found(served, release, path):
    assert signed_in(served).get(path).status_code == 404


@pytest.mark.parametrize("state", [State.REJECTED, State.EXPIRED, State.REVOKED])
def test_what_is_not_served_leads_to_asking_again_and_promises_nothing(served, state):
    in_state(served, state, name="acme/gone")
    text = signed_in(served).get("/catalog/acme/gone").text
    assert '<a href="/catalog/request?model=acme/gone">Ask for it again</a>' in text
    assert "What may it be used for?" not in text
