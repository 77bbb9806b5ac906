"""Which process holds the lock on a file. Source: proc_locks(5); Linux only."""

import os


def lock_owner(path: bytes) -> int | None:
    """Return the process that holds an advisory lock on a file; None if that is not to be seen."""
    try:
        inode = os.stat(path).st_ino
        with open("/proc/locks", encoding="ascii", errors="replace") as file:
            lines = file.read(1 << 20).splitlines()
    except OSError:
        return None
    return owner_in(lines, inode)


def owner_in(lines: list[str], inode: int) -> int | None:
    """Return who holds a lock on the file with this inode, by the lines of `/proc/locks`."""
    for line in lines:
        words = line.split()
        if len(words) >= 6 and words[1] != "->" and words[5].rpartition(":")[2] == str(inode) and words[4].isdigit():
            return int(words[4])
    return None
