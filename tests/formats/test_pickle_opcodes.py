"""The opcode table agrees with the standard library's."""

import pickletools

from weighbridge.formats.pickle_opcodes import NAMES, opcode_name


def test_every_opcode_has_the_name_that_pickletools_gives_it() -> None:
    assert {ord(opcode.code): opcode.name for opcode in pickletools.opcodes} == NAMES


def test_no_opcode() -> None:
    assert opcode_name(0xFF) == "0xff"
