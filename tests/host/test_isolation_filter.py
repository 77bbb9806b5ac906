"""The system call filter, run by a small interpreter of classic BPF."""

import struct

import pytest

from weighbridge.host.isolation_filter import _REFUSED, filter_program

ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050001, 0x80000000


def outcome(program, architecture, number):
    instructions = [struct.unpack("=HBBI", program[at : at + 8]) for at in range(0, len(program), 8)]
    seccomp_data = {0: number, 4: architecture}
    at, accumulator = 0, 0
    while True:
        code, if_true, if_false, constant = instructions[at]
        at += 1
        if code == 0x20:
            accumulator = seccomp_data[constant]
        elif code == 0x15:
            at += if_true if accumulator == constant else if_false
        elif code == 0x35:
            at += if_true if accumulator >= constant else if_false
        else:
            return constant


@pytest.mark.parametrize("name", _REFUSED)
def test_listed_calls_are_refused_and_others_are_not(name):
    architecture, refused = _REFUSED[name]
    program = filter_program(architecture, refused)
    for number in range(600):
        assert outcome(program, architecture, number) == (REFUSE if number in refused else ALLOW)
    assert outcome(program, architecture, 0x40000000) == REFUSE
    assert outcome(program, architecture ^ 1, 0) == KILL
