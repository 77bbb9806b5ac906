"""What the readers of single compressed files (gzip, xz, ...) share."""

from weighbridge.formats.codec import first_piece
from weighbridge.formats.inflate import TAKE
from weighbridge.formats.reader import Child, Reading, Role
from weighbridge.formats.tar_header import BLOCK, parse_header
from weighbridge.model.budget import Budget
from weighbridge.model.source import ByteSource
from weighbridge.model.stream_marks import Codec
from weighbridge.model.stream_source import StreamSource

_PROBED = 1 << 20
"""How much is expanded to see how well the content packs."""

_MEASURED = 64 << 20
"""From here on the ratio is exact enough to estimate the whole."""

_SUSPICIOUS_RATIO = 50
"""Half of what is allowed, because compressed bytes are taken ahead of what they become."""

_SUFFIXES: tuple[tuple[bytes, bytes], ...] = (
    (b".tgz", b".tar"),
    (b".taz", b".tar"),
    (b".tbz2", b".tar"),
    (b".tbz", b".tar"),
    (b".txz", b".tar"),
    (b".tlz", b".tar"),
    (b".tzst", b".tar"),
    (b".gz", b""),
    (b".gzip", b""),
    (b".bz2", b""),
    (b".xz", b""),
    (b".lzma", b""),
    (b".lz4", b""),
    (b".zst", b""),
    (b".zstd", b""),
    (b".zlib", b""),
    (b".z", b""),
)


def inner_name(name: bytes) -> bytes:
    """Return what `name` is called once expanded: `model.pkl.gz` -> `model.pkl`, `a.tgz` -> `a.tar`."""
    lowered = name.lower()
    for suffix, instead in _SUFFIXES:
        if lowered.endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)] + instead
    return name or b"content"


def read_compressed(format_id: str, codec: Codec, source: ByteSource, budget: Budget, name: bytes = b"") -> Reading:
    """Return a reading whose one child is the expanded content.

    Only the start is expanded, unless it packs so well that the whole would exceed the limits: then the whole is
    expanded until the limit is reached or the suspicion was wrong. A tar archive is unpacked member by member, so it
    may pack as well as it likes up to the limits for archives.

    Raises:
        LimitReached: the content expands to more than the budget allows.
    """
    inner = name or inner_name(source.name)
    content = StreamSource(source, codec, budget, name=inner)
    if parse_header(first_piece(source, codec, BLOCK)) is None:
        _expand_if_suspicious(content, source, budget)
    else:
        content.archive = True
    child = Child(member=inner.decode("utf-8", "backslashreplace"), source=content, role=Role.MEMBER)
    return Reading(format=format_id, holds_model=False, children=(child,))


def _expand_if_suspicious(content: StreamSource, source: ByteSource, budget: Budget) -> None:
    """Expand on as long as the content, at the ratio seen so far, could exceed the limits."""
    reach = _PROBED
    limits = budget.limits
    while content.size_within(reach) is None:
        used = content.compressed_consumed
        if reach < _MEASURED:
            if reach < _SUSPICIOUS_RATIO * used:
                return
        elif used > TAKE:
            ratio = reach // (used - TAKE)
            if ratio <= limits.expansion_ratio or ratio * source.size < limits.expanded_bytes:
                return
        reach *= 4
