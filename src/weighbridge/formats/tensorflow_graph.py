"""The inside of a TensorFlow graph: nodes of the main graph and of every function in its library.

Source: `tensorflow/core/framework/{graph,node_def,function,attr_value}.proto` (message and field numbers).
"""

from weighbridge.formats.gathering import Gathering
from weighbridge.formats.protobuf_wire import RANGE, Wire
from weighbridge.formats.tensorflow_operators import PLAIN
from weighbridge.model.observation import GraphOperator

MOST_OPERATORS = 1_000


class TensorFlowGraph:
    """Follows a GraphDef and keeps the operators that are not plain.

    Args:
        wire: the file.
        gathering: receives observations.
        framework: what the observations say.
    """

    def __init__(self, wire: Wire, gathering: Gathering, framework: str = "tensorflow") -> None:
        self.wire = wire
        self.gathering = gathering
        self.framework = framework
        self.nodes = 0
        self.functions: set[str] = set()
        self._foreign: dict[str, GraphOperator] = {}

    def graph(self, start: int, length: int | None) -> None:
        """Follow a GraphDef; `length` None means the whole file."""
        end = None if length is None else start + length
        for number, kind, value, at in self.wire.fields(start, end):
            if kind != RANGE:
                continue
            if number == 1:
                self.node(at, value, "")
            elif number == 2:
                self._library(at, value)

    def _library(self, start: int, length: int) -> None:
        for number, kind, value, at in self.wire.fields(start, start + length):
            if number == 1 and kind == RANGE:
                self._function(at, value)

    def _function(self, start: int, length: int) -> None:
        name = ""
        for number, kind, value, at in self.wire.fields(start, start + length):
            if kind != RANGE:
                continue
            if number == 1:
                for inner, inner_kind, size, position in self.wire.fields(at, at + value):
                    if inner == 1 and inner_kind == RANGE:
                        name = self.wire.text(position, size, 400)
                self.functions.add(name)
            elif number == 3:
                self.node(at, value, name)

    def node(self, start: int, length: int, function: str) -> None:
        """Follow a NodeDef."""
        self.nodes += 1
        name = operator = ""
        prints: tuple[int, int] | None = None
        for number, kind, value, at in self.wire.fields(start, start + length):
            if kind != RANGE:
                continue
            if number == 2:
                operator = self.wire.text(at, value, 400)
            elif number == 1:
                name = self.wire.text(at, value, 400)
            elif number == 5 and value < 4096:
                content = self.wire.content(at, value, 4096)
                if b"output_stream" in content and b"file:" in content:
                    prints = (at, value)
        if operator not in PLAIN or (prints is not None and operator == "PrintV2"):
            key = f"{function}/{name}" if function else name
            if operator not in self._foreign and len(self._foreign) < MOST_OPERATORS:
                self._foreign[operator] = GraphOperator(
                    framework=self.framework, domain="", name=operator, key=key[:400] or None, offset=start
                )

    def finish(self) -> None:
        """Report operators that neither TensorFlow nor a function of this graph defines."""
        for name, operator in self._foreign.items():
            if name not in self.functions:
                self.gathering.observe(operator)
