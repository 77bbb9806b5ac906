"""What may become of a release: every move stands in the table, and only people bring something into service."""

import pytest

from weighbridge.hub.states import MOVES, PENDING, SERVED, State, check_move
from weighbridge.model.errors import WeighbridgeError


@pytest.mark.parametrize("before", list(State))
@pytest.mark.parametrize("after", list(State))
def test_each_move_is_in_the_table_or_refused(before, after):
    if after in MOVES[before]:
        check_move(before, after)
        return
    with pytest.raises(WeighbridgeError) as caught:
        check_move(before, after)
    assert caught.value.code == "E-release-state"
    assert all(state.value in caught.value.hint for state in MOVES[before])


def test_what_is_served():
    assert {State.APPROVED, State.DEPRECATED} == SERVED
    assert not SERVED & PENDING


def test_what_leads_into_service():
    """A revocation is taken back into review, and what was never weighed is never served."""
    assert {before for before, after in MOVES.items() if State.APPROVED in after} == {
        State.WEIGHING,
        State.REVIEW,
        State.DEPRECATED,
        State.EXPIRED,
    }


def test_every_served_release_can_be_revoked():
    assert all(State.REVOKED in MOVES[state] for state in SERVED)


def test_no_state_is_a_trap():
    assert set(MOVES) == set(State)
    assert all(MOVES.values())
