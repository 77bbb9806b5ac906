"""What each opcode does to the symbolic machine: `HANDLERS[opcode](machine, window_bytes, position) -> position`.

Source: the `load_*` functions of CPython `Modules/_pickle.c`.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from weighbridge.formats.pickle_acts import ACTS
from weighbridge.formats.pickle_opcodes import HIGHEST_PROTOCOL, opcode_name
from weighbridge.formats.pickle_values import BUFFER, OPAQUE, BytearrayValue, Fault, LongText
from weighbridge.model.pickle_program import Kind

if TYPE_CHECKING:
    from weighbridge.formats.pickle_machine import Machine

Handler = Callable[["Machine", bytes, int], int]

_DECIMAL = re.compile(rb"-?(?:0|[1-9][0-9]*)")
_INDEX = re.compile(rb"(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(rb"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+]?(?:inf|nan)")
_SHORT_LINE = 11
"""So many bytes, line feed included, can hold no stream of their own."""
MEMO_GAP = 1 << 20
"""The C unpickler allocates a table as long as the highest index: no pickler leaves gaps."""


def unknown_opcode(machine: Machine, _data: bytes, _pos: int) -> int:
    """Stop: nothing tells how long the argument of an unknown opcode is."""
    raise Fault(f"{opcode_name(machine.opcode)} is no opcode")


# --- numbers ---------------------------------------------------------------------------------------------------


def _integer(machine: Machine, text: bytes | None, *, canonical: bool) -> object:
    if text is None:
        # Python refuses more than 4,300 digits since 3.11; before, they cost time that grows with their square.
        machine.recorder.disagreement(machine, "a number has more digits than newer loaders read")
        return LongText(Kind.LARGE_INT, 0)
    if not canonical:
        machine.recorder.disagreement(machine, "a number is not written as any pickler writes it")
    try:
        # As the C unpickler: base 0, so that 0x10 is sixteen. Old octals (010) it reads with strtol.
        # For both ways of reading a line in C a zero byte ends it.
        shown = text.partition(b"\0")[0].strip() or (b"0" if text[:1] == b"\0" else b"")
        value = int(shown, 0) if not re.fullmatch(rb"[-+]?0[0-7]+", shown) else int(shown, 8)
    except ValueError:
        machine.fail("a number cannot be read")
        return 0
    return value


def step_int(machine: Machine, data: bytes, pos: int) -> int:
    """INT: a decimal line, or the two booleans of protocol 1."""
    end = data.find(b"\n", pos, pos + _SHORT_LINE)
    if end > 0 and data[pos:end].isdigit() and data[pos] != 0x30:  # the usual case, fast
        machine.stack.append(int(data[pos:end]))
        return end + 1
    text, _head, after = machine.line(pos)
    if text in (b"00", b"01"):
        machine.stack.append(text == b"01")
    else:
        machine.stack.append(_integer(machine, text, canonical=text is None or bool(_DECIMAL.fullmatch(text))))
    return after


def step_long(machine: Machine, _data: bytes, pos: int) -> int:
    """LONG: a decimal line ending in `L`."""
    text, _head, after = machine.line(pos)
    if text is not None and text.endswith(b"L"):
        text = text[:-1]
    machine.stack.append(_integer(machine, text, canonical=text is None or bool(_DECIMAL.fullmatch(text))))
    return after


def step_float(machine: Machine, _data: bytes, pos: int) -> int:
    """FLOAT: a line."""
    text, head, after = machine.line(pos)
    if text is None or not _FLOAT.fullmatch(text):
        machine.recorder.disagreement(machine, "a number is not written as any pickler writes it")
    try:
        machine.stack.append(float((head if text is None else text).partition(b"\0")[0]))
    except ValueError:
        machine.fail("a number cannot be read")
        machine.stack.append(0.0)
    return after


def _fixed(size: int, *, signed: bool = False) -> Handler:
    def step(machine: Machine, data: bytes, pos: int) -> int:
        machine.stack.append(machine.number(data, pos, size, signed=signed))
        return pos + size

    return step


def step_binfloat(machine: Machine, data: bytes, pos: int) -> int:
    """BINFLOAT: eight bytes; the value itself decides nothing."""
    if pos + 8 > len(data):
        raise Fault("the file ends inside BINFLOAT", truncated=True)
    machine.stack.append(0.0)
    return pos + 8


def _long(size: int) -> Handler:
    def step(machine: Machine, data: bytes, pos: int) -> int:
        length = machine.number(data, pos, size, signed=size == 4)
        if length < 0:
            machine.fail("a length is negative")
            length = 0
        content, _head, after = machine.payload(pos + size, length)
        long = LongText(Kind.LARGE_INT, length)
        machine.stack.append(long if content is None else int.from_bytes(content, "little", signed=True))
        return after

    return step


def _constant(value: object) -> Handler:
    def step(machine: Machine, _data: bytes, pos: int) -> int:
        machine.stack.append(value)
        return pos

    return step


# --- texts and bytes -------------------------------------------------------------------------------------------


def step_string(machine: Machine, _data: bytes, pos: int) -> int:
    """STRING: a quoted line with escapes."""
    text, head, after = machine.line(pos)
    if text is None:
        machine.recorder.literal(machine, head[1:] or b"\0", after - pos)
        machine.stack.append(LongText(Kind.STR, after - pos))
        return after
    if len(text) < 2 or text[:1] != text[-1:] or text[:1] not in (b"'", b'"'):
        machine.fail("a STRING is not quoted")
    inner = text[1:-1]
    if b"\\" in inner:
        try:
            inner = codecs.escape_decode(inner)[0]
        except ValueError:
            machine.fail("a STRING has a bad escape")
    machine.stack.append(machine.text(inner, inner, len(inner), "ascii"))
    return after


def step_unicode(machine: Machine, data: bytes, pos: int) -> int:
    """UNICODE: a raw-unicode-escape line."""
    end = data.find(b"\n", pos, pos + _SHORT_LINE)
    if end > 0 and b"\\" not in data[pos:end]:  # the usual case, fast
        machine.stack.append(data[pos:end].decode("latin-1"))
        return end + 1
    text, head, after = machine.line(pos)
    machine.stack.append(machine.text(text, head or b"\0", after - pos if text is None else len(text), _RAW))
    return after


_RAW = "raw-unicode-escape"


def _sized_text(size: int, encoding: str, *, signed: bool = False) -> Handler:
    def step(machine: Machine, data: bytes, pos: int) -> int:
        length = machine.number(data, pos, size, signed=signed)
        if length < 0:
            machine.fail("a length is negative")
            length = 0
        start = pos + size
        after = start + length
        if length < 12 and after <= len(data):
            try:
                machine.stack.append(data[start:after].decode(encoding))
            except UnicodeError:
                machine.stack.append(machine.text(data[start:after], b"\0", length, encoding))
            return after
        absolute = machine.window.base + start
        content, head, after = machine.payload(start, length)
        machine.stack.append(machine.text(content, head, length, encoding, absolute))
        return after

    return step


def _sized_bytes(size: int) -> Handler:
    def step(machine: Machine, data: bytes, pos: int) -> int:
        length = machine.number(data, pos, size)
        absolute = machine.window.base + pos + size
        content, head, after = machine.payload(pos + size, length)
        machine.stack.append(machine.binary(content, head, length, absolute))
        return after

    return step


def step_bytearray(machine: Machine, data: bytes, pos: int) -> int:
    """BYTEARRAY8: eight bytes of length, then that many."""
    length = machine.number(data, pos, 8)
    absolute = machine.window.base + pos + 8
    content, head, after = machine.payload(pos + 8, length)
    machine.binary(content, head, length, absolute)
    machine.stack.append(BytearrayValue())
    return after


# --- stack, memo, frames ---------------------------------------------------------------------------------------


def step_pop_mark(machine: Machine, _data: bytes, pos: int) -> int:
    """POP_MARK."""
    machine.pop_mark()
    return pos


def step_dup(machine: Machine, _data: bytes, pos: int) -> int:
    """DUP."""
    machine.stack.append(machine.top())
    return pos


def _index_line(machine: Machine, data: bytes, pos: int) -> tuple[int, int]:
    end = data.find(b"\n", pos, pos + _SHORT_LINE)
    if end > 0 and data[pos:end].isdigit() and (data[pos] != 0x30 or end == pos + 1):  # the usual case, fast
        return int(data[pos:end]), end + 1
    text, head, after = machine.line(pos)
    if text is None or not _INDEX.fullmatch(text):
        machine.recorder.disagreement(machine, "a memo index is not written as any pickler writes it")
    try:
        return int((head if text is None else text).partition(b"\0")[0]), after
    except ValueError:
        machine.fail("a memo index cannot be read")
        return -1, after


def _fetch(machine: Machine, index: int) -> None:
    exists, value = machine.memo.get(index)
    if not exists:
        machine.fail("the memo has no such entry")
        machine.stack.append(_MISSING)
        return
    machine.stack.append(value)


_MISSING = OPAQUE


def _store(machine: Machine, index: int) -> None:
    value = machine.top()
    if index == len(machine.memo) and machine.memo.append(value):
        return
    if index < 0:
        machine.fail("a memo index is negative")
        return
    if index > len(machine.memo) + MEMO_GAP:
        machine.recorder.memo_anomaly(machine, "an index far beyond the entries in use makes the loader allocate")
    exists, old = machine.memo.get(index)
    if exists and old is not value:
        machine.recorder.memo_anomaly(machine, "an entry is overwritten with another value")
    machine.memo.put(index, value)


def step_get(machine: Machine, data: bytes, pos: int) -> int:
    """GET."""
    index, after = _index_line(machine, data, pos)
    _fetch(machine, index)
    return after


def step_put(machine: Machine, data: bytes, pos: int) -> int:
    """PUT."""
    index, after = _index_line(machine, data, pos)
    _store(machine, index)
    return after


def step_binget(machine: Machine, data: bytes, pos: int) -> int:
    """BINGET: one byte."""
    index = data[pos] if pos < len(data) else machine.number(data, pos, 1)
    dense = machine.memo.dense
    if index < len(dense):
        machine.stack.append(dense[index])
    else:
        _fetch(machine, index)
    return pos + 1


def _binget(size: int) -> Handler:
    def step(machine: Machine, data: bytes, pos: int) -> int:
        _fetch(machine, machine.number(data, pos, size))
        return pos + size

    return step


def _binput(size: int) -> Handler:
    def step(machine: Machine, data: bytes, pos: int) -> int:
        _store(machine, machine.number(data, pos, size))
        return pos + size

    return step


def step_memoize(machine: Machine, _data: bytes, pos: int) -> int:
    """MEMOIZE: the next free number, which is the number of entries."""
    memo = machine.memo
    if memo.append(machine.top()):
        return pos
    index = len(memo)
    if memo.get(index)[0]:
        _store(machine, index)
    else:
        memo.put(index, machine.top())
    return pos


def step_proto(machine: Machine, data: bytes, pos: int) -> int:
    """PROTO: may come anywhere and counts from there."""
    protocol = machine.number(data, pos, 1)
    if protocol > HIGHEST_PROTOCOL:
        machine.fail(f"protocol {protocol} is not known")
    if machine.start != machine.stream_start:
        machine.recorder.disagreement(machine, "the protocol changes inside the stream")
    machine.protocol = protocol
    return pos + 1


def step_frame(machine: Machine, data: bytes, pos: int) -> int:
    """FRAME: a hint to read ahead; the C unpickler needs that many bytes to be there."""
    length = machine.number(data, pos, 8)
    after = machine.window.base + pos + 8
    if machine.frame_end is not None and after < machine.frame_end:
        machine.recorder.disagreement(machine, "a frame begins inside a frame")
    elif machine.frame_end is not None and after > machine.frame_end:
        machine.recorder.disagreement(machine, "an opcode straddles the end of a frame")
    if machine.window.last and after + length > machine.window.base + len(data):
        machine.recorder.fault(machine, "a frame is longer than the file", truncated=True)
        machine.frame_end = None
        return pos + 8
    machine.frame_end = after + length
    return pos + 8


def step_next_buffer(machine: Machine, _data: bytes, pos: int) -> int:
    """NEXT_BUFFER: only loaders with out-of-band buffers get past it."""
    machine.stack.append(BUFFER)
    return pos


def step_readonly_buffer(machine: Machine, _data: bytes, pos: int) -> int:
    """READONLY_BUFFER."""
    machine.top()
    return pos


HANDLERS: list[Handler] = [unknown_opcode] * 256
_STEPS: dict[int, Handler] = {
    0x31: step_pop_mark, 0x32: step_dup, 0x46: step_float, 0x49: step_int, 0x4A: _fixed(4, signed=True),
    0x4C: step_long, 0x4D: _fixed(2), 0x53: step_string, 0x54: _sized_text(4, "ascii", signed=True),
    0x55: _sized_text(1, "ascii"), 0x56: step_unicode, 0x58: _sized_text(4, "utf-8"), 0x67: step_get,
    0x68: step_binget, 0x6A: _binget(4), 0x70: step_put, 0x71: _binput(1), 0x72: _binput(4), 0x47: step_binfloat,
    0x80: step_proto, 0x88: _constant(True), 0x89: _constant(False), 0x8A: _long(1), 0x8B: _long(4),
    0x42: _sized_bytes(4), 0x43: _sized_bytes(1), 0x8C: _sized_text(1, "utf-8"), 0x8D: _sized_text(8, "utf-8"),
    0x8E: _sized_bytes(8), 0x94: step_memoize, 0x95: step_frame, 0x96: step_bytearray, 0x97: step_next_buffer,
    0x98: step_readonly_buffer,
}  # fmt: skip
for _opcode, _step in (*_STEPS.items(), *ACTS.items()):
    HANDLERS[_opcode] = _step
