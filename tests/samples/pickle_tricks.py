"""Evasions: streams that are written so that readers lose the thread."""

import pickle
import struct

from tests.samples.case import HARD, Case
from tests.samples.pickle_assembly import (
    PROTO4,
    STOP,
    SYSTEM,
    call,
    name,
    of_result,
    stack_name,
    stream,
    text,
    value,
)


def _frame(body: bytes, length: int | None = None) -> bytes:
    return b"\x95" + struct.pack("<Q", len(body) if length is None else length) + body


def _instance(opcode: bytes) -> bytes:
    if opcode == b"i":
        return b"(" + text("true") + b"ios\nsystem\n."
    return b"(" + name("os", "system") + text("true") + b"o."


_TEXT_SYSTEM = b"cos\nsystem\n(S'true'\ntR."
_MODULE = text("os") + b"\x94" + b"0" + text("system") + b"\x94" + b"0"
_AS_FILE = {
    "plain-protocol-0": (_TEXT_SYSTEM, "pickle"),
    "plain-protocol-2": (stream(SYSTEM, 2), "pickle"),
    "plain-protocol-4": (pickle.dumps([1, 2, 3], 4)[:-1] + b"0" + SYSTEM + STOP, None),
    "no-proto-opcode": (stack_name("os", "system") + value(("true",)) + b"R.", "pickle"),
    "protocol-said-twice": (PROTO4 + b"\x80\x02" + SYSTEM + STOP, "pickle"),
    "protocol-lowered-late": (PROTO4 + value([1]) + b"0\x80\x00" + call("__builtin__", "eval", "1") + STOP, "pickle"),
    "inst": (_instance(b"i"), "pickle"),
    "obj": (_instance(b"o"), "pickle"),
    "obj-then-pop": (b"(" + name("os", "system") + text("true") + b"o0N.", "pickle"),
    "result-popped": (stream(SYSTEM + b"0N"), "pickle"),
    "result-under-mark-popped": (stream(b"(" + SYSTEM + b"1N"), "pickle"),
    "mark-popped-by-pop": (stream(b"(0" + SYSTEM), "pickle"),
    "dup-of-callee": (stream(name("os", "system") + b"2" + value(("true",)) + b"R"), "pickle"),
    "names-by-memo": (stream(_MODULE + b"h\x00h\x01\x93" + value(("true",)) + b"R"), "pickle"),
    "names-by-memo-swapped-order": (
        stream(text("system") + b"\x940" + text("os") + b"\x940h\x01h\x00\x93" + value(("true",)) + b"R"),
        "pickle",
    ),
    "memo-overwritten": (
        stream(
            text("math") + b"q\x000" + text("os") + b"q\x000h\x00" + text("system") + b"\x93" + value(("true",)) + b"R"
        ),
        "pickle",
    ),
    "memoize-after-put": (
        stream(
            text("x")
            + b"q\x05\x94"
            + b"0"
            + text("os")
            + b"\x940h\x02"
            + text("system")
            + b"\x93"
            + value(("true",))
            + b"R"
        ),
        "pickle",
    ),
    "memo-index-by-text": (
        stream(text("os") + b"p007\n0g7\n" + text("system") + b"\x93" + value(("true",)) + b"R"),
        "pickle",
    ),
    "long-index": (
        stream(
            text("os") + b"r\x00\x01\x00\x000j\x00\x01\x00\x00" + text("system") + b"\x93" + value(("true",)) + b"R"
        ),
        "pickle",
    ),
    "int-in-base-sixteen": (b"I0x10\n0" + _TEXT_SYSTEM, "pickle"),
    "int-octal": (b"I010\n0" + _TEXT_SYSTEM, "pickle"),
    "int-binary": (b"I0b11\n0" + _TEXT_SYSTEM, "pickle"),
    "long-in-base-sixteen": (b"L0x10L\n0" + _TEXT_SYSTEM, "pickle"),
    "long-with-underscores": (b"L1_0L\n0" + _TEXT_SYSTEM, "pickle"),
    "frame-straddled": (PROTO4 + _frame(text("a") + b"\x8c", None) + b"\x04abcd" + b"00" + SYSTEM + STOP, None),
    "frame-too-short": (PROTO4 + _frame(SYSTEM + STOP, 3), None),
    "frame-too-long": (PROTO4 + _frame(SYSTEM + STOP, 5000), None),
    "frame-in-frame": (PROTO4 + _frame(_frame(SYSTEM) + STOP), "pickle"),
    "empty-frame": (PROTO4 + _frame(b"") + SYSTEM + STOP, "pickle"),
    "second-stream": (stream(b"N") + stream(SYSTEM), None),
    "third-stream-without-magic": (stream(b"N") + b"N." + _TEXT_SYSTEM, None),
    "stream-behind-garbage": (stream(b"N") + b"\xfe" * 64 + stream(SYSTEM), None),
    "stream-behind-an-error": (PROTO4 + b"N\xff" + stream(SYSTEM), None),
    "no-stop": (PROTO4 + SYSTEM, "pickle"),
    "stop-without-value": (PROTO4 + SYSTEM + b"0.", "pickle"),
    "garbage-after-act": (PROTO4 + SYSTEM + b"\xff\x00\xfa" * 9, "pickle"),
    "unknown-opcode-after-act": (PROTO4 + SYSTEM + b"\xa0", "pickle"),
    "stack-underflow-after-act": (PROTO4 + SYSTEM + b"000" + STOP, "pickle"),
    "memo-miss-after-act": (PROTO4 + SYSTEM + b"h\x63" + STOP, "pickle"),
    "wrong-protocol-after-act": (PROTO4 + SYSTEM + b"\x80\x37" + STOP, "pickle"),
    "cut-short-after-act": (PROTO4 + SYSTEM + b"B\xff\xff\x00\x00abc", "pickle"),
    "escaped-string-names": (b"S'\\x6f\\x73'\nS'\\x73ystem'\n\x93(S'true'\ntR.", "pickle"),
    "raw-unicode-names": (b"V\\u006f\\u0073\nV\\u0073ystem\n\x93(S'true'\ntR.", "pickle"),
    "names-as-binstrings": (b"U\x02osU\x06system\x93(U\x04truetR.", "pickle"),
    "args-from-list": (stream(name("os", "system") + call("builtins", "tuple", ["true"]) + b"R"), "pickle"),
    "name-made-by-call": (
        stream(
            text("os") + of_result(stack_name("builtins", "str.lower"), "SYSTEM") + b"\x93" + value(("true",)) + b"R"
        ),
        "pickle",
    ),
    "name-decoded-by-call": (
        stream(text("os") + call("_codecs", "decode", b"system", "utf-8") + b"\x93" + value(("true",)) + b"R"),
        "pickle",
    ),
    "name-by-persistent-id": (stream(text("os") + text("1") + b"Q\x93" + value(("true",)) + b"R"), None),
    "extension-registry": (
        stream(call("copyreg", "add_extension", "os", "system", 241) + b"0\x82\xf1" + value(("true",)) + b"R"),
        "pickle",
    ),
    "extension-alone": (stream(b"\x82\x07" + value(("true",)) + b"R"), None),
    "persistent-id-callee": (stream(text("shell") + b"Q" + value(("true",)) + b"R"), None),
    "build-of-state-with-reduce": (stream(name("collections", "OrderedDict") + b")R" + SYSTEM + b"b"), "pickle"),
    "newobj-of-result": (stream(call("builtins", "getattr", 1, "real") + b")\x81"), None),
    "appends-with-payload": (stream(b"](" + SYSTEM + b"Ne"), "pickle"),
    "key-of-dict": (stream(b"}" + SYSTEM + b"Ns"), "pickle"),
    "member-of-set": (stream(b"\x8f(" + SYSTEM + b"\x90"), "pickle"),
    "inside-tuple-in-arguments": (
        stream(name("collections", "OrderedDict") + b"](]" + text("k") + b"a" + SYSTEM + b"aee\x85R"),
        "pickle",
    ),
    "after-a-long-text": (stream(text("x" * 70_000) + b"0" + SYSTEM), "pickle"),
    "after-many-values": (stream(b"](" + b"K\x01" * 60_000 + b"e0" + SYSTEM), "pickle"),
    "over-a-chunk-boundary": (stream(value(b"\0" * ((1 << 20) - 20)) + b"0" + SYSTEM), "pickle"),
    "behind-a-huge-blob": (stream(value(b"\0" * (3 << 20)) + b"0" + SYSTEM), "pickle"),
    "frame-over-long-body": (PROTO4 + _frame(value([1]) * 3 + b"00") + b"0" + SYSTEM + STOP, "pickle"),
    "text-with-windows-line-ends": (b"(lp0\n0cos\nsystem\np1\n(S'true'\np2\ntp3\nRp4\n.", "pickle"),
    "newobj-ex": (stream(name("subprocess", "Popen") + value(("true",)) + b"}\x92"), None),
    "popen-by-build": (
        stream(name("subprocess", "Popen") + b")\x81" + value({"args": "true"}) + b"b"),
        None,
    ),
    "memo-index-huge": (stream(text("os") + b"r\xff\xff\xff\x0f" + b"0N"), None),
    "deep-marks": (stream(b"(" * 700_000 + b"N"), None),
    "deep-stack": (stream(b"N" * 900_000), None),
    "memo-flood": (stream(b"]\x940" * 3_100_000 + b"N"), None),
    "import-flood": (stream(b"".join(name("a", f"B{number}") + b"0" for number in range(30_000)) + b"N"), None),
    "negative-length": (PROTO4 + b"T\xff\xff\xff\xff" + STOP, None),
    "length-beyond-file": (PROTO4 + b"B\xff\xff\xff\x7fabc", None),
    "length-beyond-memory": (PROTO4 + b"\x8e" + b"\xff" * 7 + b"\x7f", None),
}


def _case(identity: str, content: bytes, loader: str | None) -> Case:
    expect = HARD if loader else frozenset({"review", "incomplete", "hostile", "malicious"})
    return Case(
        id=f"pickle-tricks/{identity}",
        build=lambda: {"model.pkl": content},
        subject="model.pkl",
        expect=expect,
        fires=loader,
        lesson="stream tricks: what the unpickler reads is not what a reader of opcodes sees",
    )


EVASIONS = tuple(_case(identity, content, loader) for identity, (content, loader) in _AS_FILE.items())
