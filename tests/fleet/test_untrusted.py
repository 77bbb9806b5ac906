"""Whatever an endpoint sends fits into a column, on both databases."""

from hypothesis import given
from hypothesis import strategies as st

from weighbridge.fleet.untrusted import digest, happened_at, mappings, milliseconds, text, texts, whole, word

NOW = 1_795_251_600_000
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=4)
)


@given(st.text(alphabet=st.characters(), max_size=600), st.integers(0, 300))
def test_texts_are_bounded_and_clean(value: str, most: int) -> None:
    found = text(value, most)
    assert found is not None
    assert len(found) <= most
    assert "\0" not in found
    found.encode()


def test_what_is_harmless_stays() -> None:
    assert text("<b>ä</b> ‮ \n") == "<b>ä</b> ‮ \n"
    assert text("a\0b\ud800") == "a␀b\\ud800"


@given(ANYTHING)
def test_other_types_are_nothing(value: object) -> None:
    if not isinstance(value, str):
        assert text(value) is None
        assert word({"x": value}, "x") is None
    assert whole(value) is None or abs(value) < 1 << 53  # type: ignore[arg-type]  (a number then)
    assert all(isinstance(one, str) for one in texts(value))
    assert all(isinstance(one, dict) for one in mappings(value))


def test_numbers_that_no_column_holds_are_nothing() -> None:
    assert whole(True) is None
    assert whole(1 << 70) is None
    assert whole(-7) == -7


def test_digests_have_one_form() -> None:
    assert digest("a" * 64) == "a" * 64
    for wrong in ("A" * 64, "a" * 63, "a" * 64 + "\n", None, 7):
        assert digest(wrong) is None


def test_times_of_messages() -> None:
    assert milliseconds("2026-11-21T09:00:00.000Z") == NOW
    assert milliseconds("2026-11-21T10:00:00.000+01:00") == NOW
    for wrong in ("", "yesterday", "2026-11-21T09:00:00", "9" * 40):
        assert milliseconds(wrong) is None
    assert milliseconds("0001-01-01T00:00:00+00:00") is not None


@given(st.integers(-(1 << 60), 1 << 60) | st.none(), st.integers(-(1 << 60), 1 << 60))
def test_nothing_happens_after_it_was_received(at: int | None, offset: int) -> None:
    assert NOW - 400 * 86_400_000 <= happened_at(at, offset, NOW) <= NOW


def test_a_clock_that_is_ten_years_off_is_put_right() -> None:
    ten_years = 315_360_000_000
    assert happened_at(NOW - ten_years - 60_000, ten_years, NOW) == NOW - 60_000
    assert happened_at(NOW + ten_years - 60_000, -ten_years, NOW) == NOW - 60_000
    assert happened_at(None, 0, NOW) == NOW
