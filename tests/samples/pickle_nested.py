"""Evasions: pickles inside values of pickles, and code that travels by value."""

import pickle

from tests.samples.case import HARD, NOT_CLEAN, Case
from tests.samples.pickle_assembly import SYSTEM, Raw, call, name, of_result, stream, text, value

_INNER = stream(SYSTEM)
_PLAIN_INNER = b"cos\nsystem\n(S'true'\ntR."
_CODE = compile("1 + 1", "x", "eval")
_CODE_OPERANDS = (0, 0, 0, 0, 0, 0, b"\x97\x00d\x00S\x00", (None,), (), (), "x", "f", "f", 1, b"", b"", (), ())

_BODIES: dict[str, tuple[bytes, bool, str | None]] = {
    "in-bytes": (value({"state": _INNER}), True, None),
    "in-text": (value({"state": _PLAIN_INNER.decode()}), True, None),
    "in-long-bytes": (value([_INNER + b"\0" * 100_000]), True, None),
    "two-deep": (value(stream(value(_INNER))), True, None),
    "three-deep": (value(stream(value(stream(value(_INNER))))), True, None),
    "in-bytearray": (b"\x96" + len(_INNER).to_bytes(8, "little") + _INNER, True, None),
    "in-dictionary-key": (value({_INNER: 1}), True, None),
    "loaded-by-loads": (call("pickle", "loads", _INNER), True, "pickle"),
    "loaded-by-torch": (call("torch.storage", "_load_from_bytes", _INNER), True, None),
    "behind-data-only-inner": (value(pickle.dumps([1, 2]) + _INNER), True, None),
    "dill-code": (call("dill._dill", "_create_code", *_CODE_OPERANDS), False, None),
    "dill-function-called": (
        of_result(
            call(
                "dill._dill",
                "_create_function",
                Raw(call("dill._dill", "_create_code", *_CODE_OPERANDS)),
                {},
                "f",
                None,
            ),
        ),
        True,
        None,
    ),
    "cloudpickle-function": (
        call(
            "cloudpickle.cloudpickle",
            "_make_function",
            Raw(call("cloudpickle.cloudpickle", "_builtin_type", "CodeType")),
            {},
        ),
        False,
        None,
    ),
    "cloudpickle-function-called": (
        of_result(call("cloudpickle.cloudpickle", "_make_function", Raw(text("code")), {}, None, None, None)),
        True,
        None,
    ),
    "dill-import": (call("dill._dill", "_import_module", "antigravity"), False, None),
    "dill-load-type": (of_result(call("dill._dill", "_load_type", "FunctionType"), 1), True, None),
    "instance-of-shipped-class": (
        call("cloudpickle.cloudpickle", "_make_skeleton_class", Raw(name("builtins", "dict")), "X", (), {}, None, None)
        + b")\x81}b",
        True,
        None,
    ),
    "marshalled-code": (value(b"\xe3\x00\x00\x00\x00" + b"\0" * 40), False, None),
}


def _case(identity: str, body: bytes, hard: bool, loader: str | None) -> Case:
    return Case(
        id=f"pickle-nested/{identity}",
        build=lambda: {"model.pkl": stream(body)},
        subject="model.pkl",
        expect=HARD if hard else NOT_CLEAN,
        fires=loader,
        lesson="nested loads and code by value",
    )


EVASIONS = tuple(_case(identity, *case) for identity, case in _BODIES.items())
