"""A few bytes that would become gigabytes, and what picklers write instead."""

import pytest
from tests.samples.inspection import assessments

LARGE = b"I99999999999\n\x85"


def _made(*names: tuple[str, str], operands: bytes) -> bytes:
    """Return a call of the first name with what a call of the next one gives, and so on; the last gets `operands`."""
    content = b"".join(f"c{module}\n{name}\n".encode() for module, name in names) + operands
    return b"\x80\x04" + content + b"\x85".join([b"R"] * len(names)) + b"."


RANGE = ("builtins", "range")
NETWORK = ("ipaddress", "IPv4Network")
EVERYTHING = b"\x8c\x090.0.0.0/0\x85"
BOMBS = {
    "deque of a range": _made(("collections", "deque"), RANGE, operands=LARGE),
    "set of a range": _made(("builtins", "set"), RANGE, operands=LARGE),
    "frozenset of a range": _made(("builtins", "frozenset"), RANGE, operands=LARGE),
    "counter of a range": _made(("collections", "Counter"), RANGE, operands=LARGE),
    "list of a network": _made(("builtins", "list"), NETWORK, operands=EVERYTHING),
    "tuple of a network": _made(("builtins", "tuple"), ("ipaddress", "IPv6Network"), operands=b"\x8c\x04::/0\x85"),
    "fraction": _made(("fractions", "Fraction"), operands=b"\x8c\x0b1E999999999\x85"),
    "number": _made(("builtins", "int"), ("decimal", "Decimal"), operands=b"\x8c\x0b1E999999999\x85"),
    "array": _made(("numpy", "ndarray"), operands=b"I99999999999\n\x85\x85"),
}
HONEST = {
    "a range": _made(RANGE, operands=LARGE),
    "a short range in a deque": _made(("collections", "deque"), RANGE, operands=b"K\x07\x85"),
    "a network": _made(NETWORK, operands=EVERYTHING),
    "a fraction": _made(("fractions", "Fraction"), operands=b"\x8c\x033/4\x85"),
    "a decimal": _made(("decimal", "Decimal"), operands=b"\x8c\x0b1E999999999\x85"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_hostile(name: str) -> None:
    assert assessments(BOMBS[name], "a.pkl")[None] == "hostile"


@pytest.mark.parametrize("name", HONEST)
def test_what_picklers_write_is_clean(name: str) -> None:
    assert assessments(HONEST[name], "a.pkl")[None] == "clean"
