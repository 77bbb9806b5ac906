"""The contract of a section of the fleet's configuration: how files write it, and how the server holds it.

A body is an item as plain values of JSON, made whole, without secrets: what is compared, shown and remembered.
"""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection

from weighbridge.fleet.permissions import Viewer
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record

Body = dict[str, Any]


class Reference(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a secret is: a file of configuration never holds one."""

    env: str = ""
    """A variable of the environment of whoever applies the file."""
    file: str = ""
    """A path, from the folder of the configuration."""


@record
class Work:
    """Who applies files, when, and how secrets are found."""

    now: int
    """Milliseconds since 1970, UTC."""
    who: Viewer | None
    """None: whoever has the server's machine."""
    secret: Callable[[Reference], str | None]
    """Return the secret; None if nothing is where the reference says. Raises WeighbridgeError `E-config`."""


def nothing_hidden(_connection: Connection, _work: Work, _item: Any) -> tuple[str, ...]:  # noqa: ANN401  (any item)
    """Say that an item has no secret."""
    return ()


def nothing_left(_connection: Connection, _work: Work) -> None:
    """Do nothing when all items are written."""


def is_there(_body: Body) -> bool:
    """Say that an item that is read is one that a file could leave out."""
    return True


@record
class Section:
    """One section. `Any` is an item of the type `item`."""

    name: str
    """Its key in a file."""
    about: str
    """One line."""
    item: type[Struct]
    """One item, as a file writes it: strict."""
    key: Callable[[Any], str]
    """What names an item. Raises WeighbridgeError for a name that none can have."""
    body: Callable[[Any], Body]
    """Only what the body names is compared: what a file leaves out of it stays as it is."""
    read: Callable[[Connection], Mapping[str, Body]]
    """Everything that is there, whole, in its order."""
    write: Callable[[Connection, Work, Any], None]
    """Make it be as an item says. Raises WeighbridgeError."""
    remove: Callable[[Connection, Work, str], None]
    hidden: Callable[[Connection, Work, Any], tuple[str, ...]] = nothing_hidden
    """Return the names of secrets that writing an item would change."""
    order: Callable[[Connection, Work, list[str]], bool] | None = None
    """Bring items into the order of their keys, where that means something; return whether it was another."""
    must_exist: str = ""
    """Why an item cannot be made, only changed; empty where files can make items."""
    finish: Callable[[Connection, Work], None] = nothing_left
    """Called once after all items are written and removed."""
    counts: Callable[[Body], bool] = is_there
    """Whether an item that no file names is one that could be removed."""
    single: bool = False
    """Whether a file writes a mapping for it instead of a list of items: there is one item."""
    shown: Callable[[str, Body], Body] | None = None
    """How an item is written into a file; None: its key as `name`, then what is not usual."""


def refused(message: str, hint: str) -> WeighbridgeError:
    """Return the error of a file that cannot be applied."""
    return WeighbridgeError("E-config", message, hint)
