"""TensorFlow graphs as text."""

import pytest
from hypothesis import given
from tests.samples.graphs_reading import damaged, of, read, recognized, survives

from weighbridge.formats.saved_model_text import READER
from weighbridge.model.observation import GraphOperator

PLAIN = b'saved_model_schema_version: 1\nmeta_graphs {\n graph_def {\n node { name: "x" op: "Placeholder" }\n'


def operators(content: bytes) -> set[str]:
    return {o.name for o in of(read(READER, content), GraphOperator) if isinstance(o, GraphOperator)}


def test_plain() -> None:
    assert recognized(READER, PLAIN)
    assert operators(PLAIN + b"}}") == set()


@pytest.mark.parametrize(
    "spelled",
    [b'op: "WriteFile"', b"op:'WriteFile'", b'op: "Write" "File"', b'op : "Write\\106ile"', b'op:"Write\\x46ile"'],
)
def test_every_spelling(spelled: bytes) -> None:
    assert operators(PLAIN + b"node { " + spelled + b" }}}") == {"WriteFile"}


def test_functions_and_printing() -> None:
    assert operators(PLAIN + b'node { op: "f" } library { function { signature { name: "f" } } }') == set()
    assert operators(PLAIN + b'attr { key: "output_stream" value { s: "file:///x" } }') == {"PrintV2"}


@pytest.mark.parametrize(
    "text", [b"node {\n version: 1\n}", b"# notes\nlibrary {}\n", b"some text about a node { op: 'x' }"]
)
def test_other_text(text: bytes) -> None:
    assert not recognized(READER, text)


@given(damaged([PLAIN]))
def test_damaged_files(content: bytes) -> None:
    survives(READER, content)
