"""The symbolic pickle machine: it follows CPython's C unpickler without importing or calling anything.

Source: CPython `Modules/_pickle.c` (3.11-3.14) for what each opcode does, `Lib/pickle.py` and `Lib/pickletools.py`
for where other readers differ. What differs is reported as a disagreement, because dill and joblib use the Python
class, everybody else the C one.

After an error that would stop a loader the machine goes on with unknown values where it can (`reached` is False
from there on), so that no reader with a slightly different idea of the language sees more than this one.
"""

import re
from collections.abc import Iterable

from weighbridge.formats.pickle_memo import FORGOTTEN, LATE_BYTES_LIMIT, Memo
from weighbridge.formats.pickle_opcodes import opcode_name
from weighbridge.formats.pickle_recorder import TEXT_MATTERS, Recorder
from weighbridge.formats.pickle_steps import HANDLERS
from weighbridge.formats.pickle_values import (
    EMPTY_TUPLE,
    KEPT_TEXT,
    LARGE_INT,
    OPAQUE,
    SCALARS,
    SHOWN_BYTES,
    Container,
    DictValue,
    Fault,
    Import,
    ListValue,
    LongText,
    Result,
)
from weighbridge.formats.pickle_window import Window
from weighbridge.model.budget import Budget
from weighbridge.model.pickle_program import Kind
from weighbridge.model.source import LimitReached

STACK_LIMIT = 600_000
"""Deepest stack: writers batch by 1,000, so only a long tuple comes near."""
_PLAIN = rb"(?:[N)\]}\x88\x89\x8f]|K[\x00-\xff])"
_IDLE = re.compile(
    rb"(?:%s(?:\x85*|%s(?:\x86|0)|%s%s(?:\x87|00))0|\(%s*(?:1|[tl]0)|\](?:\(%s*e|%sa){1,4}0){4,}+" % ((_PLAIN,) * 7)
)
"""Runs of opcodes that together change nothing: only a stream that wants to cost time has them.
Possessive, so that nothing is remembered to go back to."""
STRIDE = 1 << 14
"""Opcodes between two looks at the limits."""
_LINE_LIMIT = 64 << 20
SHORTEST_STREAM = 12
"""A stream that imports and calls is not shorter."""
_SHORT_SCALARS = SCALARS - {LongText}
KNOWN_CALL_COST = 8
"""A call like one before costs as much work as this many plain opcodes."""


POP_COST = 16
"""A value that is thrown away costs as much work as this many plain opcodes: picklers write POP for recursion only, and
without it or a container the stack of a hostile stream overflows."""


