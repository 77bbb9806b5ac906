"""What the catalog says of a digest: releases that are served first, and none is an answer, too."""

import pytest
from tests.fleet.serving import DAY, running
from tests.hub.holding import in_state, sha256

from weighbridge.fleet.authentication import viewer_of
from weighbridge.fleet.permissions import Role
from weighbridge.hub import grants, releases
from weighbridge.hub.catalog_entries import entries_of, said
from weighbridge.hub.states import State

WEIGHTS = b"GGUF the same in both"


@pytest.fixture
def served(store):
    with running(store) as started:
        yield started


def test_what_is_served_comes_first(served):
    in_state(served, State.APPROVED, {"a.gguf": WEIGHTS}, name="acme/approved")
    served.clock.pass_seconds(60)
    in_state(served, State.REVIEW, {"deep/b.gguf": WEIGHTS}, name="acme/waiting")
    ada = viewer_of(served.account("ada", Role.VIEWER))
    found = served.store.read_now(lambda connection: entries_of(connection, ada, sha256(WEIGHTS)))
    assert [(one.name, one.state, one.path) for one in found] == [
        ("acme/approved", State.APPROVED, "a.gguf"),
        ("acme/waiting", State.REVIEW, "deep/b.gguf"),
    ]
    assert said(found) == "approved as acme/approved"


def test_an_approval_says_for_what_data_and_until_when(served):
    release = in_state(served, State.DEPRECATED, {"a.gguf": WEIGHTS}, name="acme/coder")
    until = {"until_at": served.clock.now + 30 * DAY, "data_classes": "internal", "replaced_by": "acme/new"}
    served.store.write_now(lambda c: releases.change(c, release.release_id, **until))
    ada = viewer_of(served.account("ada", Role.VIEWER))
    found = served.store.read_now(lambda connection: entries_of(connection, ada, sha256(WEIGHTS)))
    words = "approved as acme/coder, for internal data, until 2026-10-21; deprecated, use acme/new instead"
    assert said(found) == words


def test_none_is_an_answer(served):
    ada = viewer_of(served.account("ada", Role.VIEWER))
    assert served.store.read_now(lambda connection: entries_of(connection, ada, "0" * 64)) == []
    assert said([]) == "not in the catalog"


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANALYST, Role.APPROVER])
def test_a_closed_namespace_is_told_to_those_who_have_a_right_there(served, role):
    in_state(served, State.REVIEW, {"a.gguf": WEIGHTS}, name="Secret/model")
    viewer = viewer_of(served.account("ada", role))

    def names(connection):
        return [one.name for one in entries_of(connection, viewer, sha256(WEIGHTS))]

    assert served.store.read_now(names) == ["Secret/model"]
    served.store.write_now(lambda c: grants.give(c, 1, "secret", "somebody-else", grants.READ, by="test"))
    assert served.store.read_now(names) == []
    served.store.write_now(lambda c: grants.give(c, 1, "secret", viewer.account_id, grants.READ, by="test"))
    assert served.store.read_now(names) == ["Secret/model"]
