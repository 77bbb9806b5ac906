"""What is sent next, and when: every reply leads on, and pauses stay within bounds whatever a server asks."""

from hypothesis import given
from hypothesis import strategies as st

from weighbridge.sync.messages import Synced
from weighbridge.sync.plan import (
    LARGEST_BATCH,
    LONGEST_SECONDS,
    SHORTEST_SECONDS,
    SMALLEST_BATCH,
    Place,
    Step,
    after_reply,
    most_bytes,
    next_step,
    pause_after_failure,
    pause_after_success,
    retry_after_of,
)

CHANCE = st.floats(0, 1)


def reply(acknowledged: int, *, resync: bool = False, accepted: bool = True) -> Synced:
    return Synced(
        acknowledged=acknowledged,
        cosigned=acknowledged,
        accepted=accepted,
        server_time="",
        epoch="e",
        resync=resync,
        next_sync_in=300.0,
    )


def test_entries_go_first_then_a_snapshot_then_silence_until_the_pause_is_over() -> None:
    assert next_step(Place(acknowledged=3, resync=True), 4, due=False) is Step.ENTRIES
    assert next_step(Place(acknowledged=4, resync=True), 4, due=False) is Step.SNAPSHOT
    assert next_step(Place(acknowledged=4), 4, due=False) is Step.NOTHING
    assert next_step(Place(acknowledged=4), 4, due=True) is Step.PRESENCE


@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 9))
def test_a_log_is_sent_whole_from_wherever_the_server_stands(have: int, behind: int, step: int) -> None:
    place, signed = Place(acknowledged=have), have + behind
    for _ in range(signed + 2):
        if next_step(place, signed, due=False) is not Step.ENTRIES:
            break
        place = after_reply(place, reply(min(signed, place.acknowledged + step)))
    assert place.acknowledged == signed


def test_a_server_that_went_back_is_followed() -> None:
    place = after_reply(Place(acknowledged=90, epoch="old"), reply(10))
    assert (place.acknowledged, place.epoch) == (10, "e")
    assert next_step(place, 90, due=False) is Step.ENTRIES


def test_the_parts_of_a_snapshot_follow_each_other() -> None:
    place = after_reply(Place(), reply(0, resync=True), next_part=9)
    assert (place.resync, place.part) == (True, 0)
    place = after_reply(place, reply(0, resync=True), next_part=70)
    assert place.part == 70
    assert after_reply(place, reply(0, resync=True, accepted=False), next_part=90).part == 0
    assert after_reply(place, reply(0, resync=True)).part == 0
    assert after_reply(place, reply(0)) == after_reply(Place(), reply(0))


@given(st.floats(allow_nan=False), CHANCE)
def test_a_server_can_neither_hurry_nor_silence_an_endpoint(asked: float, chance: float) -> None:
    assert SHORTEST_SECONDS * 0.89 <= pause_after_success(asked, chance) <= LONGEST_SECONDS * 1.11


@given(st.integers(1, 10_000), CHANCE, st.floats(0, 1e12))
def test_pauses_after_failures_are_bounded_and_keep_to_retry_after(failures: int, chance: float, asked: float) -> None:
    assert SHORTEST_SECONDS <= pause_after_failure(failures, chance) <= 3600
    pause = pause_after_failure(failures, chance, asked)
    assert pause >= min(asked, LONGEST_SECONDS)
    assert pause <= LONGEST_SECONDS * 1.21


def test_pauses_after_failures_grow_and_are_spread_over_all_of_the_time() -> None:
    assert [pause_after_failure(failures, 1.0) for failures in (1, 2, 3, 20)] == [10, 20, 40, 3600]
    assert pause_after_failure(20, 0.5) == 1800
    assert pause_after_failure(20, 0.0) == SHORTEST_SECONDS


def test_messages_shrink_after_failures() -> None:
    assert most_bytes(0) == LARGEST_BATCH
    assert most_bytes(3) == LARGEST_BATCH // 8
    assert most_bytes(1000) == SMALLEST_BATCH


def test_retry_after_is_seconds_or_nothing() -> None:
    assert retry_after_of(" 120 ") == 120.0
    for nonsense in ("", "soon", "-1", "1e9", "Wed, 21 Oct 2026 07:28:00 GMT", "9" * 40, "٣"):
        assert retry_after_of(nonsense) == 0.0
