"""Something on its way in: counted and hashed while it is written, each byte once."""

import asyncio
import hashlib
from collections.abc import AsyncIterator

from weighbridge.hub.blob_failures import FAILURES, cannot_write
from weighbridge.hub.byte_store import Growing
from weighbridge.model.errors import WeighbridgeError

_BATCH = 1 << 20
"""Bytes that are hashed and written at once; clients send them in pieces of some kilobytes."""


class Hashed:
    """How far what came in under a name was hashed. Kept between the requests of one upload."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()
        self.size = 0

    def take(self, content: bytes) -> None:
        """Hash the bytes that follow."""
        self.digest.update(content)
        self.size += len(content)


class Intake:
    """What came in so far.

    Args:
        name: what it is called until it is whole.
        growing: where it lies.
    """

    def __init__(self, name: str, growing: Growing) -> None:
        self.name = name
        self._growing = growing
        self.hashed = Hashed()

    @property
    def size(self) -> int:
        """Bytes that came."""
        return self._growing.size

    async def take(self, pieces: AsyncIterator[bytes], *, most: int) -> int:
        """Add bytes; return how many there are now. What came before an error stays.

        Args:
            pieces: the bytes.
            most: how many there may be in all.

        Raises:
            WeighbridgeError: `E-blob-size`, `E-blob-full`, `E-blob-write`.
        """
        waiting = bytearray()
        try:
            async for piece in pieces:
                waiting += piece
                if self.size + len(waiting) > most:
                    raise WeighbridgeError(
                        "E-blob-size",
                        f"{self.size + len(waiting):,} bytes came, and at most {most:,} are taken",
                        "send the file again, whole",
                    )
                if len(waiting) >= _BATCH:
                    await self._write(waiting)
        finally:
            if waiting:
                await self._write(waiting)
            await self._sync()
        return self.size

    async def digest(self) -> str:
        """Return the SHA-256 of all that came, reading what was not hashed here."""
        if self.hashed.size > self.size:
            self.hashed = Hashed()
        while self.hashed.size < self.size:
            piece = await self._growing.read(self.hashed.size, min(self.size, self.hashed.size + _BATCH))
            if not piece:
                raise OSError("what came in is shorter than it was")
            await asyncio.to_thread(self.hashed.take, piece)
        return self.hashed.digest.hexdigest()

    async def finish(self, path: str) -> None:
        """Give it its last path. Raises OSError."""
        await self._growing.finish(path)

    async def close(self) -> None:
        """Let go of it."""
        await self._growing.close()

    async def _sync(self) -> None:
        try:
            await self._growing.sync()
        except FAILURES as error:
            raise cannot_write(error) from error

    async def _write(self, waiting: bytearray) -> None:
        content = bytes(waiting)
        waiting.clear()
        follows = self.hashed.size == self.size
        try:
            if follows:
                # Both let go of the interpreter: what one waits for, the other uses.
                await asyncio.gather(self._growing.write(content), asyncio.to_thread(self.hashed.take, content))
            else:
                await self._growing.write(content)
        except FAILURES as error:
            raise cannot_write(error) from error
