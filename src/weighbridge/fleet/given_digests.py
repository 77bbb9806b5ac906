"""Digests out of whatever people paste: a column of a table, `sha256sum`'s lines, a report with words around them.

Words that are no digest are passed over and counted, so that nobody thinks that something was looked for which was not.
"""

import re

from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record

LONGEST = 256_000
"""Characters."""
MOST = 500
"""Digests at once."""
SHORTEST_BEGINNING = 12
"""Characters of a digest that is not whole; what is shorter could be any word or number."""
OTHER_HASHES = {32: "MD5", 40: "SHA-1", 96: "SHA-384", 128: "SHA-512"}
"""By length: an artifact is not known by these."""
_WORD = re.compile(r"[^\s,;|<>\"'()\[\]{}]+")
_DIGEST = re.compile(r"(?:sha256[:-]|SHA256[:-])?([0-9A-Fa-f]{12,128})[.:]?")
_FULL = 64


@record
class Given:
    """What a text holds, each once, in its order."""

    digests: tuple[str, ...]
    """Lower-case hexadecimal; 64 characters, or the beginning of it."""
    others: tuple[tuple[str, int], ...] = ()
    """Kind of hash by which no artifact is known, and how many of them."""
    passed_over: int = 0
    """Words that are no digest."""


def digests_in(text: str) -> Given:
    """Return the digests in a text. Raises WeighbridgeError E-query: it is too long, or there are too many or none."""
    if len(text) > LONGEST:
        raise WeighbridgeError("E-query", f"more than {LONGEST:,} characters", "paste it in parts")
    found: dict[str, None] = {}
    others: dict[str, set[str]] = {}
    passed_over = 0
    for word in _WORD.findall(text):
        matched = _DIGEST.fullmatch(word)
        plain = matched[1].lower() if matched else ""
        if len(plain) in OTHER_HASHES:
            others.setdefault(OTHER_HASHES[len(plain)], set()).add(plain)
        elif plain and len(plain) <= _FULL:
            found[plain] = None
        else:
            passed_over += 1
    if len(found) > MOST:
        raise WeighbridgeError("E-query", f"{len(found):,} digests, and {MOST} at once are the most", "ask in parts")
    counts = tuple((kind, len(one)) for kind, one in sorted(others.items()))
    if not found:
        only = f"; it holds {' and '.join(kind for kind, _ in counts)}" if counts else ""
        raise WeighbridgeError(
            "E-query",
            f"there is no SHA-256 in this{only}",
            f"64 characters of 0-9 and a-f, or the first {SHORTEST_BEGINNING} and more",
        )
    return Given(digests=tuple(found), others=counts, passed_over=passed_over)
