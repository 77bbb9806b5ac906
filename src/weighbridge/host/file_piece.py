"""Pieces of large files: without waiting where the system has them in memory, so that a server need not use a thread.

Source: preadv2(2) of Linux (`RWF_NOWAIT`: what would have to be read from the disk is not waited for).
"""

import os

_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_NO_WAIT = getattr(os, "RWF_NOWAIT", 0)


def piece_at_hand(path: str, at: int, into: memoryview) -> int:
    """Read from a file what is in memory; return how many bytes that were, 0 if one would have to wait.

    Args:
        path: which file.
        at: where to begin.
        into: what takes the bytes, and how many at most.

    Raises:
        OSError: it cannot be opened.
    """
    if not _NO_WAIT:
        return 0
    descriptor = os.open(path, _FLAGS)
    try:
        return os.preadv(descriptor, [into], at, _NO_WAIT)
    except OSError:  # EAGAIN, or a file system that cannot say
        return 0
    finally:
        os.close(descriptor)


def piece(path: str, at: int, size: int) -> bytes:
    """Return bytes of a file; fewer where it ends. Raises OSError."""
    with open(os.open(path, _FLAGS), "rb", buffering=0) as file:
        file.seek(at)
        found = file.read(size)
        while len(found) < size and (more := file.read(size - len(found))):
            found += more
        return found
