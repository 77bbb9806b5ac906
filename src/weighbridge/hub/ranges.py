"""Which part of a file a request asks for. Source: RFC 9110, sections 13.1 (preconditions) and 14 (ranges)."""

import re
from typing import NamedTuple

_BYTES = re.compile(r"bytes\s*=\s*(?:([0-9]{1,19})-([0-9]{0,19})|-([0-9]{1,19}))\s*", re.ASCII | re.IGNORECASE)
_TAG = re.compile(r'(W/)?"([^"]*)"')


class Part(NamedTuple):
    """Bytes from `start` to before `end`."""

    start: int
    end: int


def part_of(asked: str, size: int) -> Part | None:
    """Return the part that a `Range` header asks for; None for the whole.

    What is no range of bytes, and several at once, is answered with the whole, as the standard allows. So is any range
    of a file without bytes: clients that fetch every file by ranges take a 416 for a failure.

    Args:
        asked: the header; empty if there is none.
        size: bytes of the file.

    Raises:
        ValueError: it lies outside of the file (416).
    """
    found = _BYTES.fullmatch(asked.strip())
    if found is None or not size:
        return None
    if found[3] is not None:
        last = int(found[3])
        if not last:
            raise ValueError(asked)
        return Part(max(0, size - last), size)
    start = int(found[1])
    if found[2] and int(found[2]) < start:
        return None
    if start >= size:
        raise ValueError(asked)
    return Part(start, min(size, int(found[2]) + 1) if found[2] else size)


def names(header: str, etag: str) -> bool:
    """Tell whether `If-None-Match` names an entity tag; weak ones count, as section 13.1.2 says. `etag` with quotes."""
    return header.strip() == "*" or any(f'"{tag[2]}"' == etag for tag in _TAG.finditer(header))
