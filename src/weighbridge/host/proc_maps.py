r"""The mapped files of a process, from the text of `/proc/PID/maps`.

Source: proc_pid_maps(5); Linux `fs/proc/task_mmu.c` (show_vma_header_prefix, seq_file_path: a newline in a path is
written as `\012`, nothing else is escaped).
"""

import os
import re
from functools import lru_cache

from weighbridge.host.live import MappedFile

_LINE = re.compile(rb"^([0-9a-f]+)-([0-9a-f]+) ..(.). [0-9a-f]+ (?!00:00 0 )([^\n]*)$", re.M)
"""A mapping that has an inode: its ends, whether it can be executed, then device, inode and path."""
_FILE = re.compile(rb"([0-9a-f]+:[0-9a-f]+) ([1-9][0-9]*) +(/.*)", re.DOTALL)
_DELETED = b" (deleted)"


def parse_maps(text: bytes, at_least: int = 0) -> list[MappedFile]:
    """Return one entry a file, in order of address, of which at least `at_least` bytes are mapped."""
    runs: dict[bytes, list[tuple[bytes, bytes]]] = {}
    executable = set()
    file, first, last = b"", b"", b""
    # Parts of a file mostly follow each other: their ends are compared as texts, and become numbers once a file.
    for start, end, execute, about in _LINE.findall(text):
        if about == file and start == last:
            last = end
        else:
            if file:
                runs.setdefault(file, []).append((first, last))
            file, first, last = about, start, end
        if execute == b"x":
            executable.add(about)
    if file:
        runs.setdefault(file, []).append((first, last))
    found = []
    for about, parts in runs.items():
        if len(parts) == 1:
            ((start, end),) = parts
            low, high = int(start, 16), int(end, 16)
            total = high - low
        else:
            ends = [(int(start, 16), int(end, 16)) for start, end in parts]
            low, high = ends[0]
            total = sum(end - start for start, end in ends)
        if total >= at_least and (named := _named(about)) is not None:
            path, device, inode, deleted = named
            found.append(MappedFile(path, device, inode, low, high, total, about in executable, deleted))
    return found


@lru_cache(maxsize=256)
def device_number(text: bytes) -> int:
    """Return the device of `fd:01`."""
    major, minor = text.split(b":")
    return os.makedev(int(major, 16), int(minor, 16))


@lru_cache(maxsize=4096)
def _named(about: bytes) -> tuple[bytes, int, int, bool] | None:
    """Return path, device, inode and mark of deletion; most processes map the same libraries."""
    match = _FILE.fullmatch(about)
    if match is None:
        return None
    device, inode, path = match.groups()
    deleted = path.endswith(_DELETED)
    plain = path[: -len(_DELETED)] if deleted else path
    return plain.replace(b"\\012", b"\n"), device_number(device), int(inode), deleted
