"""Releases: one commit, one state, moved by whoever knows the state in which it is."""

import pytest
from tests.fleet.serving import BEGINNING, DAY

from weighbridge.fleet.store import Store
from weighbridge.hub import releases
from weighbridge.hub.states import State
from weighbridge.model.errors import WeighbridgeError

WAY = (State.QUARANTINED, State.WEIGHING, State.APPROVED)


def add(c, commit: str = "1" * 40, *way: State, model_id: str = "m", now: int = BEGINNING):
    release = releases.add(c, now, model_id, commit, by="ada", title="t" * 600)
    for state in way:
        release = releases.move(c, now, release, state, by="grace", why="because")
    return release


def test_a_release_is_found_by_its_commit_within_its_model(store: Store) -> None:
    def job(c):
        first, second = add(c), add(c, "2" * 40, now=BEGINNING + 5)
        add(c, model_id="other")
        return first, releases.of_commit(c, "m", "1" * 40), releases.of_model(c, "m"), second

    first, found, listed, second = store.write_now(job)
    assert found == first
    assert listed == [second, first]
    assert len(first.title) == 512
    assert store.read_now(lambda c: (releases.find(c, "none"), releases.of_commit(c, "m", "3" * 40))) == (None, None)


def test_of_two_who_move_a_release_one_is_told(store: Store) -> None:
    def job(c):
        known = add(c, "1" * 40, *WAY[:2])
        moved = releases.move(c, BEGINNING + 1, known, State.REVIEW, by="hub", why="odd")
        return known, moved

    known, moved = store.write_now(job)
    assert (moved.state, moved.state_by, moved.state_why, moved.state_at) == (State.REVIEW, "hub", "odd", BEGINNING + 1)
    for after in (State.APPROVED, State.QUARANTINED):
        with pytest.raises(WeighbridgeError) as refused:
            store.write_now(lambda c, after=after: releases.move(c, BEGINNING, known, after, by="eve"))
        assert refused.value.code == "E-release-state"
    assert store.read_now(lambda c: releases.by_id(c, known.release_id)) == moved


def test_a_state_is_changed_by_moving_alone(store: Store) -> None:
    release = store.write_now(add)
    with pytest.raises(ValueError, match="`move`"):
        store.write_now(lambda c: releases.change(c, release.release_id, state="approved"))
    after = store.write_now(
        lambda c: releases.change(c, release.release_id, guidance="For drafts.", formats="tombstone")
    )
    assert (after.guidance, after.is_tombstone, after.is_served) == ("For drafts.", True, False)


def test_what_is_over_is_served_and_its_time_has_come(store: Store) -> None:
    def job(c):
        until = {"1": BEGINNING, "2": BEGINNING + DAY, "3": None}
        for name, at in until.items():
            releases.change(c, add(c, name * 40, *WAY).release_id, until_at=at)
        releases.change(c, add(c, "4" * 40, *WAY[:2]).release_id, until_at=BEGINNING)
        over = [one.commit_id[0] for one in releases.over(c, BEGINNING, 9)]
        return over, len(releases.in_state(c, State.APPROVED)), releases.in_state(c, State.REVOKED)

    assert store.write_now(job) == (["1"], 3, [])
