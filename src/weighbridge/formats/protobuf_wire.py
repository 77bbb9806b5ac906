"""Protocol buffer wire format: walks fields without a schema and without reading what is skipped.

Source: "Encoding" of the Protocol Buffers documentation (tags, varints, wire types 0-5). Length-delimited values are
returned as ranges; tensors are passed over by position, so the cost does not depend on their size.
"""

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.formats.gathering import StructureError
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Damage
from weighbridge.model.source import ByteSource, LimitReached

VARINT, FIXED64, RANGE, GROUP_START, GROUP_END, FIXED32 = range(6)

DEPTH = 100
"""Deepest nesting of messages: the recursion limit of the protobuf runtimes themselves."""

MOST_FIELDS = 2_000_000
_SMALL_STEP = 4 << 10
_LARGE_STEP = 256 << 10
_LONGEST_FIELD_HEAD = 20
TEXT_BYTES = 64 << 10
MOST_RUN_BYTES = 256 << 20
_NO_RUNS: frozenset[int] = frozenset()

Field = tuple[int, int, int, int]
"""Number, wire type, value (or length of a range), position of the payload."""


class Wire:
    """A source read as protobuf.

    Args:
        source: the bytes.
        budget: its limit on items bounds the number of fields.
        most_fields: a lower bound for callers that only look.
    """

    __slots__ = ("_base", "_buffer", "_fields", "_limit", "_run_bytes", "_source", "_step", "size", "truncated")

    def __init__(self, source: ByteSource, budget: Budget, most_fields: int = MOST_FIELDS) -> None:
        self._source = source
        self._limit = min(most_fields, budget.limits.items * 2)
        self._buffer = b""
        self._base = 0
        self._step = _SMALL_STEP
        self._fields = 0
        self._run_bytes = 0
        self.size = source.size
        self.truncated = False
        """Whether the end of the file cut off an outermost field."""

    def fields(self, start: int = 0, end: int | None = None, runs: frozenset[int] = _NO_RUNS) -> Iterator[Field]:
        """Yield the fields of the message in `[start, end)`.

        Of a field in `runs` only the first of a run is yielded: decision trees stand in ONNX as millions of single
        numbers and short texts.

        A range that leaves the message is yielded cut to fit and then raised as `StructureError`. Unknown groups are
        passed over. Raises `LimitReached` when the file holds more fields than any honest graph.
        """
        stop = self.size if end is None else end
        position = start
        group = 0
        while position < stop:
            index = position - self._base
            buffer = self._buffer
            if index < 0 or (index + _LONGEST_FIELD_HEAD > len(buffer) and self._base + len(buffer) < self.size):
                buffer = self._fill(position)
                index = 0
            self._fields += 1
            if self._fields > self._limit:
                raise LimitReached("protobuf fields", self._limit)
            try:
                tag = buffer[index]
                index += 1
                if tag > 127:
                    tag, index = _long_varint(buffer, index - 1)
                wire = tag & 7
                number = tag >> 3
                value = 0
                if wire == VARINT:
                    value = buffer[index]
                    index += 1
                    if value > 127:
                        value, index = _long_varint(buffer, index - 1)
                    following = self._base + index
                    payload = following
                elif wire == RANGE:
                    value = buffer[index]
                    index += 1
                    if value > 127:
                        value, index = _long_varint(buffer, index - 1)
                    payload = self._base + index
                    following = payload + value
                elif wire in (FIXED32, FIXED64):
                    width = 4 if wire == FIXED32 else 8
                    payload = self._base + index
                    following = payload + width
                    value = int.from_bytes(buffer[index : index + width], "little")
                elif wire == GROUP_START:
                    group += 1
                    if group > DEPTH:
                        raise LimitReached("protobuf group depth", DEPTH)
                    payload = following = self._base + index
                elif wire == GROUP_END and group:
                    group -= 1
                    payload = following = self._base + index
                    position = following
                    continue
                else:
                    raise StructureError(Damage.INVALID, f"wire type {wire} does not exist here", position)
            except IndexError:
                raise self._cut(stop, position, end is None) from None
            if number == 0 or number >= 1 << 29:
                raise StructureError(Damage.INVALID, f"field number {number} is impossible", position)
            if following > stop:
                if wire == RANGE and not group and payload <= stop:
                    error = self._cut(stop, position, end is None)
                    yield number, wire, stop - payload, payload
                    raise error
                raise self._cut(stop, position, end is None)
            if not group:
                yield number, wire, value, payload
                if number in runs and tag < 128:
                    following = self._after_run(tag, following, stop)
            position = following
        if group:
            raise self._cut(stop, position, end is None)

    def content(self, start: int, length: int, limit: int = TEXT_BYTES) -> bytes:
        """Return at most `limit` bytes of a range; from the buffer where possible."""
        length = max(0, min(length, limit))
        index = start - self._base
        if index >= 0 and index + length <= len(self._buffer):
            return self._buffer[index : index + length]
        return self._source.read(start, length)

    def text(self, start: int, length: int, limit: int = TEXT_BYTES) -> str:
        """Return a range as text, cut at `limit` bytes; bytes that are not UTF-8 are shown escaped."""
        return self.content(start, length, limit).decode("utf-8", "backslashreplace")

    def varints(self, start: int, length: int, most: int = 4096) -> list[int]:
        """Return a packed range of varints, at most `most` of them."""
        buffer = self.content(start, length, most * 10)
        values: list[int] = []
        index = 0
        try:
            while index < len(buffer) and len(values) < most:
                value, index = _long_varint(buffer, index)
                values.append(value)
        except IndexError:
            raise StructureError(Damage.INVALID, "a packed number ends in the middle", start) from None
        return values

    def _after_run(self, tag: int, position: int, stop: int) -> int:
        while position < stop:
            index = position - self._base
            if index < 0 or index >= len(self._buffer):
                self._fill(position)
                index = 0
            end = min(len(self._buffer), stop - self._base)
            if tag & 7 == RANGE:
                length = _short_ranges(self._buffer, tag, index, end)
            else:
                length = _single_values(self._buffer, tag, index, end)
            if not length:
                break
            position += length
            self._run_bytes += length
            if self._run_bytes > MOST_RUN_BYTES:
                raise LimitReached("bytes of single numbers", MOST_RUN_BYTES)
            if position + _LONGEST_FIELD_HEAD < self._base + len(self._buffer):
                break
            self._fill(position)
        return position

    def _fill(self, position: int) -> bytes:
        sequential = position <= self._base + len(self._buffer) and position > self._base
        self._step = min(self._step * 2, _LARGE_STEP) if sequential else _SMALL_STEP
        self._buffer = self._source.read(position, self._step)
        self._base = position
        return self._buffer

    def _cut(self, stop: int, position: int, outermost: bool) -> StructureError:
        if stop == self.size and (outermost or self.truncated):
            self.truncated = True
            return StructureError(Damage.TRUNCATED, "ends in the middle of a field", position)
        return StructureError(Damage.INVALID, "a field is longer than the message that holds it", position)


