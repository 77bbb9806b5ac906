"""What Python source beside a model would do, read from its syntax tree; nothing is compiled, imported or run.

Runs in the isolated child process only (`host/isolation.py`). In: the source's bytes. Out: the fields of
`PythonProgram`, ready for JSON.
Source: Python Language Reference, "Abstract Grammar" (module `ast`); PEP 263 (the parser follows encoding cookies).
"""

import ast
import codecs
import re
import unicodedata  # noqa: F401  (the parser loads it for `\N{...}`, and later no file can be opened)
import warnings
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from weighbridge.formats.python_names import COMPUTED, Names

LONGEST_SOURCE = 2 << 20
MOST_NODES = 400_000
SHOWN = 160
ENCODED = re.compile(r"[A-Za-z0-9+/_-]{120,}={0,2}")
HEXADECIMAL = re.compile(r"(?:[0-9A-Fa-f]{2}){60,}")
SHORTEST_BINARY = 80
LAMBDA = "<lambda>"
WRITES = "open(write)"
"""Stands in the calls for `open` with a mode that writes."""
MODE = re.compile(r"(?=[rwaxbt+]{1,4}$)[rbt]*[wax+][rwaxbt+]*")
CODE_BUILTINS = frozenset({"eval", "exec", "compile", "__import__", "breakpoint", "globals", "vars", "__builtins__"})
"""Built-in functions whose mere mention is worth an entry."""
SOURCE_ENCODINGS = ("utf-7", "utf-16", "latin-1", "cp1252", "cp1251", "koi8-r", "gbk", "big5", "shift_jis", "euc-jp")
for _encoding in SOURCE_ENCODINGS:
    codecs.lookup(_encoding)  # loads its module, which the locked-down child could not do any more
Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def read(payload: bytes) -> dict[str, Any]:
    """Return the fields of `PythonProgram` for the source `payload`; a fault is in `error`."""
    answer: dict[str, Any] = {"imports": [], "calls": [], "top_level_calls": [], "strings": [], "error": None}
    if len(payload) > LONGEST_SOURCE:
        return {**answer, "error": f"longer than {LONGEST_SOURCE} bytes"}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # doubtful escapes in the source are its author's business
            tree = ast.parse(payload)
        return {**answer, **_fields(tree)}
    except SyntaxError as error:
        return {**answer, "error": f"line {error.lineno}: {error.msg}"[:300]}
    except (ValueError, LookupError, UnicodeError) as error:
        return {**answer, "error": str(error)[:300]}
    except (RecursionError, MemoryError):
        return {**answer, "error": "nested too deep"}


def _fields(tree: ast.Module) -> dict[str, Any]:
    nodes = list(_walk(tree))
    names = Names()
    for node in nodes:
        names.learn(node)
    for node in nodes:
        if isinstance(node, ast.Assign | ast.NamedExpr):
            names.learn(node)
    calls = _calls(nodes, names)
    on_import = _calls(_on_import(tree, nodes, names), names)
    return {
        "imports": list(names.imports),
        "calls": list(calls),
        "top_level_calls": list(on_import),
        "strings": list(_strings(nodes)),
    }


def _walk(root: ast.AST) -> Iterator[ast.AST]:
    waiting: deque[ast.AST] = deque([root])
    count = 0
    while waiting:
        node = waiting.popleft()
        count += 1
        if count > MOST_NODES:
            raise ValueError(f"more than {MOST_NODES} syntax elements")
        yield node
        waiting.extend(ast.iter_child_nodes(node))


