"""Deciding on a release from its page: every step, and who may not."""

import pytest
from msgspec import json
from msgspec.structs import replace
from tests.fleet.ruling_people import delegate
from tests.fleet.serving import DAY
from tests.hub.holding import in_state, weighed_with
from tests.hub.test_pull_routes import pulled

from weighbridge.fleet import revocations
from weighbridge.fleet.permissions import Role
from weighbridge.hub import grants, jobs, releases, weighed
from weighbridge.hub.catalog_signing import sign_here
from weighbridge.hub.states import State

FILES = {"config.json": b"{}", "model.gguf": b"GGUF"}


class Person:
    def __init__(self, served, name, role):
        self.account = served.account(name, role)
        cookies, self.form = served.session(self.account)
        self.client = served.client(cookies=cookies)
        self.client.headers["Accept"] = "text/html"

    def get(self, path):
        return self.client.get(path)

    def post(self, path, **form):
        return self.client.post(path, data={"form_token": self.form, **form})


def state_of(served, release):
    return served.store.read_now(lambda connection: releases.by_id(connection, release.release_id))


@pytest.fixture
def grace(served):
    return Person(served, "grace", Role.APPROVER)


def test_the_queue_shows_what_waits(served, grace):
    assert "Nothing waits" in grace.get("/catalog/review").text
    made = in_state(served, State.REVIEW, FILES, name="acme/waits")
    text = grace.get("/catalog/review").text
    assert "acme/waits" in text
    assert f"/catalog/review/{made.release_id}" in text


def test_a_release_is_approved_with_what_it_may_be_used_for(served, grace):
    made = in_state(served, State.REVIEW, FILES, name="acme/waits")
    path = f"/catalog/review/{made.release_id}"
    assert "Approve it" in grace.get(path).text
    sent = {"step": "approve", "guidance": "For code.", "data_internal": "yes", "owner": "ml team", "days": "30"}
    answer = grace.post(path, **sent, version="1.0")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?done=approve")
    now = state_of(served, made)
    assert (now.state, now.guidance, now.data_classes, now.version) == (State.APPROVED, "For code.", "internal", "1.0")
    text = grace.get("/catalog/acme/waits").text
    assert "For code." in text
    assert "wb pull acme/waits" in text


@pytest.mark.parametrize(
    ("before", "step", "after"),
    [
        (State.REVIEW, "reject", State.REJECTED),
        (State.APPROVED, "deprecate", State.DEPRECATED),
        (State.APPROVED, "revoke", State.REVOKED),
        (State.APPROVED, "review", State.REVIEW),
        (State.REVOKED, "review", State.REVIEW),
    ],
)
def test_every_other_step(served, grace, before, step, after):
    made = in_state(served, before, FILES)
    path = f"/catalog/review/{made.release_id}"
    assert grace.post(path, step=step, why="because of a test").status_code == 303
    assert state_of(served, made).state is after
    text = grace.get(path).text
    assert "because of a test" in text


@pytest.mark.parametrize(
    "form", [{}, {"step": "reject"}, {"step": "approve", "days": "x"}, {"step": "deprecate", "why": "no"}]
)
def test_what_cannot_be_is_said_and_changes_nothing(served, grace, form):
    made = in_state(served, State.REVIEW, FILES)
    answer = grace.post(f"/catalog/review/{made.release_id}", **form)
    assert 400 <= answer.status_code < 500
    assert "note error" in answer.text
    assert state_of(served, made).state is State.REVIEW


def test_nobody_approves_what_they_brought(served, grace):
    made = in_state(served, State.REVIEW, FILES, who="grace")
    answer = grace.post(f"/catalog/review/{made.release_id}", step="approve", days="30")
    assert answer.status_code == 403
    assert "let somebody else approve it" in answer.text


def test_who_decides_nothing_sees_no_evidence(served):
    made = in_state(served, State.REVIEW, FILES)
    for role in (Role.VIEWER, Role.ANALYST):
        person = Person(served, role.value, role)
        assert person.get("/catalog/review").status_code == 403
        assert person.get(f"/catalog/review/{made.release_id}").status_code == 403


def test_a_release_of_a_namespace_of_others_is_not_found(served, grace):
    made = in_state(served, State.REVIEW, FILES, name="acme/waits")
    other = served.account("bob", Role.APPROVER)
    give = grants.give
    served.store.write_now(lambda connection: give(connection, 1, "acme", other.account_id, grants.REVIEW, by="ada"))
    path = f"/catalog/review/{made.release_id}"
    assert grace.get(path).status_code == 404
    assert grace.post(path, step="reject", why="because").status_code == 404
    assert "acme/waits" not in grace.get("/catalog/review").text
    assert grace.get("/catalog/review/unknown").status_code == 404


