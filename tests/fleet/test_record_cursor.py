import base64
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.fleet.record_cursor import LONGEST, At, Place, cursor_of, places_of
from weighbridge.model.errors import WeighbridgeError

PLACES = st.builds(Place, st.integers(0, 1 << 50), st.text("abc", min_size=16, max_size=16), st.integers(0, 1 << 50))
ROADS = st.lists(st.builds(At, st.text("0123456789abcdef", max_size=16), st.none() | PLACES), min_size=1, max_size=16)


@given(st.sampled_from(["digest", "endpoint", "kind", "time"]), ROADS)
def test_a_cursor_says_where_every_road_goes_on(by: str, roads: list[At]) -> None:
    cursor = cursor_of(by, roads)
    assert len(cursor) <= LONGEST
    assert places_of(cursor) == (by, roads)


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "é",
        "\ud800",
        "[" * 3000,
        encoded([]),
        encoded({}),
        encoded("time"),
        encoded(["time"]),
        encoded(["none", ["", 1, "a", 1]]),
        encoded([["time"], ["", 1, "a", 1]]),
        encoded(["time", ["", 1, "a"]]),
        encoded(["time", []]),
        encoded(["time", 7]),
        encoded(["time", [None, 1, "a", 1]]),
        encoded(["time", ["\0", 1, "a", 1]]),
        encoded(["time", ["\ud800", 1, "a", 1]]),
        encoded(["time", ["", True, "a", 1]]),
        encoded(["time", ["", 1, "a", 1 << 70]]),
        encoded(["time", ["", 1, "a" * 300, 1]]),
        encoded(["time", *[[""]] * 17]),
        base64.urlsafe_b64encode(b"[" * 1400).decode(),
    ],
)
def test_a_cursor_from_elsewhere_is_refused(cursor: str) -> None:
    with pytest.raises(WeighbridgeError, match="the place to go on from is none of this list"):
        places_of(cursor)


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda one: base64.urlsafe_b64encode(one).decode()))
def test_any_text_is_a_cursor_or_is_refused(cursor: str) -> None:
    with suppress(WeighbridgeError):
        by, roads = places_of(cursor)
        assert cursor_of(by, roads)
