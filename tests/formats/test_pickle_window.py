"""The window moves forward and tells where the source ends."""

from weighbridge.formats.pickle_window import Window
from weighbridge.model.source import BytesSource, SourceError


def test_moves_and_peeks() -> None:
    window = Window(BytesSource(bytes(range(200))), 0, 64)
    assert not window.last
    window.move(150)
    assert window.last
    assert window.data[0] == 150
    assert window.peek(10, 3) == bytes([10, 11, 12])
    assert window.has(199)
    assert not window.has(200)


class Broken:
    size = 10
    name = b""

    def read(self, offset: int, length: int) -> bytes:
        raise SourceError("gone")


def test_damage_is_kept() -> None:
    window = Window(Broken())
    assert window.damage == "gone"
    assert window.data == b""
