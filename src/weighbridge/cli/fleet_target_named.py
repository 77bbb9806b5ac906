"""What the subcommands of `wb fleet target` share: which target is meant, and a secret that is on no command line."""

import os
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from weighbridge.model.errors import WeighbridgeError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from weighbridge.fleet.export_targets import ExportTarget

target_argument = click.argument("target", metavar="TARGET")
_LARGEST = 1 << 18


def named(connection: "Connection", target: str) -> "ExportTarget":
    """Return the target of a name or id. Raises WeighbridgeError `E-export`."""
    from weighbridge.fleet import export_targets
    from weighbridge.policy.nearest import did_you_mean

    found = export_targets.by_id(connection, target)
    of_name = [found] if found is not None else export_targets.by_name(connection, target)
    if len(of_name) == 1:
        return of_name[0]
    if of_name:
        ids = ", ".join(one.target_id for one in of_name)
        raise WeighbridgeError("E-export", f"several targets are called {target}", f"name one by its id: {ids}")
    names = [one.name for one in export_targets.listed(connection)]
    hint = did_you_mean(target, names) if names else "`wb fleet target add` makes one"
    raise WeighbridgeError("E-export", f"there is no target {target}", hint)


def secret_of(variable: str | None, file: str | None) -> str:
    """Return a secret from a variable or a file; empty if neither is named. Raises WeighbridgeError `E-export`."""
    if variable:
        found = os.environ.get(variable)
        if not found:
            raise WeighbridgeError("E-export", f"the variable {variable} is not set", "set it to the secret")
        return found
    return text_of(file).strip() if file else ""


def text_of(file: str) -> str:
    """Return the text of a file. Raises WeighbridgeError `E-export`."""
    from weighbridge.host.real import RealMachine
    from weighbridge.model.source import LimitReached

    try:
        machine = RealMachine()
        return machine.read_file(machine.resolve(os.fsencode(os.path.abspath(file))), _LARGEST).decode()
    except (OSError, LimitReached, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or "is no text of that size"
        raise WeighbridgeError("E-export", f"{file}: {said}", "name a file that this user may read") from None


def moment_of(text: str, now: int) -> int:
    """Return milliseconds since 1970 of `2026-11-21`, `2026-11-21T08:00Z` or an age such as `7d`."""
    age = re.fullmatch(r"(\d{1,4})([dhm])", text)
    if age:
        return max(0, now - int(age[1]) * {"d": 86_400_000, "h": 3_600_000, "m": 60_000}[age[2]])
    try:
        found = datetime.fromisoformat(text)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return max(0, int(found.timestamp() * 1000))
    except (ValueError, OverflowError):
        raise WeighbridgeError(
            "E-usage", f"`{text}` is no time", "like 2026-11-21, 2026-11-21T08:00Z, or 7d for seven days ago (m, h, d)"
        ) from None
