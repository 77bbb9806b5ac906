"""What waits for whom, and all evidence about one release."""

import pytest
from tests.fleet.serving import running
from tests.hub.holding import in_state

from weighbridge.fleet.authentication import viewer_of
from weighbridge.fleet.permissions import Role
from weighbridge.hub.review import read, waiting
from weighbridge.hub.states import State


@pytest.fixture
def served(store):
    with running(store) as started:
        yield started


def test_what_waits_comes_in_the_order_in_which_people_look(served):
    for state in (State.APPROVED, State.QUARANTINED, State.FAILED, State.REVIEW, State.REJECTED):
        in_state(served, state, name=f"acme/{state}")
    viewer = viewer_of(served.account("grace", Role.APPROVER))
    found = served.store.read_now(lambda connection: waiting(connection, viewer))
    assert [one.release.state for one in found] == [State.REVIEW, State.FAILED, State.QUARANTINED]


def test_one_release_with_its_files_and_others_of_the_model(served):
    first = in_state(served, State.APPROVED, {"a.gguf": b"GGUF"}, name="acme/coder")
    second = in_state(served, State.REVIEW, {"a.gguf": b"GGUF 2"}, name="acme/coder")
    viewer = viewer_of(served.account("grace", Role.APPROVER))
    found = served.store.read_now(lambda connection: read(connection, viewer, second.release_id))
    assert [one.path for one in found.files] == ["a.gguf"]
    assert [one.release_id for one in found.others] == [first.release_id]
    nobody = viewer_of(served.account("ada", Role.VIEWER))
    assert served.store.read_now(lambda connection: read(connection, nobody, second.release_id)) is None
    assert served.store.read_now(lambda connection: read(connection, viewer, "unknown")) is None
