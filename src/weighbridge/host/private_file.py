"""Files that only their owner may read, whatever the folder around them allows."""

import os


def make_private(path: bytes) -> None:
    """Make an empty file that only this user may read and write; one that is there keeps its content and its rights.

    Raises OSError.
    """
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
    os.close(os.open(path, flags, 0o600))
