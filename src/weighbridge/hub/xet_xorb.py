"""Reads a xorb as it comes in: a run of compressed chunks, each with a head of eight bytes. Nothing is believed.

Source: Xet protocol specification 1.1, "Xorb Formation & Serialization Format".
"""

from collections.abc import Iterator

from lz4.frame import LZ4FrameDecompressor  # type: ignore[import-untyped]  # it has no types

from weighbridge.hub.xet_hashes import chunk_hash, written, xorb_hash
from weighbridge.model.errors import WeighbridgeError

LARGEST = 80 << 20
"""Bytes of a serialized xorb: clients send up to 64 MiB, and its table."""
LARGEST_CHUNK = 128 << 10
MOST_CHUNKS = 16_384
"""Twice what clients put into one."""
_LARGEST_RAW = 96 << 20
_HEAD = 8
_FOOTER = b"XETBLOB"
_PLAIN, _LZ4, _GROUPED = 0, 1, 2


class XorbReader:
    """Takes the bytes of a xorb and gives those of its chunks. Errors are WeighbridgeError `E-hub-xorb`."""

    def __init__(self) -> None:
        self.chunks: list[tuple[bytes, int]] = []
        """Hash and size of each chunk so far."""
        self.size = 0
        """Bytes of all of them."""
        self._came = 0
        self._waiting = bytearray()
        self._over = False

    def take(self, piece: bytes) -> Iterator[bytes]:
        """Yield the chunks that are whole by now."""
        self._came += len(piece)
        if self._came > LARGEST:
            raise wrong(f"it is larger than {LARGEST:,} bytes")
        if self._over:
            return
        self._waiting += piece
        at = 0
        while not self._over and len(self._waiting) - at >= _HEAD:
            if self._waiting.startswith(_FOOTER, at):
                self._over = True
                break
            length = _number(self._waiting, at + 1)
            if length > 2 * LARGEST_CHUNK:
                raise wrong("a chunk is too large")
            end = at + _HEAD + length
            if len(self._waiting) < end:
                break
            yield self._chunk(bytes(self._waiting[at:end]))
            at = end
        del self._waiting[:at]

    def finish(self, name: str) -> None:
        """Check that all came, and that it is what it is called."""
        if self._waiting and not self._over:
            raise wrong("it breaks off")
        if not self.chunks or written(xorb_hash(self.chunks)) != name:
            raise wrong("its hash is another one")

    def _chunk(self, stored: bytes) -> bytes:
        version, scheme, size = stored[0], stored[4], _number(stored, 5)
        if version != 0 or not 0 < size <= LARGEST_CHUNK:
            raise wrong("a chunk has a head that no client writes")
        content = _unpacked(scheme, stored[_HEAD:], size)
        self.size += size
        if len(content) != size or len(self.chunks) >= MOST_CHUNKS or self.size > _LARGEST_RAW:
            raise wrong("a chunk has another size than it says, or there are too many")
        self.chunks.append((chunk_hash(content), size))
        return content


def _unpacked(scheme: int, stored: bytes, size: int) -> bytes:
    if scheme == _PLAIN:
        return stored
    if scheme not in (_LZ4, _GROUPED):
        raise wrong(f"a chunk is compressed in a way that is not known: {scheme}")
    try:
        # One byte more than it says: what goes on after that is not unpacked, however much it is.
        content: bytes = LZ4FrameDecompressor().decompress(stored, max_length=size + 1)
    except (RuntimeError, ValueError, EOFError) as error:
        raise wrong("a chunk cannot be unpacked") from error
    return content if scheme == _LZ4 or len(content) != size else ungrouped(content)


def ungrouped(content: bytes) -> bytes:
    """Return bytes that were sorted by their position within four, in their own order."""
    whole, start = bytearray(len(content)), 0
    for position in range(4):
        count = len(range(position, len(content), 4))
        whole[position::4] = content[start : start + count]
        start += count
    return bytes(whole)


def wrong(why: str) -> WeighbridgeError:
    """Return the error for what no client of the protocol sends."""
    return WeighbridgeError(
        "E-hub-xorb", f"this upload cannot be read: {why}", "send it again, or with HF_HUB_DISABLE_XET=1"
    )


def _number(content: bytes | bytearray, at: int) -> int:
    return int.from_bytes(content[at : at + 3], "little")
