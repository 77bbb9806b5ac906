"""The records of this machine's ledger, from the oldest that is kept on."""

from collections.abc import Iterator

from weighbridge.host.machine import Machine
from weighbridge.ledger.entry import Record, decode
from weighbridge.pipeline.ledger_open import ledger_reader

_AT_ONCE = 4096


def recorded(machine: Machine) -> Iterator[Record]:
    """Yield every record, as many at a time as fit into memory.

    Raises:
        WeighbridgeError: `E-ledger-empty`.
        LogError: something of the log is missing or damaged.
    """
    log = ledger_reader(machine)
    head = log.head()
    for begin in range(log.minimum(), head.size, _AT_ONCE):
        for entry in log.entries(begin, min(head.size, begin + _AT_ONCE), head):
            record = decode(entry)
            if record is not None:
                yield record
