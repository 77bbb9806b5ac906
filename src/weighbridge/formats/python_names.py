"""What names of Python source stand for: import aliases, assigned aliases, and the ways around an import statement."""

import ast

from weighbridge.formats.python_fold import text_of

COMPUTED = "<computed>"
GETATTR = ("getattr", "builtins.getattr", "inspect.getattr_static", "object.__getattribute__")
LOOKUPS = ("get", "__getitem__", "pop", "setdefault")
GETTERS = ("operator.attrgetter", "operator.methodcaller")
IMPORTERS = (
    "__import__",
    "builtins.__import__",
    "importlib.import_module",
    "importlib.__import__",
    "pkgutil.resolve_name",
)
NAMESPACES = ("globals()", "locals()", "vars()", "__builtins__", "builtins.__dict__", "builtins.vars()")
DEEPEST = 60
MOST_MEANINGS = 4


class Names:
    """Resolves expressions to dotted names; `learn` takes what binds names.

    Scopes are ignored: a name that is bound twice has several meanings, and `meanings` gives them all.
    """

    def __init__(self) -> None:
        self._aliases: dict[str, list[str]] = {}
        self._starred: list[str] = []
        self.imports: dict[str, None] = {}

    def learn(self, node: ast.AST) -> None:
        """Take in an import statement or an assignment of one name to another."""
        match node:
            case ast.Import(names=names):
                for name in names:
                    self.imports[name.name] = None
                    top = name.name.partition(".")[0]
                    self._bind(name.asname or top, name.name if name.asname else top)
            case ast.ImportFrom(module=module, names=names, level=level):
                origin = "." * level + (module or "")
                self.imports[origin] = None
                for name in names:
                    if name.name == "*":
                        self._starred.append(origin)
                        continue
                    dotted = origin + name.name if origin.endswith(".") else f"{origin}.{name.name}"
                    self._bind(name.asname or name.name, dotted)
            case (
                ast.Assign(targets=[ast.Name(id=target)], value=value)
                | ast.NamedExpr(target=ast.Name(id=target), value=value)
            ):
                dotted = self.dotted(value)
                if dotted and dotted.partition(".")[0] != target and not dotted.endswith(("()", "[]")):
                    self._bind(target, dotted)

    def _bind(self, name: str, meaning: str) -> None:
        meanings = self._aliases.setdefault(name, [])
        if meaning not in meanings and len(meanings) < MOST_MEANINGS:
            meanings.append(meaning)

    def is_bound(self, name: str) -> bool:
        """Tell whether `name` was imported or stands for another name."""
        return name in self._aliases

    def meanings(self, node: ast.AST) -> list[str]:
        """Return every dotted name that `node` may have; empty if it has none."""
        first = self.dotted(node)
        if not first:
            return []
        root = node
        while isinstance(root, ast.Attribute | ast.Subscript | ast.Call):
            root = root.func if isinstance(root, ast.Call) else root.value
        if not isinstance(root, ast.Name):
            return [first]
        known = self._aliases.get(root.id)
        if known is None:
            return [first, *(f"{module}.{first}" for module in self._starred)]
        if not first.startswith(known[0]):
            return [first]
        return [meaning + first[len(known[0]) :] for meaning in known]

    def dotted(self, node: ast.AST | None, depth: int = 0) -> str:
        """Return the dotted name of `node` (`os.system`, `requests.get().json`); empty if it has none."""
        if depth > DEEPEST:
            return COMPUTED
        match node:
            case ast.Name(id=name):
                return self._aliases.get(name, [name])[0]
            case ast.Attribute(value=value, attr=attribute):
                base = self.dotted(value, depth + 1)
                if attribute == "__dict__" and base:
                    return base
                return f"{base}.{attribute}" if base else f"<value>.{attribute}"
            case ast.Subscript(value=value, slice=index):
                return self._subscript(value, index, depth)
            case ast.Call():
                return self._call(node, depth)
            case ast.NamedExpr(value=value) | ast.Await(value=value) | ast.Starred(value=value):
                return self.dotted(value, depth + 1)
            case ast.Lambda():
                return ""
        return ""

    def _subscript(self, value: ast.expr, index: ast.expr, depth: int) -> str:
        base = self.dotted(value, depth + 1)
        key = self.text(index)
        if base == "sys.modules":
            return key or COMPUTED
        if base in NAMESPACES:
            return self._aliases.get(key, [key])[0] if key else COMPUTED
        if key and base.isidentifier() and key.isidentifier():
            return f"{base}.{key}"
        return f"{base}[]" if base else ""

    def _call(self, node: ast.Call, depth: int) -> str:
        callee = self.dotted(node.func, depth + 1)
        if isinstance(node.func, ast.Call) and node.args:
            maker, wanted = self.dotted(node.func.func, depth + 1), node.func.args
            name = self.text(wanted[0]) if wanted else None
            if maker in GETTERS:
                # attrgetter('system')(os) and methodcaller('system', 'id')(os)
                return f"{self.dotted(node.args[0], depth + 1) or '<value>'}.{name or COMPUTED}"
        if isinstance(node.func, ast.Attribute) and node.args:
            looked_up = self._looked_up(node.func, self.text(node.args[0]), depth)
            if looked_up:
                return looked_up
        if callee in IMPORTERS:
            module = self.text(node.args[0]) if node.args else None
            if module is None:
                return COMPUTED
            module = module.replace(":", ".")
            self.imports[module] = None
            return module
        if callee in GETATTR and len(node.args) >= 2:
            base, name = self.dotted(node.args[0], depth + 1), self.text(node.args[1])
            return f"{base or '<value>'}.{name or COMPUTED}"
        if callee in ("vars", "builtins.vars") and node.args:
            return self.dotted(node.args[0], depth + 1)
        return f"{callee}()" if callee else ""

    def _looked_up(self, method: ast.Attribute, key: str | None, depth: int) -> str:
        """Return what `os.__dict__.get('system')`, `sys.modules.get('os')` and their like stand for, else nothing."""
        base = self.dotted(method.value, depth + 1)
        if method.attr in ("__getattribute__", "__getattr__"):
            return f"{base or '<value>'}.{key or COMPUTED}"
        if method.attr not in LOOKUPS:
            return ""
        if base == "sys.modules":
            return key or COMPUTED
        if base in NAMESPACES:
            return self._aliases.get(key, [key])[0] if key else COMPUTED
        container = method.value
        whole = isinstance(container, ast.Attribute) and container.attr == "__dict__"
        if isinstance(container, ast.Call) and self.dotted(container.func, depth + 1) in ("vars", "builtins.vars"):
            whole = True
        return f"{base}.{key or COMPUTED}" if whole and base else ""

    def text(self, node: ast.expr | None) -> str | None:
        """Return the constant text of `node`, following decoders that are called on constants."""
        called = self.dotted(node.func) if isinstance(node, ast.Call) else ""
        text = text_of(node, called)
        if text is None and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            # b64decode('...').decode()
            inner = node.func.value
            if node.func.attr == "decode" and isinstance(inner, ast.Call):
                return text_of(inner, self.dotted(inner.func))
        return text
