"""Everything that a Jinja syntax tree reads, calls and repeats, collected in one pass without rendering."""

import re
import string
from collections import deque
from collections.abc import Iterator
from typing import Any

from weighbridge.formats.jinja_fold import Folding, NotConstant

REACHING = re.compile(r"__[a-z][a-z0-9_]*__")
"""A name as Python gives it to what templates must not touch (`__globals__`)."""
WIDE = re.compile(r"[0-9]{6}")
LARGE_NUMBER = 10_000_000
MANY_TURNS = 10_000_000
MANY_DOUBLINGS = 16
SHOWN = 120
ATTRIBUTE_KEYWORDS = ("attribute", "attr")
ATTRIBUTE_POSITION = {
    "attr": 0,
    "groupby": 0,
    "join": 1,
    "max": 1,
    "min": 1,
    "rejectattr": 0,
    "selectattr": 0,
    "sort": 2,
    "sum": 0,
    "unique": 1,
}
"""Filter to the position of the argument that names an attribute."""
BUILT_IN = ("cycler", "dict", "joiner", "lipsum", "namespace", "range", "self")
FILTER_BY_NAME = ("map",)
SIZED = ("center", "expandtabs", "indent", "ljust", "rjust", "wordwrap", "zfill", "range", "batch", "slice", "lipsum")


