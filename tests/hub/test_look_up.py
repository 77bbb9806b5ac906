"""What a caller gets for a name, a revision, a path or a digest: what is served, or why not."""

import pytest
from sqlalchemy import event
from tests.fleet.serving import Running, running
from tests.hub.approved import FILES, approved, moved
from tests.hub.holding import in_state, sha256

from weighbridge.fleet.permissions import GRANTED, Role, Viewer
from weighbridge.fleet.problem import RefusedError
from weighbridge.fleet.store import Store
from weighbridge.hub import blob_index, branches, grants, look_up, refusal, releases
from weighbridge.hub.blob_index import QUARANTINE, Blob
from weighbridge.hub.caller import Caller
from weighbridge.hub.look_up import Asked, Served
from weighbridge.hub.names import parse_name
from weighbridge.hub.refusal import Refusal
from weighbridge.hub.states import State

ADA = Caller(viewer=Viewer(account_id="ada", name="ada", role=Role.VIEWER, permissions=GRANTED[Role.VIEWER]))
TINY = parse_name("acme/tiny")
README = sha256(FILES["README.md"])


@pytest.fixture
def at(store: Store):
    with running(store) as started:
        started.release = approved(started)
        yield started


def look(at: Running, what, *arguments, caller: Caller = ADA, open_to_all: bool = False):
    asked = Asked(caller, "https://hub.example", open_to_all)
    return at.store.read_now(lambda c: what(c, asked, *arguments))


def reason(found) -> str:
    assert isinstance(found, Refusal)
    return found.reason


def test_a_served_release_by_branch_commit_and_name_however_written(at: Running) -> None:
    for name, revision in (("acme/tiny", "main"), ("ACME/Tiny", at.release.commit_id)):
        found = look(at, look_up.served_release, parse_name(name), revision)
        assert isinstance(found, Served)
        assert (found.model.full_name, found.release.release_id) == ("acme/tiny", at.release.release_id)


def test_what_there_is_not(at: Running) -> None:
    assert reason(look(at, look_up.served_release, parse_name("acme/other"))) == refusal.UNKNOWN
    assert reason(look(at, look_up.served_release, TINY, "v9")) == refusal.NO_REVISION
    assert reason(look(at, look_up.served_release, TINY, "0" * 40)) == refusal.NO_REVISION
    release, missing = look(at, look_up.served_file, TINY, "main", "none.txt")
    assert (release.model.full_name, missing.reason) == ("acme/tiny", refusal.NO_FILE)


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (State.QUARANTINED, refusal.PENDING_REVIEW),
        (State.REVIEW, refusal.PENDING_REVIEW),
        (State.REJECTED, refusal.REJECTED),
        (State.FAILED, refusal.REJECTED),
        (State.EXPIRED, refusal.EXPIRED),
        (State.REVOKED, refusal.REVOKED),
    ],
)
def test_what_is_not_served_says_why(at: Running, state, why) -> None:
    release = in_state(at, state, {"a": b"secret"}, name="acme/other")
    name = parse_name("acme/other")
    for revision in ("main", release.commit_id):
        assert reason(look(at, look_up.served_release, name, revision)) == why
        assert reason(look(at, look_up.served_file, name, revision, "a")) == why
    assert reason(look(at, look_up.served_blob, name, sha256(b"secret"))) == why


def test_a_version_is_the_newest_release_of_that_name_or_what_became_of_it(at: Running) -> None:
    def found():
        return look(at, look_up.served_release, TINY, "1.2")

    assert reason(found()) == refusal.NO_REVISION
    at.store.write_now(lambda c: releases.change(c, at.release.release_id, version="1.2"))
    assert found().release.commit_id == at.release.commit_id
    at.clock.pass_seconds(1)
    second = in_state(at, State.APPROVED, {"a": b"2"})
    at.store.write_now(lambda c: releases.change(c, second.release_id, version="1.2"))
    assert found().release.commit_id == second.commit_id
    moved(at, second, State.REVOKED, "it bites", replaced_by="acme/other")
    assert found().sentence == "acme/tiny was revoked: it bites."
    assert found().hint == "Use acme/other instead."
    at.store.write_now(lambda c: branches.point(c, 1, second.model_id, "1.2", served=at.release.commit_id))
    assert found().release.commit_id == at.release.commit_id


