"""What expressions of a Jinja syntax tree amount to, as far as that is certain without rendering.

Two questions are answered about an expression: which constant it folds to, and, if none, whether it builds text from
pieces. A name that is built has one purpose: that nobody reads it in the template.
Nodes are those of `jinja2.nodes`, told apart by the names of their classes, so that only the child imports jinja2.
"""

from typing import Any

LONGEST_TEXT = 4096
LARGEST_BITS = 256
MOST_ITEMS = 256

Constant = str | int | float | bool | None | list[Any]


class NotConstant(Exception):  # noqa: N818  (an answer, not an error)
    """The expression has no certain value."""


NUMBER_FILTERS = frozenset({"abs", "count", "float", "int", "length", "round", "sum", "wordcount"})
PASSING_FILTERS = frozenset(
    {"capitalize", "d", "default", "e", "escape", "first", "forceescape", "last", "list", "lower", "safe", "sort"}
    | {"string", "striptags", "title", "trim", "unique", "upper", "items", "dictsort", "selectattr", "rejectattr"}
    | {"select", "reject", "tojson", "min", "max", "random"}
)
NUMBER_METHODS = frozenset({"count", "find", "index", "rfind", "rindex"})
PASSING_METHODS = frozenset(
    {"get", "items", "keys", "values", "copy", "pop", "split", "rsplit", "splitlines", "partition", "rpartition"}
    | {"strip", "lstrip", "rstrip", "lower", "upper", "title", "capitalize"}
)
TEXT_METHODS = frozenset({"capitalize", "lower", "lstrip", "rstrip", "strip", "swapcase", "title", "upper"})
OPERATORS = ("Add", "Sub", "Mul", "Mod", "Pow", "FloorDiv", "Div")


