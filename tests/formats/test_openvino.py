"""OpenVINO IR."""

from hypothesis import given
from tests.samples import graphs_other
from tests.samples.graphs_reading import damaged, facts, kinds, read, recognized, survives

from weighbridge.formats.openvino import READER

PLAIN = graphs_other._xml("", graphs_other._net())


def test_facts_and_parts() -> None:
    reading = read(READER, PLAIN, b"model.xml")
    assert recognized(READER, PLAIN)
    assert facts(reading)["parameters"] == 4
    assert facts(reading)["format_version"] == "11"
    assert [(part.relative_path, part.required) for part in reading.parts_wanted] == [("model.bin", True)]
    assert not reading.observations


def test_other_xml() -> None:
    assert not recognized(READER, b"<network><layer/></network>")
    assert not recognized(READER, b"<svg>internet</svg>")


def test_operators_of_extensions() -> None:
    content = graphs_other._xml("", graphs_other._net('<layer id="1" name="e" type="Evil" version="evil"/>'))
    assert kinds(read(READER, content)) == {"GraphOperator"}
    content = graphs_other._xml("", graphs_other._net('<layer id="1" name="e" type="Relu" version="opset13"/>'))
    assert not kinds(read(READER, content))


@given(damaged([PLAIN]))
def test_damaged_files(content: bytes) -> None:
    survives(READER, content)
