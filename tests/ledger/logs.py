"""Logs on a disk in memory, for tests."""

from weighbridge.host.durable import DurableFolder
from weighbridge.host.fake_disk import FakeDisk
from weighbridge.ledger.log import Log
from weighbridge.ledger.note_keys import PrivateKey
from weighbridge.ledger.reader import LogReader

KEY = PrivateKey("log.example/test", bytes(range(32)))


def opened(disk: FakeDisk) -> Log:
    return Log.open(DurableFolder(disk), KEY)


def reader(disk: FakeDisk) -> LogReader:
    return LogReader(DurableFolder(disk))


def numbered(begin: int, end: int) -> list[bytes]:
    return [b"entry %d" % number for number in range(begin, end)]
