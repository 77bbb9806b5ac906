import lzma

from tests.samples.inspection import assessments, look
from tests.samples.packing import PAYLOAD, SAFETENSORS, stored


def pack(content: bytes) -> bytes:
    return lzma.compress(content, lzma.FORMAT_ALONE)


def test_a_packed_model_is_found():
    assert assessments(pack(SAFETENSORS), "w.safetensors.x") == {None: "not-a-model", "w.safetensors.x": "clean"}


def test_a_packed_archive_is_searched():
    found = assessments(pack(stored({"m.pkl": PAYLOAD})), "a")
    assert found["a!/m.pkl"] == "malicious"


def test_packed_text_is_nothing():
    assert assessments(pack(b"some lines of text\n" * 50), "notes") == {None: "not-a-model"}


def test_near_misses_are_not_taken():
    packed = pack(b"some text" * 20)
    assert all(item.format != "lzma" for item in look(packed[:5] + b"\x01" * 8 + packed[13:]))
    assert all(item.format != "lzma" for item in look(b"x" + packed))


def test_a_dictionary_too_large_to_expand_is_a_gap():
    packed = pack(SAFETENSORS)
    found = assessments(packed[:1] + b"\xff\xff\xff\xf0" + packed[5:], "a.bin")
    assert found["a.bin"] == "incomplete"
