"""The objects in R's serialization, followed without building them.

Source: `src/main/serialize.c` of R (`ReadItem`, `ReadBC1`, `ReadBCLang`) for the order of parts of each type.
CVE-2024-27322: a promise whose value is not there yet is an expression that R runs as soon as anybody looks at it.
"""

from weighbridge.formats.gathering import Gathering, StructureError
from weighbridge.formats.r_stream import BinaryStream, TextStream
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Damage, EmbeddedCode, GraphOperator

MOST_ITEMS = 2_000_000
MOST_STRINGS = 8_000_000
_MOST_REFERENCES = 1_000_000
_MOST_CLASSES = 12

# SEXP types and pseudo types of serialize.c.
_SYMBOL, _PAIRS, _CLOSURE, _ENVIRONMENT, _PROMISE, _CALL, _SPECIAL, _BUILTIN, _TEXT = 1, 2, 3, 4, 5, 6, 7, 8, 9
_LOGICAL, _INTEGER, _REAL, _COMPLEX, _TEXTS, _DOTS, _LIST, _EXPRESSION, _BYTECODE = 10, 13, 14, 15, 16, 17, 19, 20, 21
_POINTER, _WEAK, _RAW, _S4 = 22, 23, 24, 25
_ALTERNATIVE, _ATTRIBUTE_PAIRS, _ATTRIBUTE_CALL, _REPEAT_DEFINE, _REPEAT = 238, 239, 240, 244, 243
_PERSISTENT, _PACKAGE, _NAMESPACE, _UNBOUND, _REFERENCE = 247, 248, 249, 252, 255
_SINGLES = frozenset({0, 241, 242, 250, 251, 252, 253, 254})
_WIDTHS = {_LOGICAL: 4, _INTEGER: 4, _REAL: 8, _COMPLEX: 16, _RAW: 1}

_ITEM, _TAG, _CAR, _PROMISE_VALUE, _CODE, _CONSTANTS, _CODE_LANGUAGE, _STRING = range(8)


