"""What is kept of the members of a packed tar archive while it comes by for the first time.

To find the members of a stream is to expand all of it. What recognition and the inventory ask for later (first and last
bytes, digest) is taken on the way, so that ordinary members are never expanded again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from weighbridge.formats.identify import TAIL_WITHIN
from weighbridge.formats.reader import HEAD_BYTES, TAIL_BYTES
from weighbridge.formats.tar_walk import TarMember
from weighbridge.model.source import ByteSource, SourceError

WHOLE = 8 << 10
"""A member of at most so many bytes is kept whole."""

_LARGE = 16 << 20
_LARGE_HEAD = 256 << 10
"""Start of a large member: many headers of weights end within it."""

MOST = 32 << 20
"""Kept bytes of one archive."""


def passing(archive: ByteSource, members: Iterable[TarMember]) -> Iterator[TarMember]:
    """Yield `members`, each with what was kept of it.

    Args:
        archive: expanded content, read forward by `members`.
        members: from `tar_walk.walk`, which must not be ahead of what is yielded here.
    """
    left = MOST
    for member in members:
        if not member.is_regular or member.pieces is not None or member.size < 1:
            yield member
            continue
        kept = _kept(archive, member) if left > 0 else (b"", b"")
        left -= len(kept[0]) + len(kept[1])
        if member.size > WHOLE and (watch := getattr(archive, "watch", None)) is not None:
            watch(member.offset, member.packed_size)
        yield replace(member, kept=kept) if kept[0] else member


def _kept(archive: ByteSource, member: TarMember) -> tuple[bytes, bytes]:
    wanted = member.size if member.size <= WHOLE else HEAD_BYTES if member.size < _LARGE else _LARGE_HEAD
    try:
        head = archive.read(member.offset, wanted)
        tail = b""
        if WHOLE < member.size <= TAIL_WITHIN:
            tail = archive.read(member.offset + member.size - TAIL_BYTES, TAIL_BYTES)
    except SourceError:
        return b"", b""  # whoever reads the member is told why
    return (head, tail) if len(head) == wanted and len(tail) in (0, TAIL_BYTES) else (b"", b"")
