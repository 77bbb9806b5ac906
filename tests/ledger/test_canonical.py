import math

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.ledger.canonical import canonical, parsed

NUMBERS = [
    (0.0, "0"), (-0.0, "0"), (5e-324, "5e-324"), (1.7976931348623157e308, "1.7976931348623157e+308"),
    (9007199254740991, "9007199254740991"), (295147905179352825856.0, "295147905179352830000"),
    (9.999999999999997e22, "9.999999999999997e+22"), (1e23, "1e+23"), (1e21, "1e+21"), (1e20, "100000000000000000000"),
    (0.000001, "0.000001"), (1e-7, "1e-7"), (333333333.33333329, "333333333.3333333"), (4.50, "4.5"), (2e-3, "0.002"),
    (-0.0000033333333333333333, "-0.0000033333333333333333"), (5.0, "5"),
]  # fmt: skip
"""Source: RFC 8785, appendix B and section 3.2.2."""
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-(2.0**53), 2.0**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(("value", "text"), NUMBERS)
def test_numbers_are_written_as_ecmascript_does(value: float, text: str) -> None:
    assert canonical(value).decode() == text


def test_keys_stand_in_the_order_of_utf_16() -> None:
    assert canonical({"\ufb33": 1, "\U0001f600": 2, "a": 3}).decode() == '{"a":3,"\U0001f600":2,"\ufb33":1}'


@given(VALUES)
def test_the_bytes_are_those_of_another_implementation(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@given(st.dictionaries(st.text(), VALUES, max_size=4))
def test_what_is_written_is_read(value: dict[str, object]) -> None:
    again = parsed(canonical(value))
    assert again == value


@pytest.mark.parametrize("value", [math.nan, math.inf, 1 << 53, {1: 2}, object(), b"x"])
def test_what_has_no_form_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        canonical(value)


def test_depth_is_limited_and_lone_surrogates_are_escaped() -> None:
    deep: object = 1
    for _ in range(40):
        deep = [deep]
    with pytest.raises(ValueError):
        canonical(deep)
    assert canonical("\ud800") == b'"\\\\ud800"'
    assert parsed(b"[" * 100_000) is None
    assert parsed(b"[1]") is None
    assert parsed(b"\xff") is None
