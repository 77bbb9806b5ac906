"""Retention: what the policy says is too old leaves the ledger; what still holds is said again before."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from weighbridge.host.machine import Machine
from weighbridge.ledger.entry import decode, moment
from weighbridge.ledger.reader import LogReader
from weighbridge.ledger.recorder import Recorder
from weighbridge.ledger.tiles import WIDTH
from weighbridge.pipeline.ledger_inventory import Inventory
from weighbridge.pipeline.ledger_open import ledger_reader
from weighbridge.policy.settings import Retention

_AT_ONCE = 4096


def keep_to(machine: Machine, recorder: Recorder, retention: Retention) -> int:
    """Remove the records that are older than all retention periods, by whole files; return the first that is left.

    A model that was found years ago and still lies there is recorded again first, so that the inventory stays whole.

    Args:
        machine: whose ledger it is.
        recorder: of its ledger.
        retention: the policy's periods.

    Raises:
        WeighbridgeError: `E-ledger-write`.
        LogError: the ledger cannot be read.
    """
    days = max(retention.verdicts, retention.inventory)
    log = ledger_reader(machine)
    cut = _first_after(log, machine.now() - timedelta(days=days)) // WIDTH * WIDTH
    if cut <= log.minimum():
        return log.minimum()
    inventory = Inventory(machine, log)
    inventory.update()
    still = [(record.kind, record.data) for record in inventory.current() if record.sequence < cut]
    for at in range(0, len(still), _AT_ONCE):
        recorder.record_all(still[at : at + _AT_ONCE])
    return recorder.prune(cut, f"older than {days} days")


def _first_after(log: LogReader, oldest: datetime) -> int:
    """Return the index of the first record that is not older; a clock that was set back does not lead further."""
    begin = log.minimum()
    for index, entry in enumerate(_signed(log, begin), begin):
        record = decode(entry)
        at = moment(record.at) if record is not None else None
        if at is None or at >= oldest:
            return index
    return log.head().checkpoint.size


def _signed(log: LogReader, begin: int) -> Iterator[bytes]:
    head = log.head()
    for first in range(begin, head.checkpoint.size, WIDTH):
        yield from log.entries(first, min(head.checkpoint.size, first + WIDTH), head)