class RWalker:
    """Walks a stream from one top-level item on.

    Args:
        stream: positioned behind the header.
        budget: pays for every item.
        gathering: receives observations.
    """

    def __init__(self, stream: BinaryStream | TextStream, budget: Budget, gathering: Gathering) -> None:
        self._stream = stream
        self._budget = budget
        self._gathering = gathering
        self._names: list[bytes] = []
        self._work: list[tuple[int, int]] = []
        self._tag = b""
        self.classes: dict[str, None] = {}
        """Values of `class` attributes, in order."""
        self.items = 0

    def run(self) -> None:
        """Follow one item and everything below it. Raises `StructureError`, `LimitReached`."""
        work = self._work
        work.append((_ITEM, 0))
        while work:
            task, argument = work.pop()
            self.items += 1
            if not self.items % 1024:
                self._budget.spend("R items", 1024, MOST_ITEMS)
            if task == _CODE:
                self._code()
            elif task == _CONSTANTS:
                self._constants(argument)
            elif task == _CODE_LANGUAGE:
                self._code_language(self._stream.integer())
            elif task == _TAG:
                self._tag = b""
                self._item(1, 0)
            elif task == _CAR:
                collect = _MOST_CLASSES if self._tag == b"class" else 0
                self._tag = b""
                self._item(0, collect)
            else:
                if argument > 1:
                    # One entry for all that are left: a file of some kilobytes can ask for billions.
                    work.append((task, argument - 1))
                self._item(0, 0, promise_value=task == _PROMISE_VALUE, class_name=task == _STRING)

    def _item(self, is_tag: int, collect: int, *, promise_value: bool = False, class_name: bool = False) -> None:
        position = self._stream.position
        flags = self._stream.integer()
        kind = flags & 255
        attributes, tag = bool(flags & 0x200), bool(flags & 0x400)
        if promise_value and kind == _UNBOUND:
            self._gathering.observe(
                EmbeddedCode(kind="r-promise", description="a promise that R evaluates on first use", offset=position)
            )
        if kind in _SINGLES:
            return
        if kind == _TEXT:
            length = self._stream.integer()
            text = self._stream.text(length) if length > 0 else b""
            if class_name and len(self.classes) < 200:
                self.classes[text[:200].decode("utf-8", "backslashreplace")] = None
        elif kind == _SYMBOL:
            self._symbol(is_tag)
        elif kind == _REFERENCE:
            index = flags >> 8 or self._stream.integer()
            if is_tag and 0 < index <= len(self._names):
                self._tag = self._names[index - 1]
        elif kind in (_PAIRS, _CALL, _DOTS, _PROMISE, _CLOSURE):
            self._pairs(kind, attributes, tag or kind == _CLOSURE, position)
        elif kind in _WIDTHS:
            self._after(attributes)
            self._stream.skip(self._length(), _WIDTHS[kind])
        elif kind in (_TEXTS, _LIST, _EXPRESSION):
            self._after(attributes)
            self._several(self._length(), collect, texts=kind == _TEXTS)
        else:
            self._rare(kind, attributes, position)

    def _pairs(self, kind: int, attributes: bool, tag: bool, position: int) -> None:
        if kind == _CLOSURE:
            self._note("closure", position)
        self._work.append((_ITEM, 0))
        self._work.append((_PROMISE_VALUE if kind == _PROMISE else _CAR, 0))
        if tag:
            self._work.append((_TAG, 0))
        else:
            self._tag = b""
        self._after(attributes)

    def _rare(self, kind: int, attributes: bool, position: int) -> None:
        work = self._work
        if kind == _ENVIRONMENT:
            self._remember(b"")
            self._stream.integer()
            work.extend([(_ITEM, 0)] * 4)
        elif kind in (_NAMESPACE, _PACKAGE, _PERSISTENT):
            self._remember(b"")
            self._stream.integer()
            self._several(self._length(), 0, texts=True)
        elif kind in (_SPECIAL, _BUILTIN):
            self._stream.text(self._length())
        elif kind == _BYTECODE:
            self._note("bytecode", position)
            self._after(attributes)
            self._stream.integer()
            work.append((_CODE, 0))
        elif kind == _ALTERNATIVE:
            # Class information comes first; it names what will be called to rebuild the object.
            work.extend([(_ITEM, 0)] * 3)
        elif kind == _POINTER:
            self._remember(b"")
            self._after(attributes)
            work.extend([(_ITEM, 0)] * 2)
        elif kind == _WEAK:
            self._remember(b"")
            self._after(attributes)
        elif kind == _S4:
            self._after(attributes)
        else:
            raise StructureError(Damage.INVALID, f"object type {kind} does not exist", position)

    def _code(self) -> None:
        """Follow a body of bytecode: instructions, then constants."""
        position = self._stream.position
        if self._stream.integer() & 255 != _INTEGER:
            raise StructureError(Damage.INVALID, "bytecode has no instructions", position)
        self._stream.skip(self._length(), 4)
        self._work.append((_CONSTANTS, self._length()))

    def _constants(self, count: int) -> None:
        """Follow one of the constants that are left; each has its type in front."""
        if not count:
            return
        self._work.append((_CONSTANTS, count - 1))
        kind = self._stream.integer()
        if kind == _BYTECODE:
            self._work.append((_CODE, 0))
        else:
            self._code_language(kind)

    def _code_language(self, kind: int) -> None:
        if kind == _REPEAT:
            self._stream.integer()
            return
        if kind == _REPEAT_DEFINE:
            self._stream.integer()
            kind = self._stream.integer()
        if kind in (_CALL, _PAIRS, _ATTRIBUTE_CALL, _ATTRIBUTE_PAIRS):
            self._work.append((_CODE_LANGUAGE, 0))
            self._work.append((_CODE_LANGUAGE, 0))
            self._work.append((_TAG, 0))
            if kind in (_ATTRIBUTE_CALL, _ATTRIBUTE_PAIRS):
                self._work.append((_ITEM, 0))
        else:
            self._work.append((_ITEM, 0))

    def _symbol(self, is_tag: int) -> None:
        flags = self._stream.integer()
        if flags & 255 != _TEXT:
            raise StructureError(Damage.INVALID, "a symbol has no name", self._stream.position)
        length = self._stream.integer()
        name = self._stream.text(length) if length > 0 else b""
        self._remember(name)
        if is_tag:
            self._tag = name
        if name.startswith(b"mmap_"):
            self._note(f"mapped file ({name[:40].decode('utf-8', 'backslashreplace')})", self._stream.position)

    def _remember(self, name: bytes) -> None:
        if len(self._names) < _MOST_REFERENCES:
            self._names.append(name[:200])

    def _several(self, count: int, collect: int, *, texts: bool) -> None:
        if texts and count > _MOST_CLASSES:
            self._budget.spend("R strings", count, MOST_STRINGS)
            self._stream.skip_strings(count)
            return
        if count > MOST_ITEMS:
            self._budget.spend("R items", count, MOST_ITEMS)
        if count:
            self._work.append((_STRING if texts and collect else _ITEM, count))

    def _after(self, attributes: bool) -> None:
        if attributes:
            self._work.append((_ITEM, 0))

    def _length(self) -> int:
        length = self._stream.integer()
        if length == -1:
            high, low = self._stream.integer(), self._stream.integer()
            length = (high << 32) + (low & 0xFFFFFFFF)
        if length < 0:
            raise StructureError(Damage.INVALID, "a length is negative", self._stream.position)
        return length

    def _note(self, name: str, position: int) -> None:
        self._gathering.observe(GraphOperator(framework="r", domain="code", name=name, offset=position))
