"""The memo of the symbolic pickle machine, in bounded memory."""

from weighbridge.formats.pickle_values import OPAQUE, SCALARS, Container, Import, LongText, Result, container
from weighbridge.model.pickle_program import Kind
from weighbridge.model.source import LimitReached

RICH_ENTRIES = 200_000
"""So many entries keep what they refer to; later ones only what a name or an operand can be made of."""
ENTRY_LIMIT = 3_000_000
LATE_BYTES_LIMIT = 48 << 20
"""Most bytes of late values kept, with their overhead."""
FORGOTTEN = LongText(Kind.STR, 0)
"""Stands for late texts beyond that. Honest pickles have millions of texts and name nothing with them; whoever does
is stopped where it happens."""


class Memo:
    """Values by index."""

    __slots__ = ("_forgotten", "_late_bytes", "_sparse", "dense", "limit")

    def __init__(self) -> None:
        self.dense: list[object] = []
        """Entries from 0 on, for readers in a hurry; only `put` and `append` write them."""
        self._sparse: dict[int, object] = {}
        self._late_bytes = 0
        self.limit = ENTRY_LIMIT
        """Most entries."""
        self._forgotten: dict[object, object] = {}
        """One value for all late ones of a kind."""

    def __len__(self) -> int:
        return len(self.dense) + len(self._sparse)

    def put(self, index: int, value: object) -> None:
        """Set entry `index`. Raises `LimitReached`."""
        values = self.dense
        if len(values) >= RICH_ENTRIES:
            value = self._late(value)
        if index == len(values):
            if index >= self.limit:
                raise LimitReached("memo entries of a pickle", self.limit)
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
        if 0 <= index < len(self.dense):
            return True, self.dense[index]
        if index in self._sparse:
            return True, self._sparse[index]
        return False, None

    def append(self, value: object) -> bool:
        """Set the entry whose number is the number of entries, as MEMOIZE does; False if that needs `put`."""
        values = self.dense
        if self._sparse or len(values) >= self.limit:
            return False
        values.append(value if len(values) < RICH_ENTRIES else self._late(value))
        return True

    def _late(self, value: object) -> object:
        """Return what is kept of a value that comes late: of most only the kind."""
        if isinstance(value, (str, bytes)):
            self._late_bytes += 64 + len(value)
        elif isinstance(value, Container):
            if value.items is None:
                return self._shared(value.kind, None)
            if not value.tainted and SCALARS.issuperset(map(type, value.items)):
                return self._shared(value.kind, None)
            self._late_bytes += 256
        elif isinstance(value, Result):
            if isinstance(value.callee, Import) and value.entries is None:
                return self._forgotten.get(value.callee) or self._shared(value.callee, Result(value.callee, OPAQUE))
            self._late_bytes += 256
        if self._late_bytes > LATE_BYTES_LIMIT:
            if isinstance(value, (str, bytes)):
                return FORGOTTEN
            raise LimitReached("bytes that a pickle has us remember", LATE_BYTES_LIMIT)
        return value

    def _shared(self, key: object, fresh: Result | None) -> object:
        shared = self._forgotten.get(key)
        if shared is None:
            shared = fresh or container(key if isinstance(key, Kind) else Kind.OPAQUE)
            if isinstance(shared, Container):
                shared.tainted = True
            self._forgotten[key] = shared
        return shared


class Overlay(Memo):
    """A memo over another that is only read: for a second reading from the middle of a stream."""

    __slots__ = ("_below",)

    def __init__(self, below: Memo) -> None:
        super().__init__()
        self._below = below

    def __len__(self) -> int:
        return len(self._below) + len(self._sparse)

    def append(self, value: object) -> bool:
        """Leave it to `put`."""
        return False

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