class Program:
    """Ordered sets of what was seen; `fields` gives them as the child answers."""

    def __init__(self, tree: Any) -> None:  # noqa: ANN401  (a jinja2 node)
        self._attributes: dict[str, None] = {}
        self._filters: dict[str, None] = {}
        self._calls: dict[str, None] = {}
        self._computed: dict[str, None] = {}
        self._imports: dict[str, None] = {}
        self._names: dict[str, None] = {}
        self._heavy: dict[str, None] = {}
        self._loops = 0
        self._doublings = 0
        nodes = list(_walk(tree))
        self._folding = Folding(_assignments(nodes))
        for node, turns in _with_turns(tree, self._folding):
            self._visit(node, turns)
        if self._doublings >= MANY_DOUBLINGS:
            self._heavy[f"{self._doublings} assignments that double a value"] = None

    def fields(self) -> dict[str, Any]:
        """Return the fields of `TemplateProgram` but for digest and error."""
        return {
            "attributes": list(self._attributes),
            "filters": list(self._filters),
            "calls": list(self._calls),
            "computed": list(self._computed),
            "imports": list(self._imports),
            "names": list(self._names),
            "heavy": list(self._heavy),
            "loops": self._loops,
        }

    def _visit(self, node: Any, turns: int) -> None:  # noqa: ANN401
        kind = type(node).__name__
        if kind == "Getattr":
            self._attributes[node.attr] = None
        elif kind == "Getitem":
            self._subscript(node)
        elif kind == "Filter":
            self._filter(node)
        elif kind == "Test":
            self._filters[f"is {node.name}"] = None
        elif kind == "Call":
            self._call(node)
        elif kind == "Name" and node.ctx == "load":
            self._names[node.name] = None
        elif kind == "For":
            self._loops += 1
            if turns > MANY_TURNS:
                self._heavy[f"loops of {turns} turns"] = None
        elif kind in ("Include", "Import", "FromImport", "Extends"):
            target = self._folding.text(node.template)
            self._imports[(target if target is not None else "<computed>")[:SHOWN]] = None
        elif kind in ("Assign", "AssignBlock"):
            self._assignment(node, turns)
        elif kind == "Keyword":
            self._constant_name(node.key)
        elif kind in ("Mul", "Pow"):
            self._size(node)
        elif kind == "Mod":
            self._width(self._folding.text(node.left))
        if kind in ("Const", "Concat", "Add", "Mod", "Mul", "Filter", "Call", "Getitem", "AssignBlock"):
            text = self._folding.text(node)
            if text is not None:
                self._constant_name(text)

    def _constant_name(self, text: str) -> None:
        for match in REACHING.finditer(text):
            self._attributes[match[0]] = None

    def _subscript(self, node: Any) -> None:  # noqa: ANN401
        text = self._folding.text(node.arg)
        if text is not None:
            self._attributes[text[:SHOWN]] = None
        elif type(node.arg).__name__ != "Slice" and (
            self._folding.builds_name(node.arg) or self._odd_base(node.node, node.arg)
        ):
            self._computed[_source(node.arg)] = None

    def _odd_base(self, base: Any, index: Any) -> bool:  # noqa: ANN401
        """Tell whether an unknown attribute of a literal or of a function of Jinja's own is asked for."""
        if self._folding.is_number(index):
            return False
        if type(base).__name__ == "Name" and base.name in BUILT_IN and not self._folding.variable(base):
            return True
        return type(base).__name__ in ("Const", "Concat") and self._folding.text(base) is not None

    def _attribute_argument(self, node: Any) -> None:  # noqa: ANN401
        text = self._folding.text(node)
        if text is not None:
            for part in text.split("."):
                self._attributes[part[:SHOWN]] = None
        elif self._folding.number(node) is None:
            self._computed[_source(node)] = None

    def _filter(self, node: Any) -> None:  # noqa: ANN401
        self._filters[node.name] = None
        if node.name == "format" and node.node is not None:
            self._width(self._folding.text(node.node))
        position = ATTRIBUTE_POSITION.get(node.name)
        if position is not None and len(node.args) > position:
            self._attribute_argument(node.args[position])
        if node.name in FILTER_BY_NAME and node.args:
            name = self._folding.text(node.args[0])
            self._filters[name[:SHOWN] if name is not None else "<computed>"] = None
            position = ATTRIBUTE_POSITION.get(name or "")
            if position is not None and len(node.args) > position + 1:
                self._attribute_argument(node.args[position + 1])
        for keyword in node.kwargs:
            if keyword.key in ATTRIBUTE_KEYWORDS:
                self._attribute_argument(keyword.value)
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            self._computed[f"{node.name}(*...)"] = None
        self._arguments(node.name, node)

    def _call(self, node: Any) -> None:  # noqa: ANN401
        name = self._dotted(node.node)
        self._calls[name] = None
        last = name.rpartition(".")[2]
        if last in ("format", "format_map") and name != last:
            self._format(node.node)
        self._arguments(last, node)

    def _format(self, callee: Any) -> None:  # noqa: ANN401
        pattern = self._folding.text(callee.node)
        if pattern is None:
            self._computed[f"{_source(callee.node)}.format"] = None
            return
        self._width(pattern)
        try:
            fields = [field for _, field, _, _ in string.Formatter().parse(pattern) if field]
        except ValueError:
            return
        for field in fields:
            for part in re.split(r"[.\[\]]", field)[1:]:
                if part:
                    self._attributes[part[:SHOWN]] = None

    def _arguments(self, name: str, node: Any) -> None:  # noqa: ANN401
        for argument in (*node.args, *(keyword.value for keyword in node.kwargs)):
            number = self._folding.number(argument)
            if number is not None and abs(number) >= LARGE_NUMBER:
                self._heavy[f"{name} of {str(number)[:20]}"] = None
            elif number is None and type(argument).__name__ in ("Pow", "Mul") and name in SIZED:
                self._heavy[f"{name} of {_source(argument)}"] = None

    def _size(self, node: Any) -> None:  # noqa: ANN401
        if type(node).__name__ == "Pow" and self._folding.bits(node) > LARGE_NUMBER:
            self._heavy["a power of enormous length"] = None
        if type(node).__name__ == "Mul":
            numbers = (self._folding.number(node.left), self._folding.number(node.right))
            if any(number is not None and number >= LARGE_NUMBER for number in numbers):
                self._heavy["a multiplication by a large number"] = None

    def _width(self, pattern: str | None) -> None:
        if pattern is not None and WIDE.search(pattern):
            self._heavy["a text format of enormous width"] = None

    def _assignment(self, node: Any, turns: int) -> None:  # noqa: ANN401
        name = _target(node.target)
        source = node.node if type(node).__name__ == "Assign" else node
        again = sum(1 for each in _walk(source) if _reads(each) == name) if name else 0
        if again >= 2:
            self._doublings += 1 if turns <= 1 else min(turns, MANY_DOUBLINGS)

    def _dotted(self, node: Any) -> str:  # noqa: ANN401
        parts: list[str] = []
        while True:
            kind = type(node).__name__
            if kind == "Name":
                parts.append(node.name)
                break
            if kind == "Getattr":
                parts.append(node.attr)
            elif kind == "Getitem" and self._folding.text(node.arg) is not None:
                parts.append(self._folding.text(node.arg) or "")
            elif not parts and kind != "Getattr":
                return "<computed>"
            else:
                parts.append("<value>")
                break
            node = node.node
        return ".".join(reversed(parts))[-SHOWN:]


def _walk(node: Any) -> Iterator[Any]:  # noqa: ANN401
    waiting = deque([node])
    while waiting:
        current = waiting.popleft()
        yield current
        waiting.extend(current.iter_child_nodes())


