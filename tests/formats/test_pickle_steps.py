"""Numbers, texts, memo and frames: where unpicklers disagree, that is said."""

import pytest
from tests.samples.pickle_assembly import stream

from weighbridge.formats.pickle import read
from weighbridge.formats.pickle_opcodes import NAMES
from weighbridge.formats.pickle_steps import HANDLERS, unknown_opcode
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Malformed, Observation
from weighbridge.model.pickle_program import PickleDisagreement, PickleMemoAnomaly
from weighbridge.model.source import BytesSource

INLINE = {0x28, 0x29, 0x2E, 0x30, 0x4B, 0x4E, 0x5D, 0x7D}


def noted(content: bytes) -> list[type[Observation]]:
    return [type(item) for item in read(BytesSource(content), Budget()).observations]


def test_every_opcode_has_a_step() -> None:
    for opcode in range(256):
        assert (HANDLERS[opcode] is unknown_opcode) == (opcode not in NAMES or opcode in INLINE)


@pytest.mark.parametrize("line", [b"I0x10\n", b"I010\n", b"I+1\n", b"L0b1L\n", b"L1_0L\n", b"F1_0\n", b"I 1\n"])
def test_unusual_numbers_are_disagreements(line: bytes) -> None:
    assert PickleDisagreement in noted(line + b".")


@pytest.mark.parametrize(
    "line", [b"I10\n", b"I-7\n", b"I00\n", b"I01\n", b"L123L\n", b"L-1L\n", b"F1.5e10\n", b"Fnan\n"]
)
def test_usual_numbers_are_not(line: bytes) -> None:
    assert noted(line + b".") == []


def test_frames() -> None:
    frame = b"\x95" + (5).to_bytes(8, "little")
    assert noted(b"\x80\x04" + frame + b"NN00.") == [Malformed]
    assert PickleDisagreement in noted(b"\x80\x04" + frame + b"K\x010N\x8c\x01a0.")
    assert noted(b"\x80\x04\x95" + (2).to_bytes(8, "little") + b"N.") == []


def test_memo() -> None:
    assert PickleMemoAnomaly in noted(stream(b"]q\x00}q\x000"))
    assert PickleMemoAnomaly in noted(stream(b"]r\xff\xff\xff\x7f"))
    assert noted(stream(b"]q\x00h\x00q\x000")) == []


@pytest.mark.parametrize(
    "content", [b"S'open\n.", b"Sopen\n.", b"\x80\x63N.", b"h\x05.", b"\x80\x04T\xff\xff\xff\xff."]
)
def test_what_stops_the_unpickler_is_malformed(content: bytes) -> None:
    assert Malformed in noted(content)
