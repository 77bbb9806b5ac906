"""What the ledger commands share: their key, files they are given, and errors of a log as errors of a command."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from weighbridge.host.machine import Machine
from weighbridge.ledger.errors import damaged
from weighbridge.ledger.note import LARGEST_NOTE, Note, Verifier, parse
from weighbridge.ledger.note_keys import PublicKey
from weighbridge.ledger.reader import LogError
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.source import LimitReached
from weighbridge.pipeline.ledger_key import public_key
from weighbridge.pipeline.ledger_source import verifier

_LARGEST_KEY = 4096


@contextmanager
def readable(hint: str | None = None) -> Iterator[None]:
    """Turn what a log lacks into `E-ledger-damaged`, with a hint of its own where the usual one leads in a circle."""
    try:
        yield
    except LogError as error:
        raise (damaged(str(error)) if hint is None else damaged(str(error), hint)) from error


def own_key(machine: Machine) -> PublicKey:
    """Return the public key of this machine's ledger. Raises `E-ledger-key`."""
    key = public_key(machine)
    if key is None:
        raise WeighbridgeError(
            "E-ledger-key",
            "the key of this ledger is missing",
            "bring back ledger-key/ of the state folder, or give the key with --key",
            exit_code=1,
        )
    return key


def keys_of(machine: Machine, given: Sequence[str]) -> list[Verifier]:
    """Return the keys that a command line names: texts, or files that hold one. Raises `E-ledger-key`."""
    return [
        verifier(text if "+" in text else content(machine, text, _LARGEST_KEY).decode("ascii", "replace"))
        for text in given
    ]


def notes_of(machine: Machine, paths: Sequence[str]) -> list[Note]:
    """Return the checkpoints in files. Raises `E-ledger-file`."""
    return [_note(machine, path) for path in paths]


def content(machine: Machine, path: str, limit: int) -> bytes:
    """Return a file that a command line names. Raises `E-ledger-file`."""
    import os

    try:
        return machine.read_file(os.path.realpath(os.fsencode(path)), limit)
    except (OSError, LimitReached) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise _file_error(path, f"cannot be read: {reason}") from None


def _note(machine: Machine, path: str) -> Note:
    try:
        return parse(content(machine, path, LARGEST_NOTE))
    except ValueError as error:
        raise _file_error(path, f"is no checkpoint: it {error}") from None


def _file_error(path: str, reason: str) -> WeighbridgeError:
    return WeighbridgeError(
        "E-ledger-file", f"{path} {reason}", "`wb ledger checkpoint > FILE` and `wb ledger prove` write such files"
    )
