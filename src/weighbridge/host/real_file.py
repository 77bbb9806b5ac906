"""A regular file of this machine, open for bounded random access."""

import os
import stat as stat_bits

from weighbridge.model.source import LimitReached, SourceError

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOCTTY", 0)
)
_DEVICES = (stat_bits.S_IFCHR, stat_bits.S_IFBLK)
_HAS_PREAD = hasattr(os, "pread")
WINDOW = 64 << 10
"""Bytes fetched at once for small reads, so that a reader that walks a header costs few system calls."""


def open_regular(path: bytes, *, listed: bool = False) -> tuple[int, os.stat_result]:
    """Return descriptor and stat of the regular file at `path`.

    A final symbolic link is refused, a pipe does not block, and anything but a regular file raises `OSError`. A device
    is not even opened: some act on that alone (a watchdog, a tape). Source: Linux
    Documentation/watchdog/watchdog-api.rst, st(4).

    Args:
        path: without links on its end.
        listed: whether a listing of its folder just called it a regular file.
    """
    if not listed and stat_bits.S_IFMT(os.lstat(path).st_mode) in _DEVICES:
        raise OSError(f"not a regular file: {os.fsdecode(path)!r}")
    descriptor = os.open(path, _FLAGS)
    try:
        status = os.fstat(descriptor)
        if not stat_bits.S_ISREG(status.st_mode):
            raise OSError(f"not a regular file: {os.fsdecode(path)!r}")
    except OSError:
        os.close(descriptor)
        raise
    return descriptor, status


def read_at(descriptor: int, length: int, offset: int) -> bytes:
    """Return up to `length` bytes at `offset`. Raises OSError."""
    if _HAS_PREAD:
        return os.pread(descriptor, length, offset)
    os.lseek(descriptor, offset, os.SEEK_SET)
    return os.read(descriptor, length)


def peek(path: bytes, head: int, tail: int) -> tuple[bytes, bytes]:
    """Return the first `head` and last `tail` bytes of a regular file. Raises OSError."""
    descriptor, status = open_regular(path, listed=True)
    try:
        first = read_at(descriptor, head, 0)
        if status.st_size <= head:
            return first, first[-tail:]
        return first, read_at(descriptor, tail, status.st_size - tail)
    finally:
        os.close(descriptor)


class RealFile:
    """A `ByteSource` over an open descriptor that notices when the file changes under it.

    Reads past a change raise `SourceError`: an answer pieced together from two versions is no answer.
    """

    __slots__ = ("_descriptor", "_path", "_window", "_window_at", "name", "size", "stat")

    def __init__(self, path: bytes) -> None:
        self._path = path
        self._descriptor, self.stat = open_regular(path)
        self.size = self.stat.st_size
        self.name = os.path.basename(path)
        self._window = b""
        self._window_at = 0

    def read(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes at `offset`; fewer only at the end. Raises `SourceError`."""
        if offset < 0 or length < 0:
            raise SourceError(f"impossible range {offset}+{length}")
        length = min(length, self.size - offset)
        if length <= 0:
            return b""
        start = offset - self._window_at
        if start >= 0 and start + length <= len(self._window):
            return self._window[start : start + length]
        if length >= WINDOW:
            return self._fetch(offset, length)
        self._window = self._fetch(offset, min(WINDOW, self.size - offset))
        self._window_at = offset
        return self._window[:length]

    def _fetch(self, offset: int, length: int) -> bytes:
        if self._descriptor < 0:
            raise SourceError("closed")
        parts: list[bytes] = []
        missing = length
        try:
            while missing:
                part = read_at(self._descriptor, missing, offset + length - missing)
                if not part:
                    raise SourceError("changed while read")
                parts.append(part)
                missing -= len(part)
            after = os.fstat(self._descriptor)
        except OSError as error:
            raise SourceError(error.strerror or str(error)) from error
        before = self.stat
        if (after.st_size, after.st_mtime_ns, after.st_ctime_ns) != (
            before.st_size,
            before.st_mtime_ns,
            before.st_ctime_ns,
        ):
            raise SourceError("changed while read")
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def close(self) -> None:
        """Release the descriptor; closing twice is allowed."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
            self._window = b""


def read_whole(path: bytes, limit: int) -> bytes:
    """Return a regular file whole. Raises OSError, and `LimitReached` beyond `limit` bytes."""
    descriptor, _status = open_regular(path)
    parts: list[bytes] = []
    length = 0
    try:
        while part := read_at(descriptor, min(1 << 20, limit + 1 - length), length):
            parts.append(part)
            length += len(part)
            if length > limit:
                raise LimitReached("file bytes", limit)
    finally:
        os.close(descriptor)
    return b"".join(parts)
