r"""The mapped files of a process, from the text of `/proc/PID/maps`.

Source: proc_pid_maps(5); Linux `fs/proc/task_mmu.c` (show_vma_header_prefix, seq_file_path: a newline in a path is
written as `\012`, nothing else is escaped).
"""

import os
import re
from functools import lru_cache

from weighbridge.host.live import MappedFile

_LINE = re.compile(
    rb"^([0-9a-f]+)-([0-9a-f]+) (..)(.). [0-9a-f]+ ([0-9a-f]+:[0-9a-f]+) ([1-9][0-9]*) +(/[^\n]*)$", re.M
)
_DELETED = b" (deleted)"


def parse_maps(text: bytes, at_least: int = 0) -> list[MappedFile]:
    """Return one entry a file, in order of address, of which at least `at_least` bytes are mapped."""
    totals: dict[tuple[bytes, bytes], int] = {}
    heads: dict[tuple[bytes, bytes], tuple[int, int, bytes]] = {}
    executable = set()
    for first, last, _access, execute, device, inode, path in _LINE.findall(text):
        key = device, inode
        start, end = int(first, 16), int(last, 16)
        if key in totals:
            totals[key] += end - start
        else:
            totals[key] = end - start
            heads[key] = start, end, path
        if execute == b"x":
            executable.add(key)
    return [_mapped(key, total, key in executable, *heads[key]) for key, total in totals.items() if total >= at_least]


@lru_cache(maxsize=256)
def device_number(text: bytes) -> int:
    """Return the device of `fd:01`."""
    major, minor = text.split(b":")
    return os.makedev(int(major, 16), int(minor, 16))


def _mapped(
    key: tuple[bytes, bytes], mapped_bytes: int, executable: bool, first: int, last: int, path: bytes
) -> MappedFile:
    deleted = path.endswith(_DELETED)
    plain = path[: -len(_DELETED)] if deleted else path
    return MappedFile(
        plain.replace(b"\\012", b"\n"),
        device_number(key[0]),
        int(key[1]),
        first,
        last,
        mapped_bytes,
        executable,
        deleted,
    )
