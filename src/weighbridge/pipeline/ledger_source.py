"""A ledger that lies somewhere: a folder or a ZIP that `wb ledger export` or another program wrote."""

import os
import stat

from weighbridge.host.machine import Machine
from weighbridge.ledger.cosignature import CosignerKey
from weighbridge.ledger.errors import damaged
from weighbridge.ledger.note import Verifier
from weighbridge.ledger.note_keys import PublicKey, parse_key_text
from weighbridge.ledger.reader import Files, LogReader
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.source import LimitReached
from weighbridge.pipeline.ledger_export import KEY_FILE

_LARGEST_KEY = 4096
_HINT = "give a folder or ZIP that `wb ledger export` wrote, or a proof that `wb ledger prove` wrote"


def ledger_at(machine: Machine, path: bytes) -> tuple[LogReader, str | None]:
    """Return what reads the ledger at `path`, and the text of the key that lies with it.

    Raises:
        WeighbridgeError: `E-ledger-damaged`: there is no ledger.
    """
    files = _files(machine, path)
    try:
        key: str | None = files.read(KEY_FILE, _LARGEST_KEY).decode("ascii").strip()
    except (OSError, LimitReached, UnicodeDecodeError):
        key = None
    return LogReader(files), key


def verifier(text: str) -> Verifier:
    """Return the key of a text, of a log or of a witness.

    Raises:
        WeighbridgeError: `E-ledger-key`.
    """
    try:
        return PublicKey(*_parts(text)) if parse_key_text(text)[1] == 1 else CosignerKey(text)
    except ValueError as error:
        raise WeighbridgeError(
            "E-ledger-key",
            f"the key {error}",
            "give NAME+ID+KEY, or a file that holds it; `wb ledger checkpoint --key`",
        ) from None


def _parts(text: str) -> tuple[str, bytes]:
    name, _, public = parse_key_text(text)
    return name, public


def _files(machine: Machine, path: bytes) -> Files:
    try:
        if stat.S_ISDIR(machine.stat(path, follow=True).st_mode):
            from weighbridge.host.durable_disk import RealDisk

            return RealDisk(path)
        from weighbridge.host.zip_folder import ZipFolder  # most ledgers are folders

        return ZipFolder(path)
    except OSError as error:
        raise damaged(f"at {os.fsdecode(path)} cannot be read: {error.strerror or error}", _HINT) from None
