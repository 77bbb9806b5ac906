"""Evasions and near misses for names that are admitted although they are more than data."""

import ast
import calendar
import configparser
import math
import operator
import pickle
from typing import NamedTuple

from tests.samples.case import HARD, Case
from tests.samples.pickle_assembly import Raw, call, name, stream, value

_REVIEW = frozenset({"clean", "review"})


class _Evasion(NamedTuple):
    content: bytes
    fires: str | None
    lesson: str


def wrapper(filename: object, kind: str = "NDArrayWrapper") -> bytes:
    """A joblib file of before 0.10 whose array lies in another file."""
    state = value({"filename": filename, "allow_mmap": True, "subclass": Raw(name("numpy", "ndarray"))})
    return stream(name("joblib.numpy_pickle_compat", kind) + b")\x81" + state + b"b", 2)


_EVASIONS = {
    "array-in-a-folder-above": _Evasion(wrapper("../../elsewhere.npy"), "joblib", "joblib loads it with allow_pickle"),
    "array-at-an-absolute-path": _Evasion(wrapper("/tmp/elsewhere"), "joblib", "joblib loads it with allow_pickle"),
    "array-name-in-slots": _Evasion(
        stream(
            name("joblib.numpy_pickle_compat", "NDArrayWrapper") + b")\x81" + value((None, {"filename": "/x"})) + b"b",
            2,
        ),
        None,
        "slots state sets the same attribute",
    ),
    "array-name-by-constructor": _Evasion(
        stream(call("joblib.numpy_pickle_compat", "NDArrayWrapper", "/x", None) + b"}b", 2),
        None,
        "the constructor sets the same attribute",
    ),
    "compile-of-a-syntax-tree": _Evasion(
        stream(call("builtins", "compile", "import os", "a", "exec") + b"0N"), None, "a node is data, compile is not"
    ),
    "pure-function-called": _Evasion(
        stream(call("operator", "add", 1, 2)), None, "admitted as a value, not as something to call"
    ),
    "subscript-of-a-table": _Evasion(
        stream(call("operator", "getitem", Raw(name("os", "environ")), "HOME")), None, "getitem is for type hints"
    ),
    "subscript-of-own-value": _Evasion(
        stream(call("operator", "getitem", {"a": 1}, "a")), None, "getitem is for type hints"
    ),
    "create-type-runs-a-function": _Evasion(
        stream(call("dill._dill", "_create_type", Raw(name("numpy", "load")), "other.npy", None, True)),
        "dill",
        "dill calls whatever stands where a metaclass should",
    ),
    "parsed-by-a-constructor": _Evasion(
        stream(call("xml.etree.ElementTree", "ElementTree", None, "/etc/hostname")), "pickle", "its constructor reads"
    ),
    "junk-test-of-a-matcher": _Evasion(
        stream(call("difflib", "SequenceMatcher", Raw(name("os", "system")), "t", "true")), "pickle", "it calls back"
    ),
}
EVASIONS: tuple[Case, ...] = tuple(
    Case(
        id=f"pickle-relaxed/{title}",
        build=lambda content=content: {"model.pkl": content},
        subject="model.pkl",
        expect=HARD,
        fires=fires,
        lesson=lesson,
    )
    for title, (content, fires, lesson) in _EVASIONS.items()
)

_OBJECTS: dict[str, object] = {
    "syntax-tree": ast.parse("x = 1\ndef f(a):\n    return a + x\n"),
    "calendar": calendar.HTMLCalendar(),
    "interpolation": configparser.ExtendedInterpolation(),
    "functions-by-name": [operator.add, math.sqrt, len, sorted],
    "error": FileNotFoundError(2, "no such file"),
}
BENIGN: tuple[Case, ...] = (
    *(
        Case(
            id=f"pickle-relaxed/{title}",
            build=lambda content=content: {"model.pkl": pickle.dumps(content, 4)},
            subject="model.pkl",
            expect=_REVIEW,
        )
        for title, content in _OBJECTS.items()
    ),
    Case(
        id="pickle-relaxed/array-beside",
        build=lambda: {"model.pkl": wrapper("model.pkl_01.npy")},
        subject="model.pkl",
        expect=_REVIEW,
        lesson="joblib before 0.10 wrote each array into a file beside the pickle",
    ),
)
