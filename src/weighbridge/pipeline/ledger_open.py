"""The ledger of this machine: where it lies, and how it is opened to read and to write.

`ledger/` in the state folder is the log, `ledger-key/` its key (`ledger_key.py`).
"""

from collections.abc import Callable
from contextlib import suppress

from weighbridge.host.durable import DurableFolder
from weighbridge.host.machine import Machine
from weighbridge.ledger.errors import unwritable
from weighbridge.ledger.log import Log
from weighbridge.ledger.note_keys import PrivateKey
from weighbridge.ledger.reader import LogReader
from weighbridge.ledger.recorder import Recorder
from weighbridge.ledger.tiles import CHECKPOINT
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.ledger_key import finish_change, private_key

FOLDER = "ledger"


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
    folder = machine.durable_folder(FOLDER)
    log, key = _opened(machine, folder)
    try:
        finish_change(machine, log, key)
    except BaseException:
        with suppress(WeighbridgeError):
            log.close()
        raise
    return Recorder(log, machine.now, machine.boot, network)


def ledger_reader(machine: Machine) -> LogReader:
    """Return what reads the ledger of this machine, also while another process writes to it.

    Raises:
        WeighbridgeError: `E-ledger-empty`.
    """
    folder = machine.durable_folder(FOLDER)
    if not _is_written(folder):
        raise WeighbridgeError(
            "E-ledger-empty",
            "nothing has been recorded on this machine yet",
            "`wb up` and `wb watch` record what they see; `wb scan --record` does so once",
            exit_code=3,
        )
    return LogReader(folder)


def _opened(machine: Machine, folder: DurableFolder) -> tuple[Log, PrivateKey]:
    key = private_key(machine, is_new=not _is_written(folder))
    while True:
        try:
            return Log.open(folder, key), key
        except WeighbridgeError:
            before, key = key, private_key(machine, is_new=False)
            if key.text == before.text:
                raise  # else another process changed the key after it was read here


def _is_written(folder: DurableFolder) -> bool:
    try:
        names = folder.names("")
    except OSError as error:
        raise unwritable(error) from error
    return CHECKPOINT in names or "tile" in names
