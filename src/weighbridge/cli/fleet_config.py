"""What `wb fleet apply`, `drift` and `export-config` share: files of a folder, secrets beside them, plans as lines."""

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from weighbridge.model.errors import WeighbridgeError

if TYPE_CHECKING:
    from weighbridge.fleet.config_files import Files
    from weighbridge.fleet.config_plan import Change, FieldChange, Plan
    from weighbridge.fleet.config_section import Reference, Work

_ENDINGS = (b".yaml", b".yml")
_LARGEST_FILE, _LARGEST_SECRET = 1 << 20, 1 << 18
_SIGNS = {"add": "+", "change": "~", "remove": "-"}
_LONGEST = 100


def read_folder(path: str) -> "Files":
    """Return what the YAML files of a folder say, or one file. Raises WeighbridgeError `E-config`."""
    from weighbridge.fleet.config_files import read_files
    from weighbridge.host.real import RealMachine
    from weighbridge.model.source import LimitReached

    machine = RealMachine()
    whole = os.fsencode(os.path.abspath(path))
    try:
        names = sorted(one.name for one in machine.list_directory(whole) if one.name.endswith(_ENDINGS))
        wanted = {os.fsdecode(name): os.path.join(whole, name) for name in names if not name.startswith(b".")}
    except NotADirectoryError:
        wanted = {os.path.basename(path): whole}
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from None
    if not wanted:
        raise _unreadable(path, "no file in it ends in .yaml")
    contents = {}
    for name, file in wanted.items():
        try:
            # Where secrets and settings are mounted into containers, files are links.
            contents[name] = machine.read_file(machine.resolve(file), _LARGEST_FILE)
        except (OSError, LimitReached) as error:
            raise _unreadable(name, getattr(error, "strerror", None) or "is too large") from None
    return read_files(contents)


def work_of(path: str, now: int) -> "Work":
    """Return who applies files from the command line; files of secrets are looked for from their folder."""
    from weighbridge.fleet.config_section import Work
    from weighbridge.host.real import RealMachine
    from weighbridge.model.source import LimitReached

    machine = RealMachine()
    folder = os.path.abspath(path)
    folder = folder if os.path.isdir(folder) else os.path.dirname(folder)

    def secret(reference: "Reference") -> str | None:
        if reference.env:
            return machine.environment(reference.env)
        file = os.fsencode(os.path.join(folder, reference.file))
        try:
            return machine.read_file(machine.resolve(file), _LARGEST_SECRET).decode().strip()
        except FileNotFoundError:
            return None
        except (OSError, LimitReached, UnicodeDecodeError) as error:
            raise _unreadable(reference.file, getattr(error, "strerror", None) or "is no text of that size") from None

    return Work(now=now, who=None, secret=secret)


def lines_of(plan: "Plan") -> Iterator[str]:
    """Yield a plan as people read it: a sign, the item, what differs."""
    from weighbridge.report.escape import visible

    for change in plan.changes:
        source = f"   {visible(change.source, 120)}" if change.source else ""
        yield f"{_SIGNS[change.action]} {change.section}  {visible(change.item, 120)}{source}"
        if change.action != "remove":
            yield from (f"    {line}" for one in change.fields if (line := _field(change, one)))
    for note in plan.notes:
        yield f"! {visible(note, 300)}"


def _field(change: "Change", one: "FieldChange") -> str:
    from weighbridge.fleet.config_plan import HIDDEN

    if change.action == "add":
        return "" if one.after in ("", None, [], {}) else f"{one.name}  {shown(one.after)}"
    if one.before == HIDDEN:
        return f"{one.name}  another (not shown)"
    return f"{one.name}  {shown(one.before)} → {shown(one.after)}"


def shown(value: Any) -> str:  # noqa: ANN401  (any value of JSON)
    """Return a value in a few words of one line."""
    from weighbridge.report.escape import visible

    if value in ("", None, [], {}):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return visible(", ".join(f"{name}={shown(inner)}" for name, inner in value.items()), _LONGEST)
    if isinstance(value, list):
        return visible(
            ", ".join(f"({shown(one)})" if isinstance(one, Mapping) else shown(one) for one in value), _LONGEST
        )
    return visible(str(value), _LONGEST)


def _unreadable(name: str, reason: str) -> WeighbridgeError:
    return WeighbridgeError(
        "E-config", f"{name}: {reason}", "name a folder with .yaml files, or one such file; `export-config` writes them"
    )
