"""Files that only their owner may read, whatever the folder around them allows."""

import os
import sys


def make_private(path: bytes) -> None:
    """Make an empty file that only this user may read and write; one that is there keeps its content and its rights.

    Raises OSError.
    """
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
    os.close(os.open(path, flags, 0o600))


def make_private_folder(path: bytes) -> None:
    """Make a folder, and those above it, that only this user may enter; one that is there keeps its rights.

    Raises OSError.
    """
    os.makedirs(path, mode=0o700, exist_ok=True)


def replace_durably(path: bytes, target: bytes) -> None:
    """Give the file at `path` the name `target`, in place of what had it; content and name are durable on return.

    Raises OSError.
    """
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_CLOEXEC", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.replace(path, target)
    if sys.platform != "win32":  # NTFS keeps names in a journal
        folder = os.open(os.path.dirname(os.path.abspath(target)), os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
