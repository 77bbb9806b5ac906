"""Objects in R's serialization: promises and code wherever they stand, classes of models."""

import struct

import pytest

from weighbridge.formats.gathering import Gathering, StructureError
from weighbridge.formats.r_items import RWalker
from weighbridge.formats.r_stream import BinaryStream
from weighbridge.model.budget import Budget
from weighbridge.model.source import BytesSource, LimitReached


def i(*values: int) -> bytes:
    return struct.pack(f">{len(values)}i", *values)


def chars(text: str) -> bytes:
    return i(9, len(text)) + text.encode()


def symbol(text: str) -> bytes:
    return i(1) + chars(text)


PROMISE = i(5 | 0x400, 253, 252, 6) + symbol("f") + i(254)


def walked(content: bytes) -> tuple[RWalker, set[str]]:
    gathering = Gathering("x")
    walker = RWalker(BinaryStream(BytesSource(content), 0), Budget(), gathering)
    walker.run()
    found = gathering.reading().observations
    return walker, {getattr(o, "kind", "") or getattr(o, "name", "") for o in found}


@pytest.mark.parametrize(
    "content",
    [
        PROMISE,
        i(19, 2) + i(254) + PROMISE,
        i(14 | 0x200, 1) + bytes(8) + i(2 | 0x400) + symbol("a") + PROMISE + i(254),
        i(4, 0, 253) + PROMISE + i(254, 254),
        i(22, 254) + PROMISE,
        i(25 | 0x200) + PROMISE,
        i(238) + i(254) + PROMISE + i(254),
        i(3, 253, 254) + PROMISE,
        i(21, 1) + i(13, 1, 12) + i(1, 5) + PROMISE,
    ],
)
def test_promises_everywhere(content: bytes) -> None:
    assert "r-promise" in walked(content)[1]


def test_a_promise_that_was_kept_is_data() -> None:
    assert walked(i(5, 254, 254))[1] == set()


def test_code() -> None:
    assert walked(i(3, 253, 254, 254))[1] == {"closure"}
    assert walked(i(21, 1) + i(13, 1, 12) + i(0))[1] == {"bytecode"}


def test_classes_also_by_reference() -> None:
    attribute = i(2 | 0x400) + symbol("class") + i(16, 1) + chars("lm") + i(254)
    again = i(2 | 0x400) + i(1 << 8 | 255) + i(16, 2) + chars("glm") + chars("x") + i(254)
    content = i(19, 2) + i(14 | 0x200, 0) + attribute + i(14 | 0x200, 0) + again
    assert list(walked(content)[0].classes) == ["lm", "glm", "x"]


def test_long_lists_do_not_recurse() -> None:
    count = 20_000
    assert walked(i(2, 254) * count + i(254))[0].items > count


def test_limits() -> None:
    with pytest.raises(LimitReached):
        walked(i(19, 2_000_000_000))
    with pytest.raises(StructureError):
        walked(i(16, -5))
    with pytest.raises(StructureError):
        walked(i(99))
