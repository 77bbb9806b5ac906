"""What waits for whom, and why."""

import pytest
from tests.fleet.serving import running
from tests.hub.holding import in_state

from weighbridge.fleet.authentication import viewer_of
from weighbridge.fleet.permissions import Role
from weighbridge.hub.review import waiting
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
