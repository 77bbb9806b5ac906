"""The table says what the readers say."""

from tools.reader_entries import TARGET, generated

from weighbridge.formats.entries import ENTRIES
from weighbridge.formats.registry import READERS


def test_the_committed_table_is_what_the_readers_declare() -> None:
    assert TARGET.read_text(encoding="utf-8") == generated(), "run `python tools/reader_entries.py`"


def test_every_reader_has_its_entry() -> None:
    assert [entry.reader() for entry in ENTRIES] == list(READERS)
