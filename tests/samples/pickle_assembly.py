"""Pickle streams put together opcode by opcode."""

import struct

STOP = b"."
PROTO4 = b"\x80\x04"
PROTO2 = b"\x80\x02"


def text(value: str) -> bytes:
    """SHORT_BINUNICODE or BINUNICODE."""
    raw = value.encode()
    if len(raw) < 256:
        return b"\x8c" + bytes([len(raw)]) + raw
    return b"X" + struct.pack("<I", len(raw)) + raw


def value(data: object) -> bytes:
    """Opcodes that push a plain value."""
    if data is None:
        return b"N"
    if isinstance(data, bool):
        return b"\x88" if data else b"\x89"
    if isinstance(data, int):
        raw = data.to_bytes(data.bit_length() // 8 + 1, "little", signed=True)
        return b"\x8a" + bytes([len(raw)]) + raw
    if isinstance(data, str):
        return text(data)
    if isinstance(data, bytes):
        return b"B" + struct.pack("<I", len(data)) + data
    if isinstance(data, tuple):
        return b"(" + b"".join(map(value, data)) + b"t"
    if isinstance(data, list):
        return b"](" + b"".join(map(value, data)) + b"e"
    if isinstance(data, dict):
        return b"}(" + b"".join(value(part) for item in data.items() for part in item) + b"u"
    if isinstance(data, Raw):
        return data.code
    raise TypeError(type(data))


class Raw:
    """Opcodes that push one value, to stand among plain values."""

    def __init__(self, code: bytes) -> None:
        self.code = code


def name(module: str, attribute: str) -> bytes:
    """GLOBAL."""
    return f"c{module}\n{attribute}\n".encode()


def stack_name(module: str, attribute: str) -> bytes:
    """STACK_GLOBAL with literal names."""
    return text(module) + text(attribute) + b"\x93"


def call(module: str, attribute: str, *operands: object) -> bytes:
    """GLOBAL, operands, REDUCE."""
    return name(module, attribute) + value(operands) + b"R"


def qualified_call(module: str, attribute: str, *operands: object) -> bytes:
    """STACK_GLOBAL, which follows dots, operands, REDUCE. Needs protocol 4."""
    return stack_name(module, attribute) + value(operands) + b"R"


def of_result(callee: bytes, *operands: object) -> bytes:
    """Call what `callee` pushes."""
    return callee + value(operands) + b"R"


SYSTEM = call("os", "system", "true")
"""The plainest payload: a program that does nothing, started when the stream is loaded."""


def stream(body: bytes, protocol: int = 4) -> bytes:
    """PROTO, body, STOP."""
    return b"\x80" + bytes([protocol]) + body + STOP
