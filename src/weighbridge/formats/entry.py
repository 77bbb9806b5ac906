"""What is known of a reader before its file loads.

A scan meets a handful of formats, and loading all readers would take longer than reading one model. So recognition
starts from a table, `entries.py`, and a reader's file loads when bytes could be its own.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module

from weighbridge.formats.reader import Reader, Signature
from weighbridge.model.record import record

_ROOM = "weighbridge.formats"


@record
class Entry:
    """The part of a `Reader` that decides whether it is asked; the fields mean the same there."""

    id: str
    signatures: tuple[Signature, ...] = ()
    could_be: str = ""
    """Module and name of the function, with a colon between; empty if there is none."""
    begins: bytes | None = None
    needs: bytes = b""
    at_end: bytes | None = None
    suffixes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    general: bool = False

    def test(self) -> Callable[[bytes], bool]:
        """Return `could_be`; only its own file loads, which often is a smaller one than the reader's."""
        module, _, name = self.could_be.partition(":")
        function: Callable[[bytes], bool] = getattr(import_module(module), name)
        return function

    def reader(self) -> Reader:
        """Return the reader."""
        return _reader(self.id)


@cache
def _reader(reader_id: str) -> Reader:
    reader: Reader = import_module(f"{_ROOM}.{reader_id.replace('-', '_')}").READER
    return reader
