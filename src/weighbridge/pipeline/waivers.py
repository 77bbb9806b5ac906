"""Waivers on a machine: files under version control, and the keys that a policy trusts for them."""

from typing import TYPE_CHECKING

from weighbridge.host.machine import Machine
from weighbridge.model.place import display
from weighbridge.model.record import record
from weighbridge.model.source import LimitReached
from weighbridge.policy.settings import WaiverKey

if TYPE_CHECKING:
    from weighbridge.signing.waiver import Waiver

FOLDER = b"waivers"
"""Where waivers lie unless said otherwise: beside the policy, or in what is checked."""
_MOST_FILES = 1000
_LARGEST = 1 << 20


@record
class Waivers:
    """What was found."""

    valid: "tuple[Waiver, ...]" = ()
    refused: tuple[tuple[str, str], ...] = ()
    """File and reason of what does not hold."""


def find_waivers(machine: Machine, places: tuple[bytes, ...], keys: tuple[WaiverKey, ...]) -> Waivers:
    """Return the waivers in files and folders that hold today.

    Args:
        machine: where, and which day it is.
        places: files, or folders of `*.json`; what is not there is no error.
        keys: who may waive.

    Raises:
        WeighbridgeError: `E-key-unreadable` for a key of the policy that cannot be used.
    """
    files = [file for place in places for file in _files(machine, place)]
    if not files:
        return Waivers()
    from weighbridge.signing.keys import fingerprint, read_public_key
    from weighbridge.signing.waiver import Waiver, key_ids, read_waivers

    public = tuple(read_public_key(one.key.encode(), f"the waiver key of {one.owner}") for one in keys)
    trusted = key_ids(public)
    owners = {fingerprint(key): one.owner for key, one in zip(public, keys, strict=True)}
    valid: list[Waiver] = []
    refused: list[tuple[str, str]] = []
    for file in dict.fromkeys(files):
        try:
            content = machine.read_file(file, _LARGEST)
        except (OSError, LimitReached):
            refused.append((display(file), "cannot be read"))
            continue
        for item in read_waivers(content, trusted, machine.now().date(), owners):
            if isinstance(item, str):
                refused.append((display(file), item))
            else:
                valid.append(item)
    return Waivers(valid=tuple(valid), refused=tuple(refused))


def _files(machine: Machine, place: bytes) -> list[bytes]:
    try:
        entries = machine.list_directory(place)
    except NotADirectoryError:
        return [place] if _is_there(machine, place) else []
    except OSError:
        return []
    found = [place + b"/" + entry.name for entry in entries if entry.kind == "file" and entry.name.endswith(b".json")]
    return found[:_MOST_FILES]


def _is_there(machine: Machine, path: bytes) -> bool:
    try:
        machine.stat(path)
    except OSError:
        return False
    return True
