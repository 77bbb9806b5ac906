"""The inside of an ONNX model: graphs, nodes, attributes, tensors and where their data lie.

Source: `onnx/onnx.proto` (message and field numbers), ONNX "External Data" and the operator domain rules of "IR".
Everything that can hold a tensor or a node is followed: initializers, sparse initializers, attributes of every kind,
subgraphs, functions and training graphs.
"""

from dataclasses import dataclass, field
from math import prod

from weighbridge.formats.gathering import Gathering, StructureError
from weighbridge.formats.onnx_operators import is_plain
from weighbridge.formats.protobuf_wire import DEPTH, RANGE, VARINT, Wire, signed
from weighbridge.formats.references import escape_of, refer
from weighbridge.formats.tensor_census import TensorCensus
from weighbridge.model.observation import ClassReference, Damage, Escape, GraphOperator, OutsideReference
from weighbridge.model.source import LimitReached

# Name and bits per element by TensorProto.DataType.
TYPES: dict[int, tuple[str, int]] = {
    1: ("F32", 32), 2: ("U8", 8), 3: ("I8", 8), 4: ("U16", 16), 5: ("I16", 16), 6: ("I32", 32), 7: ("I64", 64),
    8: ("STRING", 0), 9: ("BOOL", 8), 10: ("F16", 16), 11: ("F64", 64), 12: ("U32", 32), 13: ("U64", 64),
    14: ("C64", 64), 15: ("C128", 128), 16: ("BF16", 16), 17: ("F8_E4M3", 8), 18: ("F8_E4M3FNUZ", 8),
    19: ("F8_E5M2", 8), 20: ("F8_E5M2FNUZ", 8), 21: ("U4", 4), 22: ("I4", 4), 23: ("F4", 4), 24: ("F8_E8M0", 8),
    25: ("U2", 2), 26: ("I2", 2),
    27: ("F6_E2M3", 0), 28: ("F6_E3M2", 0),
}  # fmt: skip

_EXTERNAL_KEYS = frozenset({"location", "offset", "length", "checksum", "basepath"})
_EXTERNAL = 1
_LISTS = frozenset({7, 8, 9})
"""Fields `floats`, `ints` and `strings` of AttributeProto."""
_IN_MEMORY = "_ORT_MEM_ADDR_"
_CODE_NAMES = frozenset({"func_name", "module", "module_name", "class_name"})
_CONTEXT_PATH = "ep_cache_context"


@dataclass
class _Node:
    name: str = ""
    operator: str = ""
    domain: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)


