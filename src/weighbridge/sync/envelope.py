"""Messages as bytes: JSON in Zstandard, and back, within limits that hold before anything is built. Pure.

Source: RFC 8878 (Zstandard; the window bounds what a decoder must hold), RFC 9659 (windows of at most 8 MB in
`Content-Encoding: zstd`).
"""

from typing import TypeVar

import msgspec
import zstandard

from weighbridge.sync.messages import VERSION, Message

CONTENT_TYPE = "application/json"
ENCODING = "zstd"
LARGEST_BODY = 8 << 20
"""Bytes of a request as it is sent."""
LARGEST_CONTENT = 32 << 20
"""Bytes of a request as it is read."""
LARGEST_REPLY = 1 << 20
_LEVEL = 3
_WINDOW = 8 << 20
_Kind = TypeVar("_Kind", bound=Message)


class EnvelopeError(ValueError):
    """Bytes are no message; with a reason for a person.

    Args:
        code: `body` or `version`, as in `messages.REFUSALS`.
        reason: a sentence.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class _Head(msgspec.Struct):
    version: int = 0


def packed(message: Message) -> bytes:
    """Return a message as it is sent."""
    return zstandard.ZstdCompressor(level=_LEVEL).compress(msgspec.json.encode(message))


def unpacked(body: bytes, kind: type[_Kind], *, encoded: bool = True, limit: int = LARGEST_CONTENT) -> _Kind:
    """Return the message in a body.

    Args:
        body: as it was received.
        kind: what it must be.
        encoded: whether it is Zstandard; else it is plain JSON.
        limit: bytes that it may have in JSON.

    Raises:
        EnvelopeError: it is none, is too large, or of another version.
    """
    content = _content(body, limit) if encoded else body
    if len(content) > limit:
        raise EnvelopeError("body", "the body is too large")
    try:
        version = msgspec.json.decode(content, type=_Head).version
        if version != VERSION:
            raise EnvelopeError("version", f"the message is of version {version}, not {VERSION}")
        return msgspec.json.decode(content, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise EnvelopeError("body", f"the body is no such message: {str(error)[:150]}") from None


def _content(body: bytes, limit: int) -> bytes:
    """Return what a single Zstandard frame holds, never more than `limit` bytes of it."""
    try:
        decoder = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
        with decoder.stream_reader(body, read_across_frames=False) as reader:
            content = reader.read(limit + 1)
        whole = zstandard.get_frame_parameters(body)
        if whole.content_size not in (zstandard.CONTENTSIZE_UNKNOWN, len(content)) and len(content) <= limit:
            raise EnvelopeError("body", "the body is cut off")
    except zstandard.ZstdError as error:
        raise EnvelopeError("body", f"the body is no Zstandard: {str(error)[:150]}") from None
    return content
