from hypothesis import given
from hypothesis import strategies as st
from tests.samples.lineage_models import as_gguf, model

from weighbridge.lineage.sketch import sketch
from weighbridge.lineage.sketch_text import from_bytes, to_bytes
from weighbridge.model.source import BytesSource


def test_a_sketch_comes_back_as_it_was():
    made = sketch([BytesSource(as_gguf(model(1)))])
    assert from_bytes(to_bytes(made)) == made


def test_damaged_bytes_are_no_sketch():
    content = to_bytes(sketch([BytesSource(as_gguf(model(1)))]))
    assert from_bytes(content[:-1]) is None
    assert from_bytes(b"wbl9" + content[4:]) is None
    assert from_bytes(content[:20]) is None


@given(st.binary(max_size=200))
def test_any_bytes_are_taken(content):
    assert from_bytes(content) is None
    assert from_bytes(b"wbl1" + content) is None
