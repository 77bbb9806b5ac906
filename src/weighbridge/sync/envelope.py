"""Messages as bytes: JSON in Zstandard, and back, within limits that hold before anything is built. Pure.

Source: RFC 8878 (Zstandard; the window bounds what a decoder must hold), RFC 9659 (windows of at most 8 MB in
`Content-Encoding: zstd`).
"""

from functools import cache
from typing import Any, TypeVar, get_type_hints

import msgspec
import zstandard

from weighbridge.sync.messages import VERSIONS, Message

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
    return zstandard.ZstdCompressor(level=_LEVEL).compress(encoded(message))


def encoded(message: Message) -> bytes:
    """Return a message in JSON, without fields that its version does not have."""
    return msgspec.json.encode(_spoken(message, message.version))


def _spoken(value: Any, version: int) -> Any:  # noqa: ANN401  (whatever a field can hold)
    if isinstance(value, msgspec.Struct):
        newer = _newer(type(value), version)
        if newer is None:
            return value
        fields = (name for name in value.__struct_fields__ if name not in newer)
        return {name: _spoken(getattr(value, name), version) for name in fields}
    if isinstance(value, tuple) and value and isinstance(value[0], msgspec.Struct):
        return [_spoken(one, version) for one in value]
    return value


@cache
def _newer(kind: type[msgspec.Struct], version: int) -> frozenset[str] | None:
    """Return the fields of a type that a version lacks; None if the type is the same in it, to the last part."""
    found, inner = set(), False
    for name, hint in get_type_hints(kind, include_extras=True).items():
        if _since(hint) > version:
            found.add(name)
        inner = inner or any(_newer(part, version) is not None for part in _structs(hint))
    return frozenset(found) if found or inner else None


def _since(hint: Any) -> int:  # noqa: ANN401  (a type as it is written)
    marks = [mark.extra for mark in getattr(hint, "__metadata__", ()) if isinstance(mark, msgspec.Meta)]
    return max([1, *(int(extra.get("since", 1)) for extra in marks if extra)])


def _structs(hint: Any) -> list[type[msgspec.Struct]]:  # noqa: ANN401  (a type as it is written)
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return [hint]
    parts = (getattr(hint, "__origin__", None), *getattr(hint, "__args__", ()))
    return [found for part in parts if part is not None for found in _structs(part)]


def unpacked(body: bytes, kind: type[_Kind], *, encoded: bool = True, limit: int = LARGEST_CONTENT) -> _Kind:
    """Return the message in a body.

    Args:
        body: as it was received.
        kind: what it must be.
        encoded: whether it is Zstandard; else it is plain JSON.
        limit: bytes that it may have in JSON.

    Raises:
        EnvelopeError: it is none, is too large, or of a version that is not spoken.
    """
    content = _content(body, limit) if encoded else body
    if len(content) > limit:
        raise EnvelopeError("body", "the body is too large")
    try:
        version = msgspec.json.decode(content, type=_Head).version
        if version not in VERSIONS:
            spoken = " and ".join(map(str, VERSIONS))
            raise EnvelopeError("version", f"the message is of version {version}; those that are spoken here: {spoken}")
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