class Folding:
    """Values of expressions in one template.

    `assigned` maps a variable (`name`, `namespace.attribute`, macro parameter) to every expression that it may stand
    for; scopes are ignored, so a variable has a certain value only if all its expressions agree.
    """

    def __init__(self, assigned: dict[str, list[Any]]) -> None:
        self._assigned = assigned
        self._known: dict[int, Constant | NotConstant] = {}
        self._built: dict[int, bool] = {}

    def constant(self, node: Any) -> Constant:  # noqa: ANN401  (a jinja2 node)
        """Return the value of `node`; raises `NotConstant`."""
        key = id(node)
        if key not in self._known:
            self._known[key] = NotConstant()  # answers a variable that is defined by itself
            try:
                self._known[key] = _bounded(self._fold(node))
            except (NotConstant, ValueError, TypeError, ArithmeticError, IndexError, KeyError, AttributeError):
                pass
        value = self._known[key]
        if isinstance(value, NotConstant):
            raise value
        return value

    def text(self, node: Any) -> str | None:  # noqa: ANN401
        """Return the value of `node` if it is certain and text."""
        try:
            value = self.constant(node)
        except NotConstant:
            return None
        return value if isinstance(value, str) else None

    def number(self, node: Any) -> int | None:  # noqa: ANN401
        """Return the value of `node` if it is certain and an integer."""
        try:
            value = self.constant(node)
        except NotConstant:
            return None
        return value if isinstance(value, int) else None

    def bits(self, node: Any) -> int:  # noqa: ANN401
        """Return about how many bits the number `node` has, small if that is unknown."""
        number = self.number(node)
        if number is not None:
            return number.bit_length()
        kind = type(node).__name__
        if kind == "Pow":
            exponent = self.number(node.right)
            turns = (1 << min(self.bits(node.right), 64)) if exponent is None else abs(exponent)
            return min(self.bits(node.left) * turns, 1 << 80)
        if kind == "Mul":
            return self.bits(node.left) + self.bits(node.right)
        return 1

    def builds_name(self, node: Any) -> bool:  # noqa: ANN401
        """Tell whether `node`, used as the name of an attribute, is text put together at run time."""
        key = id(node)
        if key not in self._built:
            self._built[key] = False
            self._built[key] = self._builds(node)
        return self._built[key]

    def variable(self, node: Any) -> list[Any]:  # noqa: ANN401
        """Return the expressions that a variable or namespace attribute may stand for."""
        kind = type(node).__name__
        if kind == "Name":
            return self._assigned.get(node.name, [])
        if kind == "Getattr" and type(node.node).__name__ == "Name":
            return self._assigned.get(f"{node.node.name}.{node.attr}", [])
        return []

    def _fold(self, node: Any) -> Constant:  # noqa: ANN401
        kind = type(node).__name__
        if kind in ("Const", "TemplateData"):
            value: Constant = node.value if kind == "Const" else node.data
            return value
        if kind in ("List", "Tuple"):
            return [self.constant(item) for item in node.items[:MOST_ITEMS]]
        if kind == "Concat":
            return "".join(_text(self.constant(part)) for part in node.nodes)
        if kind in OPERATORS:
            return _operate(kind, self.constant(node.left), self.constant(node.right))
        if kind == "Neg":
            return -self.constant(node.node)  # type: ignore[operator]  # TypeError means not constant
        if kind == "Getitem":
            return self._item(node)
        if kind == "Filter" and node.node is not None:
            return _filtered(node.name, self.constant(node.node), [self.constant(each) for each in node.args])
        if kind == "Call" and type(node.node).__name__ == "Getattr":
            arguments = [self.constant(each) for each in node.args]
            return _called(node.node.attr, self.constant(node.node.node), arguments)
        if kind == "AssignBlock" and node.filter is None:
            return "".join(_text(self.constant(part)) for output in node.body for part in output.nodes)
        choices = [self.constant(each) for each in self.variable(node)]
        if not choices or any(choice != choices[0] for choice in choices):
            raise NotConstant
        return choices[0]

    def _bound(self, node: Any) -> int | None:  # noqa: ANN401
        bound = None if node is None else self.constant(node)
        if bound is not None and not isinstance(bound, int):
            raise NotConstant
        return bound

    def _item(self, node: Any) -> Constant:  # noqa: ANN401
        whole = self.constant(node.node)
        if not isinstance(whole, str | list):
            raise NotConstant
        if type(node.arg).__name__ == "Slice":
            start, stop, step = (self._bound(part) for part in (node.arg.start, node.arg.stop, node.arg.step))
            return whole[start:stop:step]
        index = self.constant(node.arg)
        if not isinstance(index, int):
            raise NotConstant
        item: Constant = whole[index]
        return item

    def _builds(self, node: Any) -> bool:  # noqa: ANN401
        kind = type(node).__name__
        try:
            return not isinstance(self.constant(node), str | int | float | bool | None)
        except NotConstant:
            pass
        if kind in ("Concat", "Add"):
            parts = node.nodes if kind == "Concat" else [node.left, node.right]
            if kind == "Add" and any(self.is_number(part) for part in parts):
                return False
            first = self.text(parts[0])
            return not first or may_reach(first)
        if kind in ("Mod", "Mul"):
            return any(self.text(part) is not None or self.builds_name(part) for part in (node.left, node.right))
        if kind == "CondExpr":
            return any(self.builds_name(part) for part in (node.expr1, node.expr2) if part is not None)
        if kind in ("And", "Or"):
            return self.builds_name(node.left) or self.builds_name(node.right)
        if kind == "Filter":
            if node.name in NUMBER_FILTERS:
                return False
            return node.name not in PASSING_FILTERS or (node.node is not None and self.builds_name(node.node))
        if kind == "Call":
            return self._call_builds(node)
        if kind == "Getitem":
            if type(node.arg).__name__ == "Slice":
                return self.text(node.node) is not None or self.builds_name(node.node)
            return self.builds_name(node.node)
        if kind == "AssignBlock":
            return True
        if kind in ("List", "Tuple"):
            return any(self.builds_name(item) for item in node.items[:MOST_ITEMS])
        return any(self.builds_name(each) for each in self.variable(node))

    def _call_builds(self, node: Any) -> bool:  # noqa: ANN401
        callee = node.node
        if type(callee).__name__ == "Getattr":
            if callee.attr in NUMBER_METHODS:
                return False
            return callee.attr not in PASSING_METHODS or self.builds_name(callee.node)
        return not (type(callee).__name__ == "Name" and callee.name in ("range", "namespace"))

    def is_number(self, node: Any) -> bool:  # noqa: ANN401
        """Tell whether `node` is a number, as far as its form shows."""
        kind = type(node).__name__
        if self.number(node) is not None or kind in ("Sub", "FloorDiv", "Div", "Neg"):
            return True
        if kind == "Filter":
            return node.name in NUMBER_FILTERS
        if kind == "Add":
            return self.is_number(node.left) or self.is_number(node.right)
        if kind == "Getattr" and node.attr in ("index", "index0", "revindex", "revindex0", "length", "depth"):
            return True
        key = -id(node)
        if key in self._built:
            return self._built[key]
        self._built[key] = False
        self._built[key] = any(self.is_number(each) for each in self.variable(node))
        return self._built[key]


