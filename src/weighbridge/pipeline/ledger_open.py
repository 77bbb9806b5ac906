"""The ledger of this machine: where it lies, its key, and how it is opened to read and to write.

`ledger/` in the state folder is the log, `ledger-key/` its key. The key is made once and never leaves the folder; its
name, which is the origin of the log, says nothing about the machine.
"""

import secrets
from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar

from weighbridge.host.machine import Machine
from weighbridge.ledger.errors import unwritable
from weighbridge.ledger.log import Log
from weighbridge.ledger.note_keys import PrivateKey, PublicKey
from weighbridge.ledger.reader import LogReader
from weighbridge.ledger.recorder import Recorder
from weighbridge.ledger.tiles import CHECKPOINT
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.source import LimitReached

FOLDER = "ledger"
KEY_FOLDER = "ledger-key"
_PRIVATE, _PUBLIC = "private", "public"
_LARGEST_KEY = 4096
_Key = TypeVar("_Key", PrivateKey, PublicKey)


def unknown_network() -> str:
    """Return the word for a network that nobody looked at."""
    return "unknown"


def network_word() -> Callable[[], str]:
    """Return what tells how far this machine reaches now, by its routes; each call looks again."""
    from weighbridge.discover.network_state import network_state
    from weighbridge.host.real_live import real_live

    live = real_live()
    return lambda: network_state(live).connectivity.value


def open_ledger(machine: Machine, network: Callable[[], str] = unknown_network) -> Recorder:
    """Open the ledger of this machine for recording; make it, and its key, if there is none.

    Args:
        machine: whose state folder.
        network: how far the machine reaches now, in one word.

    Raises:
        WeighbridgeError: `E-ledger-busy`, `E-ledger-damaged`, `E-ledger-key`, `E-ledger-write`.
    """
    key = _private_key(machine)
    return Recorder(Log.open(machine.durable_folder(FOLDER), key), machine.now, machine.boot, network)


def ledger_reader(machine: Machine) -> LogReader:
    """Return what reads the ledger of this machine, also while another process writes to it.

    Raises:
        WeighbridgeError: `E-ledger-empty`.
    """
    folder = machine.durable_folder(FOLDER)
    try:
        written = CHECKPOINT in folder.names("") or "tile" in folder.names("")
    except OSError as error:
        raise unwritable(error) from error
    if not written:
        raise WeighbridgeError(
            "E-ledger-empty",
            "nothing has been recorded on this machine yet",
            "`wb up` and `wb watch` record what they see; `wb scan --record` does so once",
            exit_code=3,
        )
    return LogReader(folder)


def public_key(machine: Machine) -> PublicKey | None:
    """Return the public key of this machine's ledger; None if there is none.

    Raises:
        WeighbridgeError: `E-ledger-key`.
    """
    text = _read(machine, _PUBLIC)
    return None if text is None else _parsed(PublicKey.parse, text)


def _private_key(machine: Machine) -> PrivateKey:
    text = _read(machine, _PRIVATE)
    if text is None:
        folder = machine.durable_folder(FOLDER)
        if CHECKPOINT in folder.names("") or "tile" in folder.names(""):
            raise _key_error("of this ledger is missing")
        text = _make_key(machine)
    key = _parsed(PrivateKey.parse, text)
    if _read(machine, _PUBLIC) is None:
        _keep(machine, _PUBLIC, key.public.text)
    return key


def _make_key(machine: Machine) -> str:
    seed = secrets.token_bytes(32)
    name = f"weighbridge/ledger/{sha256(PrivateKey('new', seed).public.public).hexdigest()[:16]}"
    _keep(machine, _PRIVATE, PrivateKey(name, seed).text)
    # Another process may have been first: what lies there is the key.
    return _read(machine, _PRIVATE) or ""


def _keep(machine: Machine, name: str, text: str) -> None:
    try:
        machine.durable_folder(KEY_FOLDER).create(name, text.encode() + b"\n")
    except FileExistsError:
        pass
    except OSError as error:
        raise unwritable(error) from error


def _read(machine: Machine, name: str) -> str | None:
    try:
        return machine.durable_folder(KEY_FOLDER).read(name, _LARGEST_KEY).decode("ascii")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, LimitReached, UnicodeDecodeError) as error:
        raise _key_error(f"cannot be read: {error}") from None


def _parsed(parse: Callable[[str], _Key], text: str) -> _Key:
    try:
        return parse(text)
    except ValueError as error:
        raise _key_error(str(error)) from None


def _key_error(reason: str) -> WeighbridgeError:
    return WeighbridgeError(
        "E-ledger-key",
        f"the key {reason}",
        "bring back ledger-key/ of the state folder, or move ledger/ and ledger-key/ away to begin a new ledger",
        exit_code=1,
    )