def test_two_releases_are_compared(served, grace):
    first = in_state(served, State.APPROVED, FILES, name="acme/coder")
    second = in_state(served, State.REVIEW, {**FILES, "model.gguf": b"GGUF 2", "new.txt": b"x"}, name="acme/coder")
    path = f"/catalog/compare/{first.release_id}/{second.release_id}"
    assert path in grace.get(f"/catalog/review/{second.release_id}").text
    text = grace.get(path).text
    assert text.count("acme/coder") == 3, "named once, and both releases linked"
    for part in ("model.gguf", "changed", "new.txt", "added", "1 file is the same"):
        assert part in text
    assert "config.json" not in text
    assert Person(served, "eve", Role.VIEWER).get(path).status_code == 404


def test_what_is_not_clean_is_approved_with_a_reason_alone(served, grace):
    made = in_state(served, State.REVIEW, FILES)
    change = releases.change
    served.store.write_now(lambda connection: change(connection, made.release_id, assessment="hostile"))
    path = f"/catalog/review/{made.release_id}"
    assert "Why in spite of what was found?" in grace.get(path).text
    assert grace.post(path, step="approve", days="30").status_code == 400
    assert state_of(served, made).state is State.REVIEW
    assert grace.post(path, step="approve", days="30", why="only in the sandbox").status_code == 303
    assert state_of(served, made).state_why == "only in the sandbox"


def test_what_was_found_is_on_the_page_with_where_and_what_to_do(served, grace):
    made = in_state(served, State.REVIEW, {"pytorch_model.bin": b"x"})
    evidence = {"member": "archive/data.pkl", "value": "posix.system"}
    said = {"check": "unsafe-import", "severity": "critical", "message": "It calls a program.", "evidence": evidence}
    artifact = {"places": [{"path": "pytorch_model.bin"}], "findings": [{**said, "remedy": "Do not load this file."}]}

    def keep(connection):
        kept = weighed.of_release(connection, made.release_id)
        kept = replace(kept, weighing=replace(kept.weighing, assessment="malicious", findings=1))
        weighed.keep(connection, kept, json.encode({"artifacts": [artifact]}), b"{}")

    served.store.write_now(keep)
    text = grace.get(f"/catalog/review/{made.release_id}").text
    for part in (
        "calls a program",
        "archive/data.pkl",
        "posix.system",
        "Do not load",
        "/findings/checks/unsafe-import",
    ):
        assert part in text
    assert f"/api/v1/releases/{made.release_id}/bom" in text
    (found,) = grace.get(f"/api/v1/releases/{made.release_id}").json()["findings"]
    assert (found["check"], found["severity"], found["path"]) == ("unsafe-import", "critical", "pytorch_model.bin")


def test_a_checkpoint_is_converted_from_the_page(served, grace):
    made = in_state(served, State.REVIEW, {"pytorch_model.bin": b"x"})
    path = f"/catalog/review/{made.release_id}"
    assert "Convert it" in grace.get(path).text
    assert grace.post(path, step="convert").headers["location"] == f"{path}?done=convert"
    waiting = served.store.read_now(lambda connection: jobs.about(connection, made.release_id))
    assert jobs.CONVERT in [one.kind for one in waiting]
    other = in_state(served, State.REVIEW, FILES, name="acme/plain")
    assert "Convert it" not in grace.get(f"/catalog/review/{other.release_id}").text


@pytest.mark.parametrize("ticked", [True, False])
def test_a_release_that_is_only_wrong_is_not_revoked_on_endpoints(served, grace, ticked):
    made = in_state(served, State.APPROVED, FILES)
    weighed_with(served, made, "ab" * 32)
    path = f"/catalog/review/{made.release_id}"
    assert 'name="everywhere" value="yes" checked' in grace.get(path).text
    assert grace.post(path, step="revoke", why="it is wrong", **({"everywhere": "yes"} if ticked else {})).is_redirect
    found = served.store.read_now(lambda connection: revocations.of_digest(connection, "ab" * 32))
    assert (found is not None) is ticked


def test_who_has_a_release_is_on_its_page(served, grace):
    made = in_state(served, State.APPROVED, FILES)
    assert "Who has it?" not in grace.get(f"/catalog/review/{made.release_id}").text
    pulled(served, made.release_id, grace.account.account_id)
    text = grace.get(f"/catalog/review/{made.release_id}").text
    for part in ("Who has it?", "huggingface_hub 2.4.0", "claude-code"):
        assert part in text


def test_whether_endpoints_know_of_an_approval_is_said(served, grace):
    made = in_state(served, State.APPROVED, FILES, name="acme/coder")
    weighed_with(served, made, "a" * 64)
    until = served.clock.now + DAY
    served.store.write_now(lambda c: releases.change(c, made.release_id, until_at=until))
    path = f"/catalog/review/{made.release_id}"
    assert 'id="endpoints"' not in grace.get(path).text
    served.store.write_now(lambda c: delegate(c, catalog=True, now=served.clock.now))
    assert "wb fleet catalog --sign FILE" in grace.get(path).text
    assert served.store.write_now(lambda c: sign_here(c, served.clock.now)) == 1
    assert "Endpoints know that it may be used" in grace.get(path).text
    waits = in_state(served, State.REVIEW, {"b": b"2"}, name="acme/waits")
    assert 'id="endpoints"' not in grace.get(f"/catalog/review/{waits.release_id}").text
