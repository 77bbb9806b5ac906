"""Reads a commit as clients send it: one JSON object a line, its head first, each line bounded.

Source: huggingface_hub, `_commit_api.py` (`_prepare_commit_payload`).
"""

import base64
import binascii
from collections.abc import AsyncIterator

import msgspec

from weighbridge.fleet.problem import RefusedError

LONGEST_LINE = 24 << 20
"""Bytes: a file of 16 MiB in base64, and its path."""
MOST_LINES = 200_001


class Head(msgspec.Struct, frozen=True):
    """What a commit says of itself."""

    summary: str = ""
    description: str = ""
    parent_commit: str | None = msgspec.field(name="parentCommit", default=None)


class File(msgspec.Struct, frozen=True):
    """A file that comes within the commit."""

    path: str
    content: str
    encoding: str = "utf-8"

    def body(self) -> bytes:
        """Return its bytes. Raises RefusedError: 400."""
        if self.encoding != "base64":
            return self.content.encode()
        try:
            return base64.b64decode(self.content, validate=True)
        except (binascii.Error, ValueError):
            raise _wrong(f"{self.path[:200]!r} is no base64") from None


class LargeFile(msgspec.Struct, frozen=True):
    """A file that came before."""

    path: str
    oid: str
    algo: str = "sha256"
    size: int | None = None


class Removed(msgspec.Struct, frozen=True):
    """What is there no longer."""

    path: str
    is_folder: bool = False


class _Line(msgspec.Struct):
    key: str
    value: msgspec.Raw


Part = Head | File | LargeFile | Removed


async def commit_lines(pieces: AsyncIterator[bytes]) -> AsyncIterator[Part]:
    """Yield the parts of a commit as they come: one head, then what it changes. Raises RefusedError: 400, 413."""
    count = 0
    async for line in _lines(pieces):
        part = _part(line)
        if isinstance(part, Head) != (count == 0):
            raise _wrong("its first line, and no other, must be its head")
        count += 1
        if count > MOST_LINES:
            raise RefusedError(413, "E-too-large", "this commit changes too many files", "commit them in several")
        yield part
    if count == 0:
        raise _wrong("it is empty")


async def _lines(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    waiting = bytearray()
    looked = 0
    async for piece in pieces:
        waiting += piece
        while (end := waiting.find(b"\n", looked)) >= 0:
            line = bytes(waiting[:end]).strip()
            del waiting[: end + 1]
            looked = 0
            if line:
                yield line
        looked = len(waiting)
        if looked > LONGEST_LINE:
            raise RefusedError(413, "E-too-large", "a line of this commit is too long", "send large files before it")
    if last := bytes(waiting).strip():
        yield last


def _part(line: bytes) -> Part:
    try:
        read = msgspec.json.decode(line, type=_Line)
        if read.key == "header":
            return msgspec.json.decode(read.value, type=Head)
        if read.key == "file":
            return msgspec.json.decode(read.value, type=File)
        if read.key == "lfsFile":
            return msgspec.json.decode(read.value, type=LargeFile)
        if read.key in ("deletedFile", "deletedFolder"):
            removed = msgspec.json.decode(read.value, type=Removed)
            return Removed(path=removed.path, is_folder=read.key == "deletedFolder")
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise _wrong(str(error)[:200]) from error
    raise _wrong(f"there is no {read.key[:40]!r} in a commit")


def _wrong(why: str) -> RefusedError:
    return RefusedError(400, "E-request", f"this commit cannot be read: {why}", "send one JSON object a line")