class Machine:
    """One run over one stream.

    Args:
        window: where the bytes come from; moves forward.
        recorder: gets everything that checks may want to know.
        budget: opcodes are spent here.
        strict: stop at the first thing that stops the C unpickler.
    """

    def __init__(self, window: Window, recorder: Recorder, budget: Budget, *, strict: bool = False) -> None:
        self.window = window
        self.recorder = recorder
        self.budget = budget
        self.strict = strict
        self.stack: list[object] = []
        self.marks: list[int] = []
        self.memo = Memo()
        self.imports: dict[tuple[str, str], Import] = {}
        self.protocol = 0
        self.opcodes = 0
        self.limit = 0
        """Most work, where it is not what the budget says."""
        self.kept = 0
        self.literals = 0
        self.debt = 0
        """Work done beyond one plain opcode each, in opcodes; paid at the next look at the limits."""
        self.nested_runs = 0
        self.seen_calls: set[object] = set()
        self.frame_end: int | None = None
        self.opcode = 0
        self.start = 0
        """Absolute offset of the opcode at hand."""
        self.stream_start = 0

    # --- stack -------------------------------------------------------------------------------------------------

    def fail(self, reason: str) -> None:
        """Record what stops the C unpickler here, and go on leniently."""
        if self.strict:
            raise Fault(reason)
        self.recorder.fault(self, reason)

    def pop(self) -> object:
        """Pop one value, as `PDATA_POP` does."""
        stack = self.stack
        if len(stack) <= (self.marks[-1] if self.marks else 0):
            self.fail("the stack is empty")
            return OPAQUE
        return stack.pop()

    def top(self) -> object:
        """Return the topmost value without popping it."""
        if len(self.stack) <= (self.marks[-1] if self.marks else 0):
            self.fail("the stack is empty")
            return OPAQUE
        return self.stack[-1]

    def pop_mark(self) -> list[object]:
        """Pop everything above the topmost mark."""
        if not self.marks:
            self.fail("there is no mark")
            mark = 0
        else:
            mark = self.marks.pop()
        items = self.stack[mark:]
        del self.stack[mark:]
        return items

    # --- run ---------------------------------------------------------------------------------------------------

    def run(self, start: int) -> tuple[int, object]:
        """Follow the stream at the absolute offset `start` to its STOP.

        Returns:
            The absolute offset after STOP, and the value.

        Raises:
            Fault: the stream cannot be read on; what was recorded until then stands.
            LimitReached: a budget is spent.
        """
        window = self.window
        self.stream_start = start
        if not window.base <= start < window.base + window.soft:
            window.move(start)
        pos = start - window.base
        stack, marks = self.stack, self.marks
        push = stack.append
        handlers = HANDLERS
        remember = self.memo.append
        fence = marks[-1] if marks else 0
        pop_cost = 0 if self.strict else POP_COST  # a trial is short, and should look as far as it can
        while True:
            data = window.data
            base = window.base
            end = len(data)
            soft = window.soft
            if self.frame_end is not None:
                soft = min(soft, self.frame_end - base)
            steps = 0
            for steps in range(STRIDE):
                if pos >= soft:
                    break
                op = data[pos]
                pos += 1
                if op == 0x4E:
                    push(None)
                elif op == 0x28:
                    fence = len(stack)
                    marks.append(fence)
                elif op == 0x4B:
                    if pos >= end:
                        raise Fault("the file ends inside BININT1", truncated=True)
                    push(data[pos])
                    pos += 1
                elif op == 0x30:
                    if len(stack) > fence:
                        stack.pop()
                        self.debt += pop_cost
                        idle = _IDLE.match(data, pos, soft)
                        if idle is not None:
                            self._spend((idle.end() - pos) // 4)
                            pos = idle.end()
                    else:
                        self.opcode, self.start = op, base + pos - 1
                        self._pop_past_fence()
                        fence = marks[-1] if marks else 0
                elif op == 0x29:
                    push(EMPTY_TUPLE)
                elif op == 0x5D:
                    push(ListValue())
                elif op == 0x7D:
                    push(DictValue())
                elif op == 0x94 and len(stack) > fence and remember(stack[-1]):
                    pass
                elif op == 0x2E:
                    self.opcode, self.start = op, base + pos - 1
                    self._spend(steps + 1)
                    return self._stop(base + pos)
                else:
                    self.opcode, self.start = op, base + pos - 1
                    pos = handlers[op](self, data, pos)
                    if op == 0x31:
                        idle = _IDLE.match(data, pos, soft)
                        pos = idle.end() if idle is not None else pos
                    fence = marks[-1] if marks else 0
                    if window.data is not data or op == 0x95:
                        break
            self._spend(steps + 1)
            if len(stack) > STACK_LIMIT or len(marks) > STACK_LIMIT:
                raise LimitReached("values on the stack of a pickle", STACK_LIMIT)
            absolute = window.base + pos
            if self.frame_end is not None and absolute >= self.frame_end:
                if absolute > self.frame_end:
                    self.recorder.disagreement(self, "an opcode straddles the end of a frame")
                self.frame_end = None
            if pos >= window.soft:
                if window.last and pos >= len(window.data):
                    self.start = absolute
                    raise Fault("the stream has no STOP", truncated=True)
                if not window.last:
                    window.move(absolute)
                    pos = 0

    def _spend(self, steps: int) -> None:
        self.opcodes += steps
        work, self.debt = steps + self.debt, 0
        self.budget.spend("pickle opcodes", work, self.limit or self.budget.limits.opcodes)

    def _stop(self, after: int) -> tuple[int, object]:
        if self.frame_end is not None and after < self.frame_end:
            self.recorder.disagreement(self, "a frame goes on after STOP")
        return after, self.pop()

    def _pop_past_fence(self) -> None:
        """POP with nothing above the topmost mark takes the mark itself."""
        if self.marks and self.marks[-1] == len(self.stack):
            self.marks.pop()
        else:
            self.pop()

    # --- bytes -------------------------------------------------------------------------------------------------

    def number(self, data: bytes, pos: int, size: int, *, signed: bool = False) -> int:
        """Return the little-endian integer argument at `pos`."""
        if pos + size > len(data):
            raise Fault(f"the file ends inside {opcode_name(self.opcode)}", truncated=True)
        return int.from_bytes(data[pos : pos + size], "little", signed=signed)

    def payload(self, pos: int, length: int) -> tuple[bytes | None, bytes, int]:
        """Step over `length` bytes at `pos`; return them if short, their first 4 KiB, and the new position."""
        window = self.window
        data = window.data
        after = pos + length
        if after <= len(data):
            content = data[pos:after] if length <= KEPT_TEXT else None
            return content, content if content is not None else data[pos : pos + 4096], after
        start = window.base + pos
        head = window.peek(start, min(length, 4096))
        if window.last or len(head) < min(length, 4096):
            raise Fault(f"{opcode_name(self.opcode)} is longer than the file", truncated=True)
        window.move(start + length)
        if not window.data and not (length and window.peek(start + length - 1, 1)):
            raise Fault(f"{opcode_name(self.opcode)} is longer than the file", truncated=True)
        return head if length <= KEPT_TEXT else None, head, 0

    def line(self, pos: int) -> tuple[bytes | None, bytes, int]:
        """Step over a text argument; return it if short, its start, and the position after the line feed."""
        window = self.window
        start = window.base + pos
        found = window.data.find(b"\n", pos)
        while found < 0:
            if window.last or window.base + len(window.data) - start > _LINE_LIMIT:
                raise Fault(f"{opcode_name(self.opcode)} has no end of line", truncated=True)
            window.move(start if window.base < start else window.base + len(window.data))
            found = window.data.find(b"\n")
        after = found + 1
        length = window.base + found - start
        if window.base <= start:
            text = window.data[start - window.base : found]
            return text if length <= KEPT_TEXT else None, text[:4096], after
        return None, window.peek(start, 4096), after

    # --- values ------------------------------------------------------------------------------------------------

    def text(self, content: bytes | None, head: bytes, length: int, encoding: str, start: int | None = None) -> object:
        """Return the value of a text literal and let it be probed for a stream of its own."""
        if length >= SHORTEST_STREAM:
            self.recorder.literal(self, head, length, start)
        if content is None:
            return LongText(Kind.STR, length, head[: 4 * SHOWN_BYTES].decode(encoding, "replace")[:SHOWN_BYTES])
        try:
            return content.decode(encoding, "surrogatepass" if encoding == "utf-8" else "strict")
        except UnicodeError:
            if encoding == "utf-8" or encoding == "raw-unicode-escape":
                self.fail("a text is not valid")
            return content.decode("latin-1")

    def binary(self, content: bytes | None, head: bytes, length: int, start: int) -> object:
        """Return the value of a bytes literal and let it be probed for a stream of its own."""
        if length >= SHORTEST_STREAM:
            self.recorder.literal(self, head, length, start)
        if content is None:
            return LongText(Kind.BYTES, length, head[:SHOWN_BYTES].decode("latin-1"))
        return content

    def import_name(self, module: str, name: str) -> Import:
        """Return the one `Import` for a name as the stream writes it, mapped as Python 3 maps it."""
        key = self.recorder.imported(self, module, name)
        found = self.imports.get(key)
        if found is None:
            if len(self.imports) >= 200_000:
                raise LimitReached("distinct imports of a pickle", 200_000)
            found = self.imports[key] = Import(*key)
        return found

    def stop_at_forgotten(self, values: Iterable[object]) -> None:
        """Raise `LimitReached` if a name is made of a text that was too much to remember."""
        if any(value is FORGOTTEN for value in values):
            raise LimitReached("bytes that a pickle has us remember", LATE_BYTES_LIMIT)

    def call(self, callee: object, operands: object, how: str, keywords: object = None) -> object:
        """Record a call and return what is known of its result."""
        self.debt += KNOWN_CALL_COST
        if type(callee) is Import and isinstance(operands, Container) and keywords is None:
            # The usual case, fast: the same callee with literals of the same types again.
            items = operands.items or ()
            types = tuple(map(type, items)) if len(items) < 8 and len(items) == operands.count else None
            if types is not None and _SHORT_SCALARS.issuperset(types):
                large = int in types and any(type(item) is int and item >= LARGE_INT for item in items)
                if not large and callee.name not in TEXT_MATTERS:
                    key = (callee, how, types)
                    if key in self.seen_calls:
                        return Result(callee, operands)
                    self.seen_calls.add(key)
        if isinstance(callee, Import) and callee.name in TEXT_MATTERS and isinstance(operands, Container):
            self.stop_at_forgotten(operands.items or ())
        self.recorder.called(self, callee, operands, how, keywords)
        return Result(callee, operands)
