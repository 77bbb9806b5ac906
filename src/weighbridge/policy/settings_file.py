"""`policy.yaml`, strictly typed.

In: the bytes of the file. Out: `Settings`. An unknown key, a wrong type or an impossible value is refused with file,
line and the nearest valid key.
"""

import re
from collections.abc import Collection
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, NoReturn, Union, get_args, get_origin, get_type_hints

import msgspec

from weighbridge.model.errors import WeighbridgeError
from weighbridge.policy.nearest import did_you_mean
from weighbridge.policy.settings import Settings
from weighbridge.policy.strict_yaml import Document, read_yaml


def read_settings(file: str, content: bytes, stores: Collection[str] | None = None) -> Settings:
    """Return what `content` says. Raises `WeighbridgeError` naming `file`, line and key otherwise.

    Args:
        file: what to call it in messages.
        content: the whole file.
        stores: ids of the known stores; None where nobody asked for them.
    """
    document = read_yaml(file, content)
    if not isinstance(document.value, dict):
        what = "is empty" if document.value is None else "is not a list of keys and values"
        raise WeighbridgeError("E-policy-settings", f"{file} {what}.", "Start it with `name:`, `version:`, `mode:`.")
    settings: Settings = _record(Settings, convert(document, strict(Settings)))
    _check(document, settings, stores)
    return settings


def convert(document: Document, wanted: Any) -> Any:  # noqa: ANN401  (the type is the argument)
    """Return the document as `wanted`, a strict struct. Raises `WeighbridgeError` with line and nearest key."""
    try:
        return msgspec.convert(document.value, wanted)
    except msgspec.ValidationError as error:
        _explain(document, wanted, str(error))


@cache
def strict(wanted: type) -> type[msgspec.Struct]:
    """Return a struct with the fields of the record `wanted`, to convert to: an unknown key is an error there."""
    hints = get_type_hints(wanted)
    described: list[Any] = []
    for one in fields(wanted):
        hint = _with_structs(hints[one.name])
        if one.default is MISSING:
            described.append((one.name, hint))
        elif is_dataclass(one.default):
            described.append((one.name, hint, msgspec.field(default_factory=hint)))
        else:
            described.append((one.name, hint, one.default))
    return msgspec.defstruct(wanted.__name__, described, frozen=True, kw_only=True, forbid_unknown_fields=True)


def _with_structs(hint: Any) -> Any:  # noqa: ANN401  (types)
    if isinstance(hint, type) and is_dataclass(hint):
        return strict(hint)
    item = get_args(hint)[0] if get_origin(hint) is tuple else None
    return tuple.__class_getitem__((strict(item), ...)) if isinstance(item, type) and is_dataclass(item) else hint


def _record(wanted: type, struct: Any) -> Any:  # noqa: ANN401  (a struct of `strict` in, a record out)
    """Return the record that `struct`, of the type `strict(wanted)`, stands for."""
    hints = get_type_hints(wanted)
    values = {}
    for one in fields(wanted):
        value, hint = getattr(struct, one.name), hints[one.name]
        if isinstance(value, msgspec.Struct):
            value = _record(hint, value)
        elif isinstance(value, tuple) and is_dataclass(get_args(hint)[0]):
            value = tuple(_record(get_args(hint)[0], item) for item in value)
        values[one.name] = value
    return wanted(**values)


_PATH = re.compile(r" - at `\$([^`]*)`$")
_STEP = re.compile(r"\.([A-Za-z_][A-Za-z0-9_]*)|\[(\d+)\]|\[\.\.\.\]")
_QUOTED = re.compile(r"`([^`]*)`")


def _explain(document: Document, wanted: Any, message: str) -> NoReturn:  # noqa: ANN401  (as above)
    at = _PATH.search(message)
    reason = message[: at.start()] if at else message
    path = tuple(name or (int(index) if index else 0) for name, index in _STEP.findall(at.group(1) if at else ""))
    shown = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
    hint = "Compare with the packs that ship with Weighbridge: `wb policy show balanced`."
    quoted = _QUOTED.findall(reason)
    if reason.startswith("Object contains unknown field") and quoted:
        key = quoted[0]
        hint = did_you_mean(key, _fields(wanted, path))
        line = document.line((*path, key))
        reason = f"has the unknown key `{key}`" + (f" in `{shown}`" if shown else "")
    else:
        line = document.line(path)
        value = _at(document.value, path)
        if reason.startswith("Invalid enum value") and isinstance(value, str):
            choices = get_args(_hint_at(wanted, path))
            hint = did_you_mean(value, [str(choice) for choice in choices]) if choices else hint
        if reason.startswith("Object missing required field") and quoted:
            reason = f"lacks the key `{quoted[0]}`" + (f" in `{shown}`" if shown else "")
            hint = f"Add `{quoted[0]}:` here."
        else:
            reason = f"has a wrong value for `{shown}`: {reason[:1].lower()}{reason[1:]}" if shown else reason
    raise WeighbridgeError("E-policy-settings", f"{document.file}:{line} {reason}.", hint)


