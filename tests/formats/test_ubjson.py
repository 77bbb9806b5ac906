"""UBJSON as XGBoost writes it."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.formats.gathering import StructureError
from weighbridge.formats.ubjson import Walker
from weighbridge.model.observation import Damage
from weighbridge.model.source import BytesSource, LimitReached


def value(content: bytes) -> object:
    return Walker(BytesSource(content)).value()


def key(name: str) -> bytes:
    return b"L" + struct.pack(">q", len(name)) + name.encode()


def test_values() -> None:
    content = b"{" + key("a") + b"i\x07" + key("b") + b"S" + key("xyz") + key("c") + b"[TFZ]" + key("d") + b"U\xff}"
    assert value(content) == {"a": 7, "b": "xyz", "c": [True, False, None], "d": 255}


def test_typed_arrays_are_passed_over() -> None:
    content = b"[$d#L" + struct.pack(">q", 1000) + bytes(4000)
    walker = Walker(BytesSource(content))
    assert walker.value() == 1000
    assert walker.position == len(content)


@pytest.mark.parametrize(
    ("content", "damage"),
    [
        (b"{" + key("a"), Damage.TRUNCATED),
        (b"[$d#L" + struct.pack(">q", 1 << 60), Damage.TRUNCATED),
        (b"S" + b"L" + b"\xff" * 8, Damage.INVALID),
        (b"?", Damage.INVALID),
        (b"[$d]", Damage.INVALID),
    ],
)
def test_damage(content: bytes, damage: Damage) -> None:
    with pytest.raises(StructureError) as caught:
        value(content)
    assert caught.value.damage is damage


def test_depth_is_bounded() -> None:
    with pytest.raises(LimitReached):
        value(b"[" * 500)


@given(st.binary(max_size=300))
def test_any_bytes(content: bytes) -> None:
    try:
        value(content)
    except (StructureError, LimitReached):
        pass