def test_a_file_and_a_blob(at: Running) -> None:
    _, file, blob = look(at, look_up.served_file, TINY, "main", "README.md")
    assert (file.sha256, blob.sha256, blob.size) == (README, README, len(FILES["README.md"]))
    assert look(at, look_up.served_blob, TINY, README) == blob
    assert reason(look(at, look_up.served_blob, TINY, "0" * 64)) == refusal.NO_FILE


def test_a_digest_opens_what_this_model_holds_and_no_other(at: Running) -> None:
    in_state(at, State.QUARANTINED, {"a": FILES["README.md"], "b": b"secret"}, name="acme/other")
    other = parse_name("acme/other")
    assert reason(look(at, look_up.served_blob, other, README)) == refusal.PENDING_REVIEW
    assert reason(look(at, look_up.served_blob, TINY, sha256(b"secret"))) == refusal.NO_FILE
    assert isinstance(look(at, look_up.served_blob, TINY, README), Blob)


def test_one_served_release_of_several_is_enough(at: Running) -> None:
    second = approved(at, {**FILES, "new": b"new"})
    moved(at, at.release, State.REVOKED)
    assert isinstance(look(at, look_up.served_blob, TINY, README), Blob)
    moved(at, second, State.REVOKED)
    assert reason(look(at, look_up.served_blob, TINY, README)) == refusal.REVOKED


def test_bytes_that_the_catalog_says_are_in_quarantine_are_not_served(at: Running) -> None:
    at.store.write_now(lambda c: blob_index.place(c, [README], QUARANTINE))
    assert isinstance(look(at, look_up.served_blob, TINY, README), Refusal)
    with pytest.raises(RefusedError) as caught:
        look(at, look_up.served_file, TINY, "main", "README.md")
    assert caught.value.status == 503


def test_without_an_account(at: Running) -> None:
    nobody = Caller(viewer=None)
    assert reason(look(at, look_up.served_release, TINY, caller=nobody)) == refusal.NO_ACCOUNT
    assert isinstance(look(at, look_up.served_release, TINY, caller=nobody, open_to_all=True), Served)


def test_a_closed_namespace_is_like_one_that_there_is_not(at: Running) -> None:
    at.store.write_now(lambda c: grants.give(c, 1, "acme", "eve", grants.READ, by="keeper"))
    hidden = look(at, look_up.served_release, TINY)
    assert reason(hidden) == refusal.UNKNOWN
    assert hidden.text == look(at, look_up.served_release, parse_name("acme/none")).text.replace("none", "tiny")
    assert reason(look(at, look_up.served_blob, TINY, README)) == refusal.UNKNOWN


def test_readers_get_what_was_approved_last_and_not_what_was_written_last(at: Running) -> None:
    newer = in_state(at, State.REVIEW, {"a": b"newer"})
    staged = at.store.read_now(lambda c: branches.find(c, newer.model_id, "main"))
    assert (staged.staged, staged.served) == (newer.commit_id, at.release.commit_id)
    assert look(at, look_up.served_release, TINY).release.release_id == at.release.release_id


def test_what_is_hidden_costs_what_is_missing_costs(at: Running) -> None:
    """Else somebody who asks often enough learns by the time which names there are."""
    in_state(at, State.APPROVED, name="vault/tiny")
    at.store.write_now(lambda c: grants.give(c, 1, "vault", "somebody-else", grants.READ, by="test"))
    asked, statements = Asked(ADA, "http://hub", open_to_all=False), []

    def asks(name: str) -> int:
        def job(connection):
            event.listen(connection, "before_cursor_execute", lambda *given: statements.append(given[2]))
            statements.clear()
            return look_up.readable_model(connection, asked, parse_name(name))

        assert at.store.read_now(job).reason == refusal.UNKNOWN
        return len(statements)

    assert asks("vault/tiny") == asks("vault/none") == asks("nowhere/none")
