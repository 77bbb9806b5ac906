"""An entry leads to its reader, and its test to the function that the reader declares."""

import pytest

from weighbridge.formats.entry import Entry
from weighbridge.formats.registry import READERS


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.id)
def test_it_leads_to_the_reader_and_its_test(reader) -> None:
    assert Entry(id=reader.id).reader() is reader
    if reader.could_be is not None:
        entry = Entry(id=reader.id, could_be=f"{reader.could_be.__module__}:{reader.could_be.__name__}")
        assert entry.test() is reader.could_be
