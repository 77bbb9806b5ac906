"""Writing into the folders of the tools that run models, for `wb pull` alone and only where a person asked for it.

A file appears under its name when all of it is there and durable. What is on its way stays beside it and can be gone on
with, by this process or a later one.
"""

import contextlib
import errno
import os
import secrets
import shutil
import sys

from weighbridge.host.private_file import replace_durably
from weighbridge.host.whole_file import writing

_PIECE = 1 << 20


class Part:
    """A file that is on its way. Its calls raise OSError.

    Args:
        path: where it is meanwhile.
    """

    def __init__(self, path: bytes) -> None:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
        self._descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0), 0o644)
        self._path = path
        self.size = os.lseek(self._descriptor, 0, os.SEEK_END)

    def pieces(self) -> "contextlib.closing[_Pieces]":
        """Return what is there already, piece by piece."""
        return contextlib.closing(_Pieces(self._descriptor, self.size))

    def append(self, piece: bytes | memoryview) -> None:
        """Add bytes to its end."""
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]
        self.size += len(piece)

    def restart(self) -> None:
        """Forget what is there."""
        os.ftruncate(self._descriptor, 0)
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        self.size = 0

    def publish(self, target: bytes) -> None:
        """Give it its name, in place of what had it; durable on return."""
        os.makedirs(os.path.dirname(target), exist_ok=True)
        self.close()
        replace_durably(self._path, target)

    def close(self) -> None:
        """Release it; what is there stays."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


class _Pieces:
    def __init__(self, descriptor: int, size: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        self._descriptor, self._rest = descriptor, size

    def __iter__(self) -> "_Pieces":
        return self

    def __next__(self) -> bytes:
        piece = os.read(self._descriptor, min(_PIECE, self._rest)) if self._rest else b""
        if not piece:
            raise StopIteration
        self._rest -= len(piece)
        return piece

    def close(self) -> None:
        os.lseek(self._descriptor, 0, os.SEEK_END)


def write_whole(path: bytes, content: bytes) -> None:
    """Replace a small file in one step. Raises OSError."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with writing(path) as file:
        file.write(content)


def link_to(target: bytes, link: bytes) -> None:
    """Let `link` be a relative link to `target`, in place of what was there; a copy where links are not to be had.

    Raises OSError.
    """
    os.makedirs(os.path.dirname(link), exist_ok=True)
    temporary = link + b"." + secrets.token_hex(4).encode() + b".part"
    try:
        os.symlink(os.path.relpath(target, os.path.dirname(link)), temporary)
    except (OSError, NotImplementedError):
        _same(target, temporary)
    os.replace(temporary, link)


def place_same(source: bytes, place: bytes) -> bool:
    """Let the bytes of a file stand at another place too, without a second copy where the disk can do that.

    Args:
        source: a regular file.
        place: where else.

    Returns:
        Whether they take no room of their own. Raises OSError.
    """
    os.makedirs(os.path.dirname(place), exist_ok=True)
    with contextlib.suppress(OSError):
        if os.path.samefile(source, place):
            return True
    temporary = place + b"." + secrets.token_hex(4).encode() + b".part"
    shared = _same(source, temporary)
    os.replace(temporary, place)
    return shared


def is_writable(folder: bytes) -> bool:
    """Tell whether there is such a folder, and this user may put files into it."""
    return os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK)


def room_for(folder: bytes) -> int:
    """Return the bytes that this user may still write there. Raises OSError."""
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return shutil.disk_usage(folder).free


def _same(source: bytes, place: bytes) -> bool:
    try:
        os.link(source, place)
    except OSError as error:
        if sys.platform != "win32" and error.errno not in (errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP):
            raise
        try:
            shutil.copyfile(source, place)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(place)
            raise
        return False
    return True
