"""What a Keras configuration names: layers, functions, embedded code and files.

Source: `keras/src/saving/serialization_lib.py` (objects are dictionaries with `class_name`, anywhere in the tree) and
`keras/src/layers/core/lambda_layer.py`. CVE-2024-3660 (Lambda), CVE-2025-1550 and 8747 (module injection), 9905 (H5
ignores safe mode), 9906, 49655 (TorchModuleWrapper), 12058 (vocabulary paths), 12060 (`get_file`).
"""

import base64
import binascii
import re

from weighbridge.formats.gathering import Gathering
from weighbridge.formats.python_marshal import only_computes
from weighbridge.formats.reader import Child, Role
from weighbridge.formats.references import escape_of
from weighbridge.model.observation import ClassReference, EmbeddedCode, Escape, GraphOperator, OutsideReference
from weighbridge.model.source import BytesSource, LimitReached

MOST_VALUES = 1_000_000
_PLAIN_MARKERS = frozenset({"__keras_tensor__", "__tensor__", "__numpy__", "__bytes__", "__ellipsis__", "__slice__"})
_FILE_KEY = re.compile(
    r"(?:^|_)(?:path|file|files|dir|directory|url|uri|origin|vocabulary|fname|filename|filepath|asset)$"
)
_IDENTIFIER = re.compile(rb"[A-Za-z_][A-Za-z0-9_]{2,39}")


def walk(config: object, gathering: Gathering, where: str) -> None:
    """Visit every value of a parsed configuration and note what it refers to.

    Args:
        config: the result of JSON parsing.
        gathering: receives observations, and embedded torch modules as children.
        where: name of the configuration, for keys.
    """
    waiting: list[tuple[object, str, str]] = [(config, where, "")]
    visited = 0
    while waiting:
        value, path, key = waiting.pop()
        visited += 1
        if visited > MOST_VALUES:
            raise LimitReached("configuration values", MOST_VALUES)
        if isinstance(value, dict):
            _object(value, path, gathering)
            for name, inner in value.items():
                waiting.append((inner, f"{path}.{name}"[-200:], name))
        elif isinstance(value, list):
            waiting.extend((inner, path, key) for inner in value)
        elif isinstance(value, str) and _FILE_KEY.search(key.lower()):
            escape = escape_of(value)
            if escape is Escape.URL:
                escape = (
                    Escape.ABSOLUTE_PATH
                )  # Keras opens it as a file: of this machine or, through TensorFlow, of any
            if escape is not None:
                gathering.observe(OutsideReference(escape=escape, target=value[:400], key=path))


def _object(value: dict[str, object], path: str, gathering: Gathering) -> None:
    name = value.get("class_name")
    inner = value.get("config")
    if "function_type" in value:
        _legacy_lambda(value, path, gathering)
    if not isinstance(name, str) or name in _PLAIN_MARKERS:
        return
    stated = value.get("module")
    module = stated if isinstance(stated, str) else ""
    registered = value.get("registered_name")
    if name == "__lambda__":
        _code(inner, path, gathering)
        return
    if name == "__typespec__":
        name = str(value.get("spec_name", ""))
    elif name == "function":
        # The name is in `config`; old loaders took `registered_name`, so both are reported.
        if isinstance(inner, dict) and ("code" in inner or "value" in inner):
            _code(inner, path, gathering)
        for function in {candidate for candidate in (inner, registered) if isinstance(candidate, str)}:
            if function != "function":
                _refer(gathering, module, function, path)
        return
    elif name in ("Lambda", "Distiller", "JaxLayer", "FlaxLayer") and isinstance(inner, dict):
        for part in ("function", "output_shape", "mask", "call_fn", "init_fn", "apply_fn"):
            if isinstance(inner.get(part), (list, str)):
                _legacy_part(inner, part, path, gathering)
    elif name == "TorchModuleWrapper" and isinstance(inner, dict):
        _torch_module(inner.get("module"), path, gathering)
    _refer(gathering, module, name, path)
    if isinstance(registered, str) and registered not in (name, "function", ""):
        _refer(gathering, module if not module.startswith("keras") else "", registered, path)


def _refer(gathering: Gathering, module: object, name: str, path: str) -> None:
    # One reference per class: the first place stands for all, or a deep network would repeat itself.
    identity = f"{module}\0{name}"
    if identity in _seen(gathering):
        return
    _seen(gathering).add(identity)
    gathering.observe(ClassReference(framework="keras", module=str(module)[:400], name=name[:400], key=path))


def _seen(gathering: Gathering) -> set[str]:
    return gathering.scratch.setdefault("keras references", set())


def _legacy_lambda(value: dict[str, object], path: str, gathering: Gathering) -> None:
    for part in ("function", "output_shape", "mask"):
        if value.get(part) is not None:
            _legacy_part(value, part, path, gathering)


def _legacy_part(value: dict[str, object], part: str, path: str, gathering: Gathering) -> None:
    """Note the function of a Lambda layer: marshalled code in a list, or a name that is looked up in a module."""
    function = value.get(part)
    if isinstance(function, list) and function and isinstance(function[0], str):
        if part == "function" or value.get(f"{part}_type") == "lambda":
            _marshal(function[0], f"{path}.{part}", gathering)
    elif isinstance(function, str) and value.get(f"{part}_type") in ("function", "lambda"):
        module = value.get("module") if part == "function" else value.get(f"{part}_module")
        if value.get(f"{part}_type") == "lambda":
            _marshal(function, f"{path}.{part}", gathering)
        else:
            _refer(gathering, module or "", function, f"{path}.{part}")


def _code(inner: object, path: str, gathering: Gathering) -> None:
    text = inner
    if isinstance(inner, dict):
        text = inner.get("code", inner.get("value"))
    while isinstance(text, list) and text:
        text = text[0]
    _marshal(text if isinstance(text, str) else "", path, gathering)


def _marshal(text: str, path: str, gathering: Gathering) -> None:
    try:
        code = base64.b64decode(text.encode("ascii", "replace"))
    except (binascii.Error, ValueError):
        code = text.encode("raw_unicode_escape", "replace")
    if only_computes(code):
        # The Lambda layer itself is reported; this says why it is no more than that.
        gathering.observe(GraphOperator(framework="keras", domain="code", name="arithmetic in a Lambda", key=path))
        return
    names = dict.fromkeys(match.decode() for match in _IDENTIFIER.findall(code[: 64 << 10]))
    shown = ", ".join(list(names)[:20])
    description = f"a Lambda function of {len(code)} bytes of marshalled Python with the names {shown}"
    gathering.observe(EmbeddedCode(kind="python-marshal", description=description[:600], key=path))


def _torch_module(text: object, path: str, gathering: Gathering) -> None:
    if not isinstance(text, str):
        return
    try:
        content = base64.b64decode(text.encode("ascii", "replace"))
    except (binascii.Error, ValueError):
        content = b""
    if content:
        source = BytesSource(content, b"module.pt")
        gathering.children.append(Child(member=f"{path}.module", source=source, role=Role.PART))
