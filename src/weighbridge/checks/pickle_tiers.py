"""How far a name that a pickle imports may be trusted, by exact module and name.

The tables stand as TOML in `pickle_names/`; they are part of the program and read once, when the first pickle is
judged. Names are never matched by prefix to be admitted, only to be refused.
"""

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pkgutil import get_data


class Tier(IntEnum):
    """What a name is; worst last."""

    DATA = 0
    """Data only: rebuilds numbers, texts, arrays and tensors."""
    FRAMEWORK = 1
    """A class of a known library that holds state."""
    ACCEPTED = 2
    """More than data, but runs nothing on load by itself."""
    CODE = 3
    """Rebuilds code that the pickle carries (dill, cloudpickle)."""
    UNKNOWN = 4
    """A class of somebody's own, or a function that is only referred to."""
    FORBIDDEN = 5
    """Nothing that a model needs."""


@dataclass(frozen=True)
class Tables:
    """The name tables."""

    roles: dict[tuple[str, str], str]
    """Role of each data name: see `pickle_names/data.toml`."""
    accepted: dict[tuple[str, str], str]
    code: frozenset[tuple[str, str]]
    code_makers: frozenset[tuple[str, str]]
    framework: dict[str, frozenset[str]]
    standard_library: frozenset[str]
    executing: frozenset[str]


def _table(name: str) -> dict[str, dict[str, str]]:
    import tomllib  # a scan that meets no pickle needs no tables

    return tomllib.loads((get_data("weighbridge.checks", f"pickle_names/{name}") or b"").decode())


@cache
def tables() -> Tables:
    """Return the tables that ship with Weighbridge."""
    roles = {
        (module, name): role
        for table in (_table("torch_weights.toml"), _table("data.toml"))
        for module, names in table.items()
        for name, role in names.items()
    }
    accepted = {
        (module, name): role for module, names in _table("accepted.toml").items() for name, role in names.items()
    }
    code = _table("code.toml")
    return Tables(
        roles=roles,
        accepted=accepted,
        code=frozenset((module, name) for module, entry in code.items() for name in entry["names"]),
        code_makers=frozenset((module, name) for module, entry in code.items() for name in entry["makers"]),
        framework={module: frozenset(names) for module, names in _table("framework_classes.toml").items()},
        standard_library=frozenset(_table("standard_library.toml")["modules"]),
        executing=frozenset(_table("executing.toml")["modules"]),
    )


_CLASS = re.compile(r"_*[A-Z]\w*\Z", re.ASCII)
_MODULE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*\Z")
_REBUILDER = re.compile(
    r"(?:__?pyx_unpickle_\w+|_{0,2}(?:reconstruct|rebuild|unpickle|new_?[oO]bj)(?:_\w+)?)\Z", re.ASCII
)
_OWN_MODULES = frozenset({"__main__", "__mp_main__"})


def is_class_name(name: str) -> bool:
    """Tell whether a name is written as classes are."""
    return _CLASS.match(name) is not None


def is_torchscript_module(module: str) -> bool:
    """Tell whether TorchScript made this module up for classes that are in the archive; no import finds it."""
    return module == "__torch__" or module.startswith("__torch__.")


def is_rebuilder_name(name: str) -> bool:
    """Tell whether a name is written as the helpers are that extension modules pickle with."""
    return _REBUILDER.match(name) is not None


def tier(module: str, name: str) -> Tier:
    """Return the tier of an import that is only referred to or whose use is judged elsewhere."""
    known = tables()
    key = (module, name)
    if key in known.roles:
        return Tier.DATA
    if key in known.accepted:
        return Tier.ACCEPTED
    if key in known.code:
        return Tier.CODE
    own = module in _OWN_MODULES
    if not own and not _MODULE.match(module):
        return Tier.FORBIDDEN
    if not name.isidentifier() or (name.startswith("__") and not is_rebuilder_name(name)):
        return Tier.FORBIDDEN
    if any(part.startswith("__") for part in module.split(".")) and not own and not is_torchscript_module(module):
        return Tier.FORBIDDEN
    if module.partition(".")[0] in known.standard_library or _is_below(module, name, known.executing):
        return Tier.FORBIDDEN
    if name in known.framework.get(module, ()):
        return Tier.FRAMEWORK
    return Tier.UNKNOWN


def _is_below(module: str, name: str, executing: frozenset[str]) -> bool:
    parts = [*module.split("."), name]
    return any(".".join(parts[:count]) in executing for count in range(1, len(parts) + 1))


def role(module: str, name: str) -> str:
    """Return the role of a data or accepted name; empty for others."""
    known = tables()
    return known.roles.get((module, name)) or known.accepted.get((module, name)) or ""


def makes_code(module: str, name: str) -> bool:
    """Tell whether a name makes code, functions or classes from what the pickle carries."""
    return (module, name) in tables().code_makers
