"""Pickles from an independent attack: openings that only loaders read, and helpers turned against the loader."""

from collections.abc import Callable

from tests.samples.case import HARD, Case

_PAYLOAD = b"cposix\nsystem\n(S'true'\ntR."


def _case(name: str, content: bytes | Callable[[], bytes], lesson: str, fires: str | None = "pickle") -> Case:
    def build() -> dict[str, bytes]:
        return {"model.bin": content if isinstance(content, bytes) else content()}

    return Case(id=f"red/{name}", build=build, subject="model.bin", expect=HARD, fires=fires, lesson=lesson)


def _bytearray() -> bytes:
    return b"\x80\x05\x96" + (1).to_bytes(8, "little") + b"a"


_NUMBERS = {
    "int-zero-byte": b"I1\0any text\n0",
    "int-spaces-behind": b"I1 \n0",
    "int-vertical-tab": b"I\x0b1\n0",
    "int-of-500-digits": b"I" + b"0" * 500 + b"\n0",
    "int-longer-than-head": b"I" + b"0" * 5000 + b"\n0",
    "long-zero-byte": b"L1\0any textL\n0",
    "long-space-before-letter": b"L1 L\n0",
    "float-word": b"Finfinity\n0",
    "float-zero-byte": b"F1.0\0any text\n0",
    "float-longer-than-head": b"F" + b"0" * 5000 + b"\n0",
    "put-index-sign": b"Np+1\n0",
    "put-index-underscore": b"Np1_0\n0",
    "put-index-leading-zeros": b"Np" + b"0" * 20 + b"\n0",
}
_IDLE = {
    "text-longer-than-head": b"V" + b"A" * 5000 + b"\n0",
    "string-longer-than-window": b"S'" + b"A" * 70_000 + b"'\n0",
    "build-none-on-list": b"]Nb0",
    "build-none-on-none": b"NNb0",
    "build-pair-of-empties": b")N}\x86b0",
    "setitem-on-list": b"](K\x01eK\x00K\x02s0",
    "setitems-on-list": b"](K\x01e(K\x00K\x02u0",
    "append-on-bytearray": _bytearray() + b"K\x01a0",
    "appends-on-bytearray": _bytearray() + b"(K\x01K\x02e0",
    "setitem-on-bytearray": _bytearray() + b"K\x00K\x01s0",
}


def _text(value: str) -> bytes:
    return b"X" + len(value.encode()).to_bytes(4, "little") + value.encode()


def _bytes(value: bytes) -> bytes:
    return b"B" + len(value).to_bytes(4, "little") + value


def _dill(name: str, *operands: bytes) -> bytes:
    return f"cdill._dill\n{name}\n".encode() + b"(" + b"".join(operands) + b"tR"


def _second(load: bytes) -> bytes:
    return b"\x80\x03ctorch.storage\n_load_from_bytes\n" + load + b"\x85R."


_OS_SYSTEM = _dill("_get_attr", _dill("_import_module", _text("os")), _text("system"))
_INNER = b"\x80\x02" + _PAYLOAD + b"."
_HELPERS = {
    "evaluates-text": (_dill("_eval_repr", _text("__import__('os').system('true')")), "dill"),
    "makes-type-of-function": (_dill("_create_type", _OS_SYSTEM, _text("true")), "dill"),
    "overwrites-module": (
        _dill("_import_module", _text("collections"))
        + b"}"
        + _text("OrderedDict")
        + _OS_SYSTEM
        + b"sb0ccollections\nOrderedDict\n"
        + _text("true")
        + b"\x85R",
        "dill",
    ),
    "opens-file-by-new": (
        b"cnumpy\nmemmap\n(" + _text("/nonexistent/x") + _text("uint8") + _text("w+") + b"K\x00K\x03\x85t\x81",
        None,
    ),
    "opens-file-by-class": (b"ctorch._C\nPyTorchFileWriter\n" + _text("/nonexistent/x") + b"\x85R", None),
    "same-shape-of-method": (
        b"cbuiltins\ngetattr\nczoneinfo\nZoneInfo\n"
        + _text("_unpickle")
        + b"\x86R"
        + _text("UTC")
        + b"K\x01\x86R0cbuiltins\ngetattr\nctorch\nUntypedStorage\n"
        + _text("from_file")
        + b"\x86R"
        + _text("/nonexistent/x")
        + b"K\x01\x86R",
        None,
    ),
}
_SECOND = {
    "encoded-text": b"c_codecs\nencode\n" + _text(_INNER.decode("latin-1")) + _text("latin1") + b"\x86R",
    "bytes-of-list": b"cbuiltins\nbytes\n](" + b"".join(b"K%c" % code for code in _INNER) + b"e\x85R",
    "behind-70-kilobytes": _bytes(b"\x80\x04" + _text("A" * 70_000) + b"0" + _PAYLOAD + b"."),
    "after-300-decoys": b"".join(_bytes(b"\x80\x04N." + b"x" * 20) + b"0" for _ in range(300)) + _bytes(_INNER),
}


EVASIONS: tuple[Case, ...] = (
    *(
        _case(
            f"helper-{name}",
            b"\x80\x04" + content + b".",
            "helpers turned against the loader",
            "dill" if by == "dill" else None,
        )
        for name, (content, by) in _HELPERS.items()
    ),
    *(
        _case(f"second-pickle-{name}", _second(load), "torch.load inside of a pickle", "pickle+torch")
        for name, load in _SECOND.items()
    ),
    *(
        _case(f"opens-with-{name}", start + _PAYLOAD, "numbers as only C reads them")
        for name, start in _NUMBERS.items()
    ),
    *(_case(f"opens-with-{name}", start + _PAYLOAD, "legal, but by no pickler") for name, start in _IDLE.items()),
    _case(
        "float-with-space-for-python-reader",
        b"F 1\n0" + _PAYLOAD,
        "numbers as only the Python reader takes them",
        "joblib",
    ),
    _case(
        "second-load-uses-memo-of-first",
        b"\x80\x04\x8c\x05posixq\x000\x8c\x06systemq\x010N.h\x00h\x01\x93\x8c\x04true\x85R.",
        "one Unpickler that is asked twice keeps its memo",
        None,
    ),
)
