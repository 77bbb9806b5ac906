import errno
import os

from weighbridge.cli.exits import Exit
from weighbridge.ledger.errors import busy, damaged, unwritable


def test_each_says_what_and_what_next() -> None:
    full = unwritable(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    assert full.message == "the ledger could not be written: No space left on device"
    assert damaged("lacks tile/0/000").message == "the ledger lacks tile/0/000"
    assert damaged("x").exit_code == Exit.LEDGER
    assert all(error.hint for error in (full, busy(), damaged("x"), unwritable(ValueError("is closed"))))