def may_reach(text: str) -> bool:
    """Tell whether a name that starts with `text` may still become one that reaches into the interpreter."""
    return text.startswith("_") or any(
        text.startswith(prefix) or prefix.startswith(text)
        for prefix in ("gi_", "cr_", "ag_", "f_", "tb_", "co_", "func_", "im_", "mro", "format_map")
    )


def _bounded(value: Constant) -> Constant:
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise NotConstant
    if isinstance(value, int) and value.bit_length() > LARGEST_BITS:
        raise NotConstant
    if isinstance(value, list) and len(value) > MOST_ITEMS:
        raise NotConstant
    return value


def _text(value: Constant) -> str:
    if isinstance(value, list):
        raise NotConstant
    return str(value)


def _operate(kind: str, left: Any, right: Any) -> Constant:  # noqa: ANN401
    if kind == "Mul" and (isinstance(left, str | list) or isinstance(right, str | list)):
        times = right if isinstance(right, int) else left
        if not isinstance(times, int) or times > LONGEST_TEXT:
            raise NotConstant
    if kind == "Pow" and not (isinstance(right, int | float) and abs(right) <= LARGEST_BITS):
        raise NotConstant
    if kind == "Mod" and isinstance(left, str):
        return _percent(left, right if isinstance(right, list) else [right])
    result: Constant
    match kind:
        case "Add":
            result = left + right
        case "Sub":
            result = left - right
        case "Mul":
            result = left * right
        case "Mod":
            result = left % right
        case "Pow":
            result = left**right
        case "FloorDiv":
            result = left // right
        case _:
            result = left / right
    return result


def _percent(pattern: str, values: list[Any]) -> str:
    if any(character.isdigit() or character == "*" for character in pattern):
        raise NotConstant  # widths could make any length
    return pattern % tuple(values)


def _filtered(name: str, value: Any, arguments: list[Any]) -> Constant:  # noqa: ANN401
    if name in ("e", "escape", "forceescape", "safe", "string") and not arguments:
        return _text(value)
    if name == "trim" and isinstance(value, str):
        return value.strip(*arguments[:1])
    if name in TEXT_METHODS and isinstance(value, str) and not arguments:
        changed: str = getattr(value, name)()
        return changed
    if name == "reverse":
        return value[::-1] if isinstance(value, str) else list(reversed(value))
    if name == "join" and isinstance(value, str | list):
        return _text(arguments[0] if arguments else "").join(_text(item) for item in value)
    if name == "replace" and isinstance(value, str) and len(arguments) == 2:
        return _replaced(value, *arguments)
    if name == "format" and isinstance(value, str):
        return _percent(value, arguments)
    if name in ("first", "last") and isinstance(value, str | list):
        item: Constant = value[0 if name == "first" else -1]
        return item
    if name == "list" and isinstance(value, str | list):
        return list(value)
    if name in ("length", "count") and isinstance(value, str | list):
        return len(value)
    if name == "int":
        return int(value)
    raise NotConstant


def _called(name: str, value: Any, arguments: list[Any]) -> Constant:  # noqa: ANN401
    if not isinstance(value, str):
        raise NotConstant
    if name == "join" and len(arguments) == 1 and isinstance(arguments[0], str | list):
        return value.join(_text(item) for item in arguments[0])
    if name == "replace" and len(arguments) == 2:
        return _replaced(value, *arguments)
    if name in TEXT_METHODS and len(arguments) <= 1:
        changed: str = getattr(value, name)(*arguments)
        return changed
    if name == "split" and len(arguments) <= 1:
        return list(value.split(*arguments))
    if name == "format" and all(isinstance(each, str | int) for each in arguments):
        if any(character in value for character in ":!.["):
            raise NotConstant  # widths could make any length; attributes are looked at elsewhere
        return value.format(*arguments)
    raise NotConstant


def _replaced(value: str, old: object, new: object) -> str:
    if not isinstance(old, str) or not isinstance(new, str) or len(new) * (len(value) + 1) > LONGEST_TEXT * 64:
        raise NotConstant
    return value.replace(old, new)