def _short_ranges(buffer: bytes, tag: int, index: int, end: int) -> int:
    """Return how many bytes a run of ranges of less than 128 bytes takes."""
    start = index
    while index + 1 < end and buffer[index] == tag and buffer[index + 1] < 128:
        following = index + 2 + buffer[index + 1]
        if following > end:
            break
        index = following
    return index - start


def _single_values(buffer: bytes, tag: int, index: int, end: int) -> int:
    """Return how many bytes a run of numbers takes, each with its tag."""
    run = _run(tag)
    start = index
    while match := run.match(buffer, index, end):
        index = match.end()
    return index - start


@cache
def _run(tag: int) -> re.Pattern[bytes]:
    """Return a pattern for a piece of a run of one field, short because the matcher keeps every step.

    Not possessive: before CPython 3.11.5 possessive groups match what they should not (CPython issue 106052).
    """
    value = {VARINT: rb"[\x80-\xff]{0,9}[\x00-\x7f]", FIXED32: rb".{4}", FIXED64: rb".{8}"}[tag & 7]
    return re.compile(b"(?:" + re.escape(bytes([tag])) + value + b"){1,4096}", re.DOTALL)


def signed(value: int) -> int:
    """Return a 64-bit varint as the signed number that `int32` and `int64` fields mean."""
    return value - (1 << 64) if value >= 1 << 63 else value


def _long_varint(buffer: bytes, index: int) -> tuple[int, int]:
    value = 0
    shift = 0
    while True:
        byte = buffer[index]
        index += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value & 0xFFFFFFFFFFFFFFFF, index
        shift += 7
        if shift > 63:
            raise StructureError(Damage.INVALID, "a number is longer than ten bytes", None)
