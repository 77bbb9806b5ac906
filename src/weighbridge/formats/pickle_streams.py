"""All streams of one source: one after the other, behind errors, and inside values."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, field

from weighbridge.formats.pickle_machine import Machine
from weighbridge.formats.pickle_recorder import Recorder
from weighbridge.formats.pickle_scout import is_pickle
from weighbridge.formats.pickle_start import could_begin
from weighbridge.formats.pickle_values import Fault
from weighbridge.formats.pickle_window import Window
from weighbridge.model.budget import Budget, Limits
from weighbridge.model.observation import Observation, Unread, stopped
from weighbridge.model.pickle_program import PickleNested, PickleTrailing
from weighbridge.model.source import ByteSource, LimitReached

STREAM_LIMIT = 20_000
"""Most streams that follow each other in one source."""
SEARCH_BYTES = 16 << 20
"""How far behind the end or an error other streams are looked for."""
TRIALS = 256
WORK_PER_BYTE = 2
BYTES_PER_ENTRY = 4
"""Shortest item that a pickler remembers, on average."""
TRIAL_OPCODES = 20_000
NESTING_LIMIT = 6
NESTED_LIMIT = 6_000
_RESTART = re.compile(
    rb"\x80[\x01-\x05][(\])}NcILFSVPKMJGUXCBT\x82-\x84\x88-\x8f\x95]|c[A-Za-z_][\w.]*\n[A-Za-z_][\w.]*\n"
)
_SPACE = b"\0 \t\r\n"
_FETCHES = (b"h", b"j", b"g")
"""Opcodes that only a stream can begin with that goes on with the memo of the last."""
_BLOCK = 1 << 20


@dataclass
class Streams:
    """What was read: the values of the streams that ended well, and where the last of them ended."""

    recorder: Recorder
    values: list[object] = field(default_factory=list)
    end: int = 0
    faulty: bool = False
    exhausted: bool = False
    """A budget is spent: what follows was not read."""
    damage: str | None = None
    extra: list[Observation] = field(default_factory=list)

    def observations(self) -> tuple[Observation, ...]:
        """Return everything noted."""
        return (*self.recorder.observations(), *self.extra)


def read_streams(
    source: ByteSource,
    budget: Budget,
    *,
    nesting: int = 0,
    key: str | None = None,
    most: int = STREAM_LIMIT,
) -> Streams:
    """Follow every stream from the start of `source` as long as one follows the other.

    Args:
        source: where the first stream begins at 0.
        budget: spent by opcode.
        nesting: 0 for a file or member, more inside values.
        key: what the observations carry as key.
        most: stop after so many streams.
    """
    streams = Streams(Recorder(nesting, key))
    recorder = streams.recorder
    window = Window(source)
    position = 0
    try:
        while len(streams.values) < most:
            machine = Machine(window, recorder, budget)
            _grant(machine, source, budget)
            recorder.reached = True
            budget.spend("pickle streams", 1, 4 * STREAM_LIMIT)
            try:
                position, value = machine.run(position)
            except Fault as fault:
                recorder.fault(machine, fault.reason, truncated=fault.truncated)
                streams.faulty = True
                streams.end = machine.start + 1
                break
            streams.values.append(value)
            streams.end = position
            head = window.peek(position, 4096)
            if head[:1] in _FETCHES:
                _go_on_with_memo(source, budget, position, machine, streams)
            if not head or not could_begin(head) or not is_pickle(source, head, start=position):
                break
    except LimitReached as reached:
        streams.faulty = streams.exhausted = True
        streams.extra.append(stopped(reached, key=key))
    streams.damage = window.damage
    if window.damage is not None:
        streams.extra.append(Unread(what="pickle stream", reason=window.damage, key=key))
    _read_nested(streams, budget, nesting)
    return streams


def _go_on_with_memo(source: ByteSource, budget: Budget, position: int, before: Machine, streams: Streams) -> None:
    """Read on as an unpickler does that is asked for the next value: it still knows what it remembered for the last."""
    budget.spend("plausible pickle starts", 1, 8 * TRIALS)
    recorder = Recorder(streams.recorder.nesting, f"stream at {position}")
    machine = Machine(Window(source, position), recorder, Budget(Limits(opcodes=TRIAL_OPCODES)), strict=True)
    machine.memo, machine.protocol = before.memo, before.protocol
    with contextlib.suppress(Fault, LimitReached):
        machine.run(position)
    if recorder.imports and recorder.acted:
        streams.extra += recorder.observations()


def _grant(machine: Machine, source: ByteSource, budget: Budget) -> None:
    """Let a file that is honestly large cost in proportion."""
    if budget.limits.opcodes >= Limits().opcodes and not getattr(source, "expanded", False):
        machine.limit = max(budget.limits.opcodes, WORK_PER_BYTE * source.size)
        machine.memo.limit = max(machine.memo.limit, source.size // BYTES_PER_ENTRY)


def _read_nested(streams: Streams, budget: Budget, nesting: int) -> None:
    """Read the streams that stand inside text and bytes values."""
    for offset, inner, length in streams.recorder.literals:
        try:
            # An archive of a thousand honest pickles has many short texts that could be one at first sight.
            budget.spend("values that may be pickles", 1, 100_000)
            if not is_pickle(inner, inner.read(0, 4096)):
                continue
            budget.spend("pickles inside values", 1, NESTED_LIMIT)
            if nesting >= NESTING_LIMIT:
                raise LimitReached("pickles inside pickles", NESTING_LIMIT)
            nested = read_streams(inner, budget, nesting=nesting + 1, key=f"value at {offset}")
        except LimitReached as reached:
            streams.extra.append(stopped(reached))
            return
        streams.extra.append(PickleNested(length=length, offset=offset, nesting=nesting + 1))
        cut_by_us = length > inner.size
        streams.extra += [note for note in nested.observations() if not (cut_by_us and _is_cut(note))]


def _is_cut(note: Observation) -> bool:
    return getattr(note, "damage", None) == "truncated"


def search_behind(source: ByteSource, budget: Budget, streams: Streams) -> None:
    """Look at what stands behind the last stream: more streams that act, or bytes that nobody reads."""
    if streams.exhausted:
        return
    start = streams.end
    position = start
    trials = 0
    blank = True
    while position < start + SEARCH_BYTES:
        block = Window(source, position, _BLOCK)
        if not block.data:
            break
        blank = blank and not block.data.strip(_SPACE)
        for match in _RESTART.finditer(block.data):
            trials += 1
            if trials > TRIALS:
                break
            _try_at(source, budget, position + match.start(), streams)
        if block.last:
            position += len(block.data)
            break
        position += _BLOCK - 512
    if position > start and not streams.faulty:
        streams.extra.append(PickleTrailing(length=position - start, blank=blank, offset=start))


def _try_at(source: ByteSource, budget: Budget, position: int, streams: Streams) -> None:
    budget.spend("plausible pickle starts", 1, 8 * TRIALS)
    recorder = Recorder(streams.recorder.nesting, f"stream at {position}")
    short = Budget(Limits(opcodes=TRIAL_OPCODES))
    machine = Machine(Window(source, position, 8192), recorder, short, strict=True)
    try:
        machine.run(position)
    except (Fault, LimitReached):
        pass
    if recorder.imports and recorder.acted:
        streams.extra += recorder.observations()