class GraphWalker:
    """Follows the messages below a ModelProto and keeps what they say.

    Args:
        wire: the file.
        gathering: receives observations and wanted parts.
    """

    def __init__(self, wire: Wire, gathering: Gathering) -> None:
        self.wire = wire
        self.gathering = gathering
        self.census = TensorCensus()
        self.functions: set[tuple[str, str]] = set()
        self.nodes = 0
        self.inputs: list[str] = []
        self.outputs: list[str] = []
        self._operators: dict[tuple[str, str], GraphOperator] = {}

    def graph(self, start: int, length: int, depth: int, *, outer: bool = False) -> None:
        """Follow a GraphProto."""
        _deeper(depth)
        for number, wire, value, at in self.wire.fields(start, start + length):
            if wire != RANGE:
                continue
            if number == 1:
                self.node(at, value, depth + 1)
            elif number == 5:
                self.tensor(at, value, initializer=True)
            elif number == 15:
                self.sparse_tensor(at, value)
            elif outer and number in (11, 12):
                names = self.inputs if number == 11 else self.outputs
                if len(names) < 200:
                    names.append(self._value_name(at, value))

    def function(self, start: int, length: int, depth: int) -> None:
        """Follow a FunctionProto, whose body is made of nodes and default attributes."""
        _deeper(depth)
        for number, wire, value, at in self.wire.fields(start, start + length):
            if wire == RANGE and number == 7:
                self.node(at, value, depth + 1)
            elif wire == RANGE and number == 11:
                self.attribute(at, value, depth + 1, _Node())

    def declare_function(self, start: int, length: int) -> None:
        """Remember the operator that a FunctionProto defines."""
        name = domain = ""
        for number, wire, value, at in self.wire.fields(start, start + length):
            if wire == RANGE and number == 1:
                name = self.wire.text(at, value, 1000)
            elif wire == RANGE and number == 10:
                domain = self.wire.text(at, value, 1000)
        self.functions.add((domain, name))

    def training(self, start: int, length: int, depth: int) -> None:
        """Follow a TrainingInfoProto: its initialization and algorithm are graphs."""
        for number, wire, value, at in self.wire.fields(start, start + length):
            if wire == RANGE and number in (1, 2):
                self.graph(at, value, depth + 1)

    def node(self, start: int, length: int, depth: int) -> None:
        """Follow a NodeProto; an operator outside the standard is remembered."""
        _deeper(depth)
        self.nodes += 1
        node = _Node()
        for number, wire, value, at in self.wire.fields(start, start + length):
            if wire != RANGE:
                continue
            if number == 4:
                node.operator = self.wire.text(at, value, 400)
            elif number == 5:
                self.attribute(at, value, depth + 1, node)
            elif number == 7:
                node.domain = self.wire.text(at, value, 400)
            elif number == 3:
                node.name = self.wire.text(at, value, 400)
        if not is_plain(node.domain, node.operator):
            self._foreign(node, start)

    def attribute(self, start: int, length: int, depth: int, node: _Node) -> None:
        """Follow an AttributeProto with whatever tensors and graphs it holds."""
        _deeper(depth)
        name = text = ""
        for number, wire, value, at in self.wire.fields(start, start + length, _LISTS):
            if wire == VARINT and number == 3 and len(node.numbers) < 64:
                node.numbers[name] = signed(value)
            if wire != RANGE:
                continue
            if number == 1:
                name = self.wire.text(at, value, 400)
            elif number == 4 or number == 9:
                text = self.wire.text(at, value, 1000)
            elif number == 5 or number == 10:
                self.tensor(at, value)
            elif number == 6 or number == 11:
                self.graph(at, value, depth + 1)
            elif number == 22 or number == 23:
                self.sparse_tensor(at, value)
        if text and len(node.attributes) < 64:
            node.attributes[name] = text

    def sparse_tensor(self, start: int, length: int) -> None:
        """Follow a SparseTensorProto: values and indices are tensors."""
        for number, wire, value, at in self.wire.fields(start, start + length):
            if wire == RANGE and number in (1, 2):
                self.tensor(at, value, initializer=True)

    def tensor(self, start: int, length: int, *, initializer: bool = False) -> None:
        """Follow a TensorProto without touching its numbers."""
        name = ""
        dimensions: list[int] = []
        kind = location = 0
        raw: int | None = None
        external: dict[str, str] = {}
        for number, wire, value, at in self.wire.fields(start, start + length):
            if number == 1:
                dimensions += [value] if wire == VARINT else self.wire.varints(at, value, 256)
                if len(dimensions) > 256:
                    raise LimitReached("tensor dimensions", 256)
            elif number == 2 and wire == VARINT:
                kind = value
            elif number == 8 and wire == RANGE:
                name = self.wire.text(at, value, 1000)
            elif number == 9 and wire == RANGE:
                raw = value
            elif number == 13 and wire == RANGE:
                key, text = entry(self.wire, at, value)
                external.setdefault(key, text) if len(external) < 32 else None
                if key == "location":
                    self._location(text, name or "tensor", at)
            elif number == 14 and wire == VARINT:
                location = value
        shape = tuple(signed(size) for size in dimensions)
        dtype, bits = TYPES.get(kind, (f"type {kind}", 0))
        if any(size < 0 for size in shape):
            self.gathering.damaged(Damage.INVALID, "a tensor has a negative dimension", start, name)
        elements = self.census.add(name, dtype, shape) if initializer else prod(max(0, size) for size in shape)
        needed = (elements * bits + 7) // 8
        if location != _EXTERNAL and raw is not None and bits and raw != needed and not self.wire.truncated:
            reason = f"a tensor of {needed} bytes by type and shape holds {raw} bytes"
            self.gathering.damaged(Damage.CONTRADICTION, reason, start, name)
        if location == _EXTERNAL:
            self._external(external, needed if bits else None, name, start)

    def _location(self, location: str, key: str, offset: int) -> None:
        if _IN_MEMORY in location:
            reference = OutsideReference(escape=Escape.DEVICE, target=location[:400], key=key, offset=offset)
            self.gathering.observe(reference)
        else:
            if escape_of(location) is Escape.URL:
                # No loader fetches it, and no exporter writes it: it is a path that hopes for a lenient one.
                location = "/" + location
            refer(self.gathering, location, key, offset=offset)

    def _external(self, external: dict[str, str], needed: int | None, name: str, start: int) -> None:
        for key in external:
            if key not in _EXTERNAL_KEYS and not key.startswith("prepacked"):
                # The Python library sets attributes of these names (CVE-2026-34445).
                reason = f"external data is described by {key[:60]!r}, which the format does not know"
                self.gathering.damaged(Damage.INVALID, reason, start, name)
        if "location" not in external:
            self.gathering.damaged(Damage.INVALID, "a tensor with external data names no file", start, name)
        for key in ("offset", "length"):
            text = external.get(key, "0").strip()
            if not (text.isascii() and text.isdigit()) or len(text) > 18:
                self.gathering.damaged(Damage.INVALID, f"external data has an impossible {key}", start, name)
                return
        length = int(external.get("length", "0"))
        if "length" in external and needed is not None and length != needed and length:
            reason = f"a tensor of {needed} bytes by type and shape points at {length} bytes of external data"
            self.gathering.damaged(Damage.CONTRADICTION, reason, start, name)

    def _value_name(self, start: int, length: int) -> str:
        for number, wire, value, at in self.wire.fields(start, start + length):
            if number == 1 and wire == RANGE:
                return self.wire.text(at, value, 200)
        return ""

    def _foreign(self, node: _Node, offset: int) -> None:
        key = (node.domain, node.operator)
        if key not in self._operators and len(self._operators) < 1000:
            self._operators[key] = GraphOperator(
                framework="onnx",
                domain=node.domain or "ai.onnx",
                name=node.operator,
                key=node.name or None,
                offset=offset,
            )
        if node.operator == "EPContext" and node.numbers.get("embed_mode", 1) == 0:
            refer(self.gathering, node.attributes.get(_CONTEXT_PATH, ""), f"{node.name}.{_CONTEXT_PATH}", offset=offset)
        for name, text in node.attributes.items():
            if name in _CODE_NAMES:
                module, _, last = text.rpartition(".")
                reference = ClassReference(
                    framework="onnx", module=module[:400], name=last[:400], key=f"{node.operator}.{name}"
                )
                self.gathering.observe(reference)

    def finish(self) -> None:
        """Report operators that neither the standard nor a function of this model defines."""
        for (domain, name), operator in self._operators.items():
            if (domain, name) not in self.functions:
                self.gathering.observe(operator)


def entry(wire: Wire, start: int, length: int) -> tuple[str, str]:
    """Return key and value of a StringStringEntryProto."""
    key = text = ""
    for number, kind, value, at in wire.fields(start, start + length):
        if kind == RANGE and number == 1:
            key = wire.text(at, value, 1000)
        elif kind == RANGE and number == 2:
            text = wire.text(at, value, 4096)
    return key, text


def _deeper(depth: int) -> None:
    if depth > DEPTH:
        raise StructureError(Damage.INVALID, "graphs are nested deeper than any protobuf runtime reads", None)
