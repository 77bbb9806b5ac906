"""What a caller sees of a model; the page itself is in tests/console/test_catalog_page.py."""

import pytest
from tests.fleet.serving import running
from tests.hub.holding import in_state, sha256

from weighbridge.fleet.authentication import viewer_of
from weighbridge.fleet.permissions import Role
from weighbridge.hub.caller import Caller
from weighbridge.hub.model_page import read
from weighbridge.hub.names import parse_name
from weighbridge.hub.states import State


@pytest.fixture
def served(store):
    with running(store) as started:
        yield started


def test_who_brought_a_release_sees_that_it_waits_and_nothing_more(served):
    made = in_state(served, State.REVIEW, {"a.gguf": b"GGUF"}, name="acme/coder", who="ada")
    name = parse_name("acme/coder")

    def seen(account):
        caller = Caller(viewer=viewer_of(account))
        return served.store.read_now(lambda connection: read(connection, caller, "https://hub.example.com", name))

    ada = seen(served.account("ada", Role.ANALYST))
    assert [one.release_id for one in ada.releases] == [made.release_id]
    assert (ada.files, ada.uses, ada.weighed) == ([], [], None)
    assert ada.release.commit_id == made.commit_id
    eve = seen(served.account("eve", Role.VIEWER))
    assert eve.releases == []
    assert (eve.release.state, eve.release.size, eve.release.files) == (State.REVIEW, 0, 0)
    told = str(eve)
    for secret in (made.commit_id, sha256(b"GGUF"), made.state_why):
        assert secret not in told
    assert [one.path for one in seen(served.account("grace", Role.APPROVER)).files] == ["a.gguf"]
