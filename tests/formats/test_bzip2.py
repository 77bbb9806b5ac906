import bz2

from tests.samples.inspection import assessments, look
from tests.samples.packing import PAYLOAD, SAFETENSORS, stored

pack = bz2.compress


def test_a_packed_model_is_found():
    assert assessments(pack(SAFETENSORS), "w.safetensors.x") == {None: "not-a-model", "w.safetensors.x": "clean"}


def test_a_packed_archive_is_searched():
    found = assessments(pack(stored({"m.pkl": PAYLOAD})), "a")
    assert found["a!/m.pkl"] == "malicious"


def test_packed_text_is_nothing():
    assert assessments(pack(b"some lines of text\n" * 50), "notes") == {None: "not-a-model"}


def test_near_misses_are_not_taken():
    packed = pack(b"some text" * 20)
    assert all(item.format != "bzip2" for item in look(packed[:2] + b"\x07\x07" + packed[4:40]))
    assert all(item.format != "bzip2" for item in look(b"x" + packed))