def _with_turns(tree: Any, folding: Folding) -> Iterator[tuple[Any, int]]:  # noqa: ANN401
    """Yield every node with the number of times that loops around it repeat it, as far as that is certain."""
    waiting: deque[tuple[Any, int]] = deque([(tree, 1)])
    while waiting:
        node, turns = waiting.popleft()
        if type(node).__name__ == "For":
            turns = min(turns * max(_turns(node.iter, folding), 1), 1 << 80)
        yield node, turns
        waiting.extend((child, turns) for child in node.iter_child_nodes())


def _turns(node: Any, folding: Folding) -> int:  # noqa: ANN401
    """Return how often a loop over `node` runs; 2 if that is not known, since it does repeat."""
    if _is_range(node):
        numbers = [folding.number(argument) for argument in node.args]
        if numbers and all(number is not None for number in numbers):
            try:
                return len(range(*[number for number in numbers if number is not None]))
            except (OverflowError, ValueError, TypeError):
                return 1 << 64
    try:
        value = folding.constant(node)
    except NotConstant:
        return 2
    return len(value) if isinstance(value, str | list) else 1


def _is_range(node: Any) -> bool:  # noqa: ANN401
    return type(node).__name__ == "Call" and type(node.node).__name__ == "Name" and node.node.name == "range"


def _assignments(nodes: list[Any]) -> dict[str, list[Any]]:
    assigned: dict[str, list[Any]] = {}
    macros = {node.name: node for node in nodes if type(node).__name__ == "Macro"}
    for node in nodes:
        kind = type(node).__name__
        pairs: list[tuple[Any, Any]] = []
        if kind == "Assign":
            pairs = [(node.target, node.node)]
        elif kind == "AssignBlock":
            pairs = [(node.target, node)]
        elif kind == "With":
            pairs = list(zip(node.targets, node.values, strict=False))
        elif kind == "For" and type(node.iter).__name__ in ("List", "Tuple"):
            pairs = [(node.target, item) for item in node.iter.items]
        elif kind == "For" and _is_range(node.iter):
            pairs = [(node.target, argument) for argument in node.iter.args[:1]]
        elif kind == "Macro":
            missing = len(node.args) - len(node.defaults)
            pairs = list(zip(node.args[missing:], node.defaults, strict=False))
        elif kind == "Call" and type(node.node).__name__ == "Name":
            macro = macros.get(node.node.name)
            if macro is not None:
                pairs = list(zip(macro.args, node.args, strict=False))
                pairs += [(keyword, keyword.value) for keyword in node.kwargs]
        for target, value in pairs:
            _assign(assigned, target, value)
        if kind == "Assign" and type(node.node).__name__ == "Call":
            _namespace(assigned, node)
    return assigned


def _assign(assigned: dict[str, list[Any]], target: Any, value: Any) -> None:  # noqa: ANN401
    if type(target).__name__ == "Keyword":
        assigned.setdefault(target.key, []).append(value)
        return
    name = _target(target)
    if name:
        assigned.setdefault(name, []).append(value)
    elif type(target).__name__ in ("Tuple", "List"):
        values = value.items if type(value).__name__ in ("Tuple", "List") else [value] * len(target.items)
        for each, part in zip(target.items, values, strict=False):
            _assign(assigned, each, part)


def _namespace(assigned: dict[str, list[Any]], node: Any) -> None:  # noqa: ANN401
    """Note the first values of `{% set ns = namespace(text='') %}` under `ns.text`."""
    callee = node.node.node
    if (
        type(callee).__name__ == "Name"
        and callee.name in ("namespace", "dict")
        and type(node.target).__name__ == "Name"
    ):
        for keyword in node.node.kwargs:
            assigned.setdefault(f"{node.target.name}.{keyword.key}", []).append(keyword.value)


def _target(node: Any) -> str:  # noqa: ANN401
    kind = type(node).__name__
    if kind == "Name":
        return str(node.name)
    return f"{node.name}.{node.attr}" if kind == "NSRef" else ""


def _reads(node: Any) -> str:  # noqa: ANN401
    kind = type(node).__name__
    if kind == "Name" and node.ctx == "load":
        return str(node.name)
    if kind == "Getattr" and type(node.node).__name__ == "Name":
        return f"{node.node.name}.{node.attr}"
    return ""


def _source(node: Any) -> str:  # noqa: ANN401
    """Return a short picture of an expression for a person."""
    try:
        return repr(node)[:SHOWN]
    except RecursionError:
        return type(node).__name__