def _calls(nodes: Iterable[ast.AST], names: Names) -> dict[str, None]:
    """Return what is called, and what is named although nobody is seen to call it: somebody else will."""
    found: dict[str, None] = {}
    for node in nodes:
        meanings: list[str] = []
        if isinstance(node, ast.Call):
            meanings = names.meanings(node.func) or [LAMBDA if isinstance(node.func, ast.Lambda) else COMPUTED]
            if isinstance(node.func, ast.Call):
                meanings = [*meanings, names.dotted(node)]
            if _writes(node) and "open" in (name.rpartition(".")[2] for name in meanings):
                meanings = [*meanings, WRITES]
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            meanings = [name for name in names.meanings(node) if not name.startswith(("self.", "cls.", "<value>"))]
            if not _bound_root(node, names):
                meanings = []
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            if names.is_bound(node.id) or node.id in CODE_BUILTINS:
                meanings = [name for name in names.meanings(node) if "." in name or name in CODE_BUILTINS]
        elif isinstance(node, ast.Subscript):
            meanings = [name for name in names.meanings(node) if not name.endswith("[]")]
        for name in meanings:
            found[_short(name)] = None
    return found


def _writes(node: ast.Call) -> bool:
    """Tell whether a constant argument is a mode of `open` that writes."""
    values = [*node.args[:2], *(keyword.value for keyword in node.keywords if keyword.arg == "mode")]
    return any(
        isinstance(value, ast.Constant) and isinstance(value.value, str) and MODE.fullmatch(value.value)
        for value in values
    )


def _bound_root(node: ast.expr, names: Names) -> bool:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return isinstance(node, ast.Call) or (isinstance(node, ast.Name) and names.is_bound(node.id))


def _on_import(tree: ast.Module, nodes: list[ast.AST], names: Names) -> Iterator[ast.AST]:
    """Yield what runs when the module is imported: module and class bodies, and local code that these call."""
    bodies: dict[str, list[ast.AST]] = {}
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            bodies.setdefault(node.name, []).extend(node.body)
        elif isinstance(node, ast.ClassDef):
            methods = [item for item in node.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)]
            started = ("__init__", "__new__", "__call__", "__enter__", "__post_init__")
            for method in methods:
                if method.name in started:
                    bodies.setdefault(node.name, []).extend(method.body)
                elif method.name in ("__init_subclass__", "__set_name__", "__class_getitem__"):
                    bodies.setdefault("", []).extend(method.body)
    waiting: deque[ast.AST] = deque([tree, *bodies.pop("", [])])
    while waiting:
        node = waiting.popleft()
        if isinstance(node, ast.If) and _is_main_test(node.test):
            waiting.extend(node.orelse)
            continue
        yield node
        if isinstance(node, Scope):
            waiting.extend(_evaluated_now(node))
            continue
        if isinstance(node, ast.Call):
            called = names.dotted(node.func).rpartition(".")[2]
            waiting.extend(bodies.pop(called, []))
        waiting.extend(ast.iter_child_nodes(node))


def _evaluated_now(node: Scope) -> list[ast.AST]:
    """Return the parts of a function that run when it is defined; a lambda, mostly called at once, counts whole."""
    if isinstance(node, ast.Lambda):
        return [node.body]
    defaults: list[ast.AST] = [
        *node.args.defaults,
        *(default for default in node.args.kw_defaults if default is not None),
    ]
    return [*node.decorator_list, *defaults]


def _is_main_test(test: ast.expr) -> bool:
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.left, ast.Name)
        and test.left.id == "__name__"
        and len(test.ops) == 1
        and isinstance(test.ops[0], ast.Eq)
        and isinstance(test.comparators[0], ast.Constant)
        and test.comparators[0].value == "__main__"
    )


def _strings(nodes: list[ast.AST]) -> dict[str, None]:
    found: dict[str, None] = {}
    for node in nodes:
        if not isinstance(node, ast.Constant):
            continue
        value = node.value
        if isinstance(value, bytes):
            odd = sum(1 for byte in value[:4096] if byte < 9 or byte > 126)
            text = value[:4096].decode("latin-1")
            if len(value) >= SHORTEST_BINARY and odd * 4 > len(value[:4096]):
                found[_short(repr(value[:80]))] = None
                continue
        elif isinstance(value, str):
            text = value
        else:
            continue
        match = HEXADECIMAL.search(text) or ENCODED.search(text)
        if match is not None:
            found[_short(match[0])] = None
    return found


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN] + "..."
