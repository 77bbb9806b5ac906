"""Mappings to files: several parts are one file, what has no file is left out."""

import os

from weighbridge.host.proc_maps import parse_maps

MAPS = b"""\
55d0a0000000-55d0a0002000 r--p 00000000 fd:01 21 /usr/bin/serve
55d0a0002000-55d0a0004000 r-xp 00002000 fd:01 21 /usr/bin/serve
55d0a1000000-55d0a1021000 rw-p 00000000 00:00 0 [heap]
7f0000000000-7f0000100000 r--s 00000000 fd:02 99 /models/weights (deleted)
7f0000200000-7f0000300000 r--s 00200000 fd:02 99 /models/weights (deleted)
7f0000400000-7f0000401000 rw-s 00000000 00:01 1024 /memfd:weights (deleted)
7f0000500000-7f0000501000 r--p 00000000 fd:02 100 /models/a\\012b c
7f0000600000-7f0000700000 rw-p 00000000 00:00 0
7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0 [stack]
ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]
"""


def test_every_file_is_one_entry() -> None:
    program, weights, memory, strange = parse_maps(MAPS)
    assert (program.path, program.executable, program.mapped_bytes, program.deleted) == (
        b"/usr/bin/serve",
        True,
        0x4000,
        False,
    )
    assert (weights.path, weights.inode, weights.mapped_bytes) == (b"/models/weights", 99, 0x200000)
    assert (weights.first, weights.last) == (0x7F0000000000, 0x7F0000100000)
    assert (weights.deleted, weights.executable, weights.device) == (True, False, os.makedev(0xFD, 2))
    assert (memory.path, memory.deleted) == (b"/memfd:weights", True)
    assert strange.path == b"/models/a\nb c"


def test_what_is_too_small_is_left_out_by_its_sum() -> None:
    assert [one.inode for one in parse_maps(MAPS, 0x100001)] == [99]
    assert [one.inode for one in parse_maps(MAPS, 0x200001)] == []


def test_a_text_that_makes_no_sense_holds_nothing() -> None:
    assert parse_maps(b"") == parse_maps(b"zz\n\xff\n/x\n") == []
