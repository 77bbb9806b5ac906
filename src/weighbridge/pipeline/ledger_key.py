"""The key of this machine's ledger: made once, changed when somebody asks for it.

`ledger-key/private` signs, `ledger-key/public` is what others verify with. The name of the key, which is the origin of
the log, says nothing about the machine and stays when the key changes. Steps of a change, each durable before the next:
`next`, the record, the checkpoint of both keys with the statement, `private`, `public`, `next` removed. Opening the
ledger finishes a change whose record was written, and drops one that did not come so far.
"""

import secrets
from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar

from weighbridge.host.durable import BusyError
from weighbridge.host.machine import Machine
from weighbridge.ledger.entry import decode
from weighbridge.ledger.errors import busy, unwritable
from weighbridge.ledger.log import Log
from weighbridge.ledger.note_keys import PrivateKey, PublicKey
from weighbridge.ledger.recorder import Recorder
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.source import LimitReached

KEY_FOLDER = "ledger-key"
_PRIVATE, _PUBLIC, _NEXT, _LOCK = "private", "public", "next", "lock"
_LARGEST_KEY = 4096
_Key = TypeVar("_Key", PrivateKey, PublicKey)


def public_key(machine: Machine) -> PublicKey | None:
    """Return the public key of this machine's ledger; None if there is none.

    Raises:
        WeighbridgeError: `E-ledger-key`.
    """
    text = _read(machine, _PUBLIC)
    return None if text is None else _parsed(PublicKey.parse, text)


def private_key(machine: Machine, *, is_new: bool) -> PrivateKey:
    """Return what this machine's ledger is signed with; make it for a new ledger.

    Raises:
        WeighbridgeError: `E-ledger-key`, also if an old ledger has lost its key; `E-ledger-write`.
    """
    if is_new:
        _make_key(machine)
    text = _read(machine, _PRIVATE)
    if text is None:
        raise _key_error("of this ledger is missing")
    key = _parsed(PrivateKey.parse, text)
    if _read(machine, _PUBLIC) is None:
        _replace(machine, _PUBLIC, key.public.text)
    return key


def change_key(machine: Machine, recorder: Recorder, why: str) -> int:
    """Let a new key sign the ledger from here on; return the index of the record of it.

    Args:
        machine: whose ledger it is.
        recorder: of its ledger.
        why: for the record.

    Raises:
        WeighbridgeError: `E-ledger-key`, `E-ledger-write`; the next opening finishes or drops the change, then.
    """
    before = private_key(machine, is_new=False)
    after = PrivateKey(before.name, secrets.token_bytes(32))
    _replace(machine, _NEXT, after.text)
    index = recorder.change_key(before, after, why)
    _promote(machine, after)
    return index


def finish_change(machine: Machine, log: Log, key: PrivateKey) -> None:
    """Finish or drop a change of the key that did not come to its end. Before anything is appended; errors as above."""
    try:
        machine.durable_folder(KEY_FOLDER).clean()  # no half written key stays, whose name might be needed again
    except OSError as error:
        raise unwritable(error) from error
    text = _read(machine, _NEXT)
    if text is None:
        return
    after = _parsed(PrivateKey.parse, text)
    last = log.entries(log.size - 1, log.size) if log.size else []
    record = decode(last[0]) if last else None
    stated = record.data if record is not None and record.kind == "key-change" else {}
    statement = stated.get("statement")
    if after.text != key.text and stated.get("key") == after.public.text and isinstance(statement, str):
        log.change_key(after, statement.encode())
    elif after.text != key.text:
        _remove_next(machine)
        return
    _promote(machine, after)


def _promote(machine: Machine, key: PrivateKey) -> None:
    _replace(machine, _PRIVATE, key.text)
    _replace(machine, _PUBLIC, key.public.text)
    _remove_next(machine)


def _make_key(machine: Machine) -> None:
    """Make the key of a new ledger, unless there is one. A torn one, of which nothing is signed yet, is made anew."""
    try:
        lock = machine.durable_folder(KEY_FOLDER).lock(_LOCK)
    except BusyError:
        raise busy() from None
    except OSError as error:
        raise unwritable(error) from error
    try:
        try:
            PrivateKey.parse(_read(machine, _PRIVATE) or "")
        except ValueError:
            seed = secrets.token_bytes(32)
            name = f"weighbridge/ledger/{sha256(PrivateKey('new', seed).public.public).hexdigest()[:16]}"
            _replace(machine, _PRIVATE, PrivateKey(name, seed).text)
    finally:
        lock.close()


def _replace(machine: Machine, name: str, text: str) -> None:
    try:
        machine.durable_folder(KEY_FOLDER).replace({name: text.encode() + b"\n"})
    except OSError as error:
        raise unwritable(error) from error


def _remove_next(machine: Machine) -> None:
    folder = machine.durable_folder(KEY_FOLDER)
    try:
        folder.remove([_NEXT])
        folder.remove_empty_folder("temporary")
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
