"""Data that the standard library pickles is never worse than clean; an object of somebody's own is a review at most."""

import collections
import datetime
import decimal
import fractions
import ipaddress
import pickle
import uuid
from array import array

from tests.samples.case import Case
from tests.samples.pickle_assembly import Raw, call, name, stream, value

CLEAN = frozenset({"clean"})
REVIEW = frozenset({"clean", "review"})

DATA: dict[str, object] = {
    "nothing": None,
    "numbers": [0, 1, -1, 255, 256, 65535, 1 << 31, 1 << 70, -(1 << 90), 1.5, float("inf"), 2 + 3j, True, False],
    "texts": ["", "a", "ü", "\U0001f600", "x" * 300, "line\nline", "quote'\"", "back\\slash"],
    "bytes": [b"", b"a", bytes(range(256)), b"x" * 70_000, bytearray(b"abc")],
    "containers": {"list": [1, [2, [3]]], "tuple": (1, (2,), ()), "set": {1, 2}, "frozen": frozenset({"a"})},
    "shared": [shared := ["same"], shared, {"again": shared}],
    "many": list(range(5000)),
    "vocabulary": {f"token{number}": number for number in range(3000)},
    "long-tuple": tuple(range(3000)),
    "collections": [
        collections.OrderedDict(a=1),
        collections.Counter("abca"),
        collections.deque([1, 2], maxlen=3),
        collections.defaultdict(list, {"a": [1]}),
    ],
    "times": [
        datetime.datetime(2026, 1, 2, 3, 4, tzinfo=datetime.UTC),
        datetime.date(2026, 1, 2),
        datetime.time(3, 4),
        datetime.timedelta(days=1),
    ],
    "exact": [decimal.Decimal("1.5"), fractions.Fraction(1, 3), uuid.UUID(int=5), array("d", [1.0, 2.0])],
    "ranges": [range(5), slice(1, 2), ipaddress.ip_address("10.0.0.1")],
    "types": [int, str, list, dict, float],
    "recursive": None,
}
_LOOP: list[object] = [1]
_LOOP.append(_LOOP)
DATA["recursive"] = _LOOP


def _data(identity: str, protocol: int) -> Case:
    return Case(
        id=f"pickle-data/{identity}-protocol-{protocol}",
        build=lambda: {"data.pkl": pickle.dumps(DATA[identity], protocol)},
        subject="data.pkl",
        expect=CLEAN,
    )


def _python(identity: str, protocol: int) -> Case:
    return Case(
        id=f"pickle-data/{identity}-python-pickler-protocol-{protocol}",
        build=lambda: {"data.pkl": pickle._dumps(DATA[identity], protocol)},  # type: ignore[attr-defined]
        subject="data.pkl",
        expect=CLEAN,
    )


_OBJECTS = {
    "own-class": name("project.models", "Net") + b")\x81" + value({"a": 1}) + b"b",
    "old-style-own-class": call(
        "copyreg", "_reconstructor", Raw(name("project.models", "Net")), Raw(name("builtins", "object")), None
    ),
    "namespace": name("argparse", "Namespace") + b")\x81" + value({"lr": 1}) + b"b",
    "path": call("pathlib", "PosixPath", "a", "b"),
    "partial": name("functools", "partial") + value((Raw(name("project.models", "act")),)) + b"\x81",
    "nested-class": call("builtins", "getattr", Raw(name("project.models", "Net")), "Config") + b")\x81}b",
    "extension-type": call("project._fast", "__pyx_unpickle_Tree", Raw(name("project._fast", "Tree")), 5, None),
}


def _object(identity: str) -> Case:
    return Case(
        id=f"pickle-objects/{identity}",
        build=lambda: {"object.pkl": stream(_OBJECTS[identity])},
        subject="object.pkl",
        expect=REVIEW,
    )


BENIGN = (
    *(_data(identity, protocol) for identity in DATA for protocol in range(6)),
    *(_python(identity, protocol) for identity in ("containers", "bytes", "shared") for protocol in (0, 2, 4)),
    *(_object(identity) for identity in _OBJECTS),
)
