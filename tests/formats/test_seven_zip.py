import py7zr
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.samples.containers_compressed import seven_zip
from tests.samples.inspection import assessments, kinds, look
from tests.samples.packing import PAYLOAD, SAFETENSORS

from weighbridge.formats.seven_zip import READER
from weighbridge.model.budget import Budget, Limits
from weighbridge.model.source import BytesSource, LimitReached, SourceError

FILES = {"w.safetensors": SAFETENSORS, "d/notes.txt": b"text " * 4000, "m.pkl": PAYLOAD}
CHAINS = [
    ["LZMA2"],
    ["LZMA"],
    ["X86", "LZMA2"],
    ["DELTA", "LZMA2"],
    ["BZIP2"],
    ["DEFLATE"],
    ["COPY"],
    ["ZSTD"],
]


@pytest.mark.parametrize("chain", CHAINS, ids="+".join)
def test_reads_what_py7zr_writes(chain):
    packed = seven_zip(FILES, filters=[{"id": getattr(py7zr, f"FILTER_{name}")} for name in chain])
    reading = READER.read(BytesSource(packed), Budget())
    assert reading.observations == ()
    assert {child.member: child.source.read(0, 1 << 20) for child in reading.children} == FILES


def test_members_are_judged():
    assert assessments(seven_zip(FILES)) == {None: "not-a-model", "w.safetensors": "clean", "m.pkl": "malicious"}


@pytest.mark.parametrize("chain", [["PPMD"], ["BROTLI"]])
def test_codecs_that_are_not_read_leave_a_gap(chain):
    packed = seven_zip(FILES, filters=[{"id": getattr(py7zr, f"FILTER_{name}")} for name in chain])
    assert assessments(packed) == {None: "incomplete"}


@pytest.mark.parametrize("hidden", [False, True])
def test_passwords_leave_a_gap(hidden):
    assert assessments(seven_zip(FILES, password="x", header_encryption=hidden)) == {None: "incomplete"}


def test_names_that_leave_are_observed():
    packed = seven_zip({"a": b"xy"}).replace("a\0".encode("utf-16-le"), b"a\0\0\0")
    assert kinds(look(packed)[0].observations) <= {"crc-mismatch", "Unread"}
    escaping = seven_zip({"abcdef": b"xy"}, header_encryption=False)
    assert look(escaping)[0].format == "seven-zip"


def test_truncation_is_incomplete():
    packed = seven_zip(FILES)
    assert assessments(packed[:-5])[None] == "incomplete"
    assert assessments(packed[:20])[None] == "incomplete"


@given(st.data())
def test_damage_never_raises_anything_else(data):
    content = bytearray(SAMPLE)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        for child in READER.read(BytesSource(bytes(content)), Budget(Limits(expanded_bytes=1 << 20))).children:
            child.source.read(0, 4096)
    except (SourceError, LimitReached):
        pass


SAMPLE = seven_zip(FILES)