def _at(value: Any, path: tuple[str | int, ...]) -> Any:  # noqa: ANN401  (YAML values)
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _hint_at(wanted: Any, path: tuple[str | int, ...]) -> Any:  # noqa: ANN401  (types)
    """Return the annotated type at `path` inside the struct `wanted`; None where there is none."""
    for step in path:
        if isinstance(step, int):
            arguments = [item for item in get_args(wanted) if item is not Ellipsis]
            wanted = arguments[0] if arguments else None
        elif isinstance(wanted, type) and issubclass(wanted, msgspec.Struct):
            wanted = get_type_hints(wanted).get(step)
        else:
            return None
        if get_origin(wanted) in (Union, UnionType):
            wanted = next(item for item in get_args(wanted) if item not in (type(None), msgspec.UnsetType))
    return wanted


def _fields(wanted: Any, path: tuple[str | int, ...]) -> tuple[str, ...]:  # noqa: ANN401  (types)
    at = _hint_at(wanted, path)
    return at.__struct_fields__ if isinstance(at, type) and issubclass(at, msgspec.Struct) else ()


_SHA256 = re.compile(r"[0-9a-fA-F]{64}")


def _check(document: Document, settings: Settings, stores: Collection[str] | None) -> None:
    """Refuse what has the right type and no meaning."""
    for key in ("name", "title"):
        if not getattr(settings, key).strip():
            _refuse(document, (key,), f"has an empty `{key}`", f"Write a short text after `{key}:`.")
    for index, source in enumerate(settings.sources):
        if source.store is None and source.path is None:
            _refuse(document, ("sources", index), "has a source without `store` or `path`", "Say where it is.")
        if source.store is not None and stores and source.store not in stores:
            what = f"accepts the unknown store `{source.store}`"
            _refuse(document, ("sources", index, "store"), what, did_you_mean(source.store, stores))
    accepted: set[str] = set()
    for index, acceptance in enumerate(settings.accepted):
        if not _SHA256.fullmatch(acceptance.sha256):
            path = ("accepted", index, "sha256")
            _refuse(document, path, "accepts something that is not a SHA-256", "Give 64 hexadecimal digits.")
        if acceptance.sha256.lower() in accepted:
            path = ("accepted", index, "sha256")
            _refuse(document, path, "accepts the same SHA-256 twice", "Keep one of the two: both would hold.")
        accepted.add(acceptance.sha256.lower())
    for key in ("verdicts", "inventory", "content"):
        if getattr(settings.retention, key) < 0:
            _refuse(document, ("retention", key), f"keeps `{key}` for less than 0 days", "Give 0 or more days.")
    for index, network in enumerate(settings.corporate_networks):
        if network.route is None and network.interface is None:
            what = "has a corporate network without `route` or `interface`"
            _refuse(document, ("corporate_networks", index), what, "Say how a machine knows that it is there.")
        if network.route is not None and not _is_network(network.route):
            path = ("corporate_networks", index, "route")
            _refuse(document, path, f"routes `{network.route}`, which is no network", "Write it like 10.20.0.0/16.")
    seen: set[str] = set()
    for index, data_class in enumerate(settings.data_classes):
        if data_class.id in seen:
            path = ("data_classes", index, "id")
            _refuse(document, path, f"describes the data class `{data_class.id}` twice", "Keep one of the two.")
        seen.add(data_class.id)


def _is_network(text: str) -> bool:
    from ipaddress import ip_network  # only for policies that name one

    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def _refuse(document: Document, path: tuple[str | int, ...], what: str, hint: str) -> NoReturn:
    raise WeighbridgeError("E-policy-settings", f"{document.file}:{document.line(path)} {what}.", hint)
