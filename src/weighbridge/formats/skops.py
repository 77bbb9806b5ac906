"""skops files: scikit-learn objects as a ZIP of `schema.json` and arrays, without pickle.

The schema is a tree of nodes; a node with `__module__` and `__class__` makes the loader import that class, and some
loaders of nodes call functions or methods that the node names.

Sources: skops `skops/io/_persist.py`, `_general.py`; CVE-2025-54412, CVE-2025-54413, CVE-2025-54886.
"""

from typing import Any

from weighbridge.formats.bundle import bundle_children
from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.json_text import parse as parse_json
from weighbridge.formats.reader import Child, Reader, Signature
from weighbridge.formats.references import refer
from weighbridge.formats.zip_directory import LOCAL_MAGIC, names, parse
from weighbridge.formats.zip_end import END_MAGIC
from weighbridge.model.budget import Budget
from weighbridge.model.observation import ClassReference, Damage, Unread
from weighbridge.model.source import ByteSource, SourceError

_SCHEMA = "schema.json"
_LONGEST = 16 << 20
_MOST_NODES = 500_000


def _recognize(source: ByteSource, _head: bytes) -> bool:
    if _SCHEMA not in names(source):
        return False
    try:
        entry = parse(source, Budget()).find(_SCHEMA)
        start = entry.source(source, Budget()).read(0, 1 << 16) if entry is not None else b""
    except SourceError:
        return False
    return b"__loader__" in start or b"__module__" in start or b"_skops_version" in start


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    for child in bundle_children(source, budget, gathering):
        # Every member of that name: readers differ in which of two they take.
        if child.member == _SCHEMA:
            _schema(child, gathering)
        else:
            gathering.children.append(child)


def _schema(child: Child, gathering: Gathering) -> None:
    try:
        text = child.source.read(0, _LONGEST + 1)
    except SourceError as error:
        gathering.observe(Unread(what=_SCHEMA, reason=str(error), member=_SCHEMA))
        return
    if len(text) > _LONGEST:
        gathering.observe(Unread(what=_SCHEMA, reason="longer than any schema", member=_SCHEMA))
        return
    parsed = parse_json(text)
    if not isinstance(parsed.value, dict):
        gathering.damaged(Damage.INVALID, f"{_SCHEMA}: {parsed.error or 'no object'}", key=_SCHEMA)
        return
    if parsed.duplicates:
        gathering.damaged(Damage.CONTRADICTION, f"{_SCHEMA} names {parsed.duplicates[0]!r} twice", key=_SCHEMA)
    version = parsed.value.get("_skops_version")
    if isinstance(version, str):
        gathering.fact("training.framework_version", f"skops {version}", f"{_SCHEMA} key _skops_version")
    module, name = parsed.value.get("__module__"), parsed.value.get("__class__")
    if isinstance(module, str) and isinstance(name, str):
        gathering.fact("architecture", f"{module}.{name}", f"{_SCHEMA} keys __module__ and __class__")
    _nodes(parsed.value, gathering)


def _nodes(root: dict[str, Any], gathering: Gathering) -> None:
    stack: list[tuple[str, Any]] = [("", root)]
    visited = 0
    while stack:
        path, node = stack.pop()
        visited += 1
        if visited > _MOST_NODES:
            gathering.observe(Unread(what=_SCHEMA, reason=f"more than {_MOST_NODES} nodes", member=_SCHEMA))
            return
        if isinstance(node, list):
            items = [(f"{path}[{index}]"[-200:], item) for index, item in enumerate(node)]
            stack += [item for item in items if isinstance(item[1], dict | list)]
        elif isinstance(node, dict):
            _node(path, node, gathering)
            stack += [(f"{path}.{key}"[-200:], item) for key, item in node.items() if isinstance(item, dict | list)]


def _node(path: str, node: dict[str, Any], gathering: Gathering) -> None:
    module, name, loader = node.get("__module__"), node.get("__class__"), node.get("__loader__")
    if not isinstance(module, str) or not isinstance(name, str):
        if module is not None or name is not None:
            gathering.damaged(Damage.INVALID, "a node names its class by something that is no text", key=path[:200])
        return
    key = path.lstrip(".") or None
    gathering.observe(ClassReference(framework="skops", module=module, name=name, member=_SCHEMA, key=key))
    if isinstance(node.get("file"), str):
        refer(gathering, node["file"], (key or "file")[:200], required=False)
    content = node.get("content")
    if not isinstance(content, dict):
        return
    if loader == "MethodNode" and isinstance(method := content.get("func"), str):
        gathering.observe(
            ClassReference(framework="skops", module=module, name=f"{name}.{method}", member=_SCHEMA, key=key)
        )
    # Function and type nodes name what they stand for once more, in their content.
    inner_module, inner_name = content.get("module_path"), content.get("function") or content.get("type")
    if isinstance(inner_module, str) and isinstance(inner_name, str):
        gathering.observe(
            ClassReference(framework="skops", module=inner_module, name=inner_name, member=_SCHEMA, key=key)
        )


READER = Reader(
    id="skops",
    title="skops",
    recognize=_recognize,
    read=gathered("skops", _read),
    signatures=(Signature(magic=LOCAL_MAGIC),),
    at_end=END_MAGIC,
    suffixes=(".skops",),
)
