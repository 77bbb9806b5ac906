"""Plain data as the standard library's pickle writes it, in every protocol."""

import collections
import datetime
import decimal
import pickle
from pathlib import Path

FILES = {f"plain-protocol{protocol}.pkl": "data" for protocol in range(6)} | {
    "collections.pickle": "data",
    "several.pkl": "data",
}


def write(folder: Path) -> None:
    """Write every file of FILES into `folder`."""
    plain = {
        "layers": [64, 32, 1],
        "rate": 0.125,
        "name": "größe",
        "tags": {"a", "b"},
        "frozen": frozenset({1, 2}),
        "raw": b"\x00\xff",
        "big": 1 << 80,
        "nothing": None,
        "nested": [[(1, 2), (True, False)]],
    }
    plain["self"] = plain["nested"]
    for protocol in range(6):
        (folder / f"plain-protocol{protocol}.pkl").write_bytes(pickle.dumps(plain, protocol))
    values = {
        "vocabulary": collections.OrderedDict(the=1, a=2),
        "counts": collections.Counter("weighbridge"),
        "when": datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC),
        "price": decimal.Decimal("1.25"),
        "queue": collections.deque([1, 2, 3], maxlen=5),
    }
    (folder / "collections.pickle").write_bytes(pickle.dumps(values))
    (folder / "several.pkl").write_bytes(pickle.dumps({"epoch": 1}) + pickle.dumps([1.0, 2.0]))
