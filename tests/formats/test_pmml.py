"""PMML."""

from hypothesis import given
from tests.samples import graphs_other
from tests.samples.graphs_reading import damaged, facts, kinds, read, recognized, survives

from weighbridge.formats.pmml import READER

PLAIN = graphs_other._xml("", graphs_other._pmml())


def test_facts() -> None:
    reading = read(READER, PLAIN)
    assert recognized(READER, PLAIN)
    assert facts(reading)["architecture"] == "TreeModel"
    assert facts(reading)["name"] == "m"
    assert not reading.observations


def test_extensions() -> None:
    harmless = '<Extension name="note" value="made by hand"/>'
    assert not kinds(read(READER, graphs_other._xml("", graphs_other._pmml(harmless))))
    assert "EmbeddedCode" in kinds(read(READER, graphs_other._xml("", graphs_other._pmml(graphs_other._SCRIPT))))


def test_other_xml() -> None:
    assert not recognized(READER, b"<a>PMML</a>")


@given(damaged([PLAIN]))
def test_damaged_files(content: bytes) -> None:
    survives(READER, content)
