"""What the catalog says of a digest: releases that are served first, and none is an answer, too."""

import pytest
from tests.fleet.serving import running
from tests.hub.holding import in_state, sha256

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
    found = served.store.read_now(lambda connection: entries_of(connection, sha256(WEIGHTS)))
    assert [(one.name, one.state, one.path) for one in found] == [
        ("acme/approved", State.APPROVED, "a.gguf"),
        ("acme/waiting", State.REVIEW, "deep/b.gguf"),
    ]
    assert said(found) == "approved as acme/approved"


def test_none_is_an_answer(served):
    assert served.store.read_now(lambda connection: entries_of(connection, "0" * 64)) == []
    assert said([]) == "not in the catalog"
