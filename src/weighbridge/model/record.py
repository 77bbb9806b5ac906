"""Values: frozen, slotted classes of named fields, like `@dataclass(frozen=True, slots=True, kw_only=True)`.

`dataclass` compiles seven functions for every class. For the hundred small classes of this program that took a third of
a short scan, so the methods of a record are functions that all records share. Everything else is a dataclass: `fields`,
`replace`, `asdict` and `field(default_factory=...)` work.
"""

from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from typing import Any, NoReturn, TypeVar, dataclass_transform

Class = TypeVar("Class", bound=type)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(Field, field))
def record(cls: Class) -> Class:
    """Make `cls` a record. Its fields are given by name; a record may derive from a record."""
    return _made(cls, _METHODS)


@dataclass_transform(kw_only_default=True, field_specifiers=(Field, field))
def draft(cls: Class) -> Class:
    """Make `cls` a record in the making: its fields can be set again, so it has no hash."""
    return _made(cls, _OPEN)


def _made(cls: Class, methods: dict[str, Any]) -> Class:
    # Without a docstring, `dataclass` writes a signature into it, which takes longer than all else.
    cls.__doc__ = cls.__doc__ or cls.__name__
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True, kw_only=True)(cls)
    declared = fields(made)
    # The setter of a slot passes over `__setattr__`.
    made._fields = tuple(
        (one.name, getattr(made, one.name).__set__, one.default, one.default_factory) for one in declared
    )
    made._shown = tuple(one.name for one in declared if one.repr)
    compared = [one.name for one in declared if one.compare]
    made._compared = attrgetter(*compared) if compared else type
    for name, method in methods.items():
        setattr(made, name, method)
    return made  # type: ignore[no-any-return]


def _init(self: Any, /, **values: Any) -> None:  # noqa: ANN401  (whatever the fields are)
    for name, put, default, factory in self._fields:
        value = values.pop(name, default)
        if value is MISSING:
            if factory is MISSING:
                raise TypeError(f"{type(self).__name__} needs {name!r}")
            value = factory()
        put(self, value)
    if values:
        raise TypeError(f"{type(self).__name__} has no {min(values)!r}")


def _repr(self: Any) -> str:  # noqa: ANN401  (as above)
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._shown)
    return f"{type(self).__qualname__}({shown})"


def _eq(self: Any, other: Any) -> Any:  # noqa: ANN401  (as above)
    if type(other) is not type(self):
        return NotImplemented
    return self._compared(self) == self._compared(other)


def _hash(self: Any) -> int:  # noqa: ANN401  (as above)
    return hash(self._compared(self))


def _frozen(self: Any, name: str, *_: object) -> NoReturn:  # noqa: ANN401  (as above)
    raise FrozenInstanceError(f"cannot change {name!r} of {type(self).__name__}")


def _reduce(self: Any) -> tuple[Any, ...]:  # noqa: ANN401  (as above)
    """Copying sets attributes otherwise, which is not allowed."""
    return _again, (type(self), {name: getattr(self, name) for name, *_ in self._fields})


def _again(cls: type, values: dict[str, Any]) -> Any:  # noqa: ANN401  (as above)
    return cls(**values)


_METHODS = {
    "__init__": _init,
    "__repr__": _repr,
    "__eq__": _eq,
    "__hash__": _hash,
    "__setattr__": _frozen,
    "__delattr__": _frozen,
    "__reduce__": _reduce,
}
_OPEN = {"__init__": _init, "__repr__": _repr, "__eq__": _eq, "__hash__": None}
