"""The memo of the symbolic pickle machine, in bounded memory."""

from weighbridge.formats.pickle_values import Container, Result, container
from weighbridge.model.pickle_program import Kind
from weighbridge.model.source import LimitReached

RICH_ENTRIES = 200_000
"""So many entries keep what they refer to; later ones only what a name or an operand can be made of."""
ENTRY_LIMIT = 3_000_000
TEXT_BYTES_LIMIT = 48 << 20
"""Most bytes of late texts kept, with their overhead."""


class Memo:
    """Values by index. `forgotten` counts those of which only the kind is still known."""

    __slots__ = ("_late_bytes", "_sparse", "_values", "forgotten")

    def __init__(self) -> None:
        self._values: list[object] = []
        self._sparse: dict[int, object] = {}
        self._late_bytes = 0
        self.forgotten: dict[Kind, Container] = {}

    def __len__(self) -> int:
        return len(self._values) + len(self._sparse)

    def put(self, index: int, value: object) -> None:
        """Set entry `index`. Raises `LimitReached`."""
        values = self._values
        if len(values) >= RICH_ENTRIES:
            value = self._late(value)
        if index == len(values):
            if index >= ENTRY_LIMIT:
                raise LimitReached("memo entries of a pickle", ENTRY_LIMIT)
            values.append(value)
            if self._sparse and index in self._sparse:
                del self._sparse[index]
        elif index < len(values):
            values[index] = value
        else:
            if len(self._sparse) >= RICH_ENTRIES:
                raise LimitReached("memo entries of a pickle", RICH_ENTRIES)
            self._sparse[index] = value

    def get(self, index: int) -> tuple[bool, object]:
        """Return whether entry `index` exists, and its value."""
        if 0 <= index < len(self._values):
            return True, self._values[index]
        if index in self._sparse:
            return True, self._sparse[index]
        return False, None

    def _late(self, value: object) -> object:
        if isinstance(value, (str, bytes)):
            self._late_bytes += 64 + len(value)
            if self._late_bytes > TEXT_BYTES_LIMIT:
                raise LimitReached("bytes of remembered texts of a pickle", TEXT_BYTES_LIMIT)
        elif isinstance(value, Container) and not value.tainted and value.count == 0:
            shared = self.forgotten.get(value.kind)
            if shared is None:
                shared = self.forgotten[value.kind] = container(value.kind)
                shared.tainted = True
            return shared
        elif isinstance(value, (Container, Result)):
            self._late_bytes += 256
            if self._late_bytes > TEXT_BYTES_LIMIT:
                raise LimitReached("bytes of remembered values of a pickle", TEXT_BYTES_LIMIT)
        return value


class Overlay(Memo):
    """A memo over another that is only read: for a second reading from the middle of a stream."""

    __slots__ = ("_below",)

    def __init__(self, below: Memo) -> None:
        super().__init__()
        self._below = below

    def __len__(self) -> int:
        return len(self._below) + len(self._sparse)

    def put(self, index: int, value: object) -> None:
        """Set entry `index` here. Raises `LimitReached`."""
        if len(self._sparse) >= RICH_ENTRIES:
            raise LimitReached("memo entries of a pickle", RICH_ENTRIES)
        self._sparse[index] = value

    def get(self, index: int) -> tuple[bool, object]:
        """Return whether entry `index` exists, and its value."""
        if index in self._sparse:
            return True, self._sparse[index]
        return self._below.get(index)
