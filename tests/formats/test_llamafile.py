import pytest
from tests.samples.inspection import assessments, kinds, look
from tests.samples.packing import PAYLOAD, Member, zip_bytes

WEIGHTS = Member(name=b"m.gguf", content=b"GGUF\x03\0\0\0" + bytes(16))


@pytest.mark.parametrize("program", [b"MZqFpD='\n", b"jartsr='\n", b"\x7fELF\x02", b"MZ\x90\x00", b"#!/bin/sh\n"])
def test_programs_with_weights(program):
    [item] = look(zip_bytes([WEIGHTS], prefix=program + bytes(3000)), "m.llamafile")
    assert (item.format, item.holds_model) == ("llamafile", True)
    assert kinds(item.observations) == {"ape"}
    assert assessments(zip_bytes([WEIGHTS], prefix=program + bytes(3000))) == {None: "review"}


def test_what_lies_beside_the_weights_is_judged():
    content = zip_bytes([WEIGHTS, Member(name=b"x.pkl", content=PAYLOAD)], prefix=b"MZqFpD='\n" + bytes(3000))
    assert assessments(content) == {None: "malicious"}


def test_a_program_with_other_files_is_not_taken():
    content = zip_bytes([Member(name=b"a.txt", content=b"text")], prefix=b"MZqFpD='\n" + bytes(3000))
    assert [item.format for item in look(content)] == ["zip"]
