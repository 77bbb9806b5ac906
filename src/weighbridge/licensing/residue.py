"""Words around and inside a license that are not its own: whether they could change what it allows.

In: words. Out: whether they are a title, a notice of copyright, plain prose, or something that speaks of terms. When in
doubt they speak of terms: a missed sentence turns a restricted model into a free one.
"""

from collections.abc import Sequence
from enum import StrEnum

from weighbridge.licensing.term_words import NAMING, SOFT, STRONG, TOPICS, WEAK


class Residue(StrEnum):
    """What words that are not the license's own are, best first."""

    NOTICE = "notice"
    """Titles, names, years: no sentence about use."""
    PROSE = "prose"
    """Text that speaks of something else."""
    NAMING = "naming"
    """Says which license this is, and no more."""
    UNREADABLE = "unreadable"
    """In letters that are not read here."""
    TERMS = "terms"
    """Speaks of what may or must be done."""


LONGEST_NOTICE = 60
_NEAR = 7
_LONG = 200
"""From so many words on, prose is expected, and weak words count only near a topic."""
_AROUND = 5
_SAID_IN_NOTICES = (
    ("all", "rights", "reserved"),
    ("creative", "commons"),
    ("copyright", "and", "permission", "notice"),
)
"""Phrases of the freest licenses' titles and notices that hold words of terms."""


def classify(words: Sequence[str], names: frozenset[str]) -> Residue:
    """Return what `words` are.

    Args:
        words: a run of words that is not the license's own, in order.
        names: words of the license's own names (`mit`, `apache`, `2`, `0`), which may be said.
    """
    plain = _without_notices(words)
    if any(not word.isascii() and _foreign(word) for word in plain):
        return Residue.UNREADABLE
    soft = False
    for index, word in enumerate(plain):
        if word in names:
            continue
        if word in STRONG or (word in WEAK and _counts(plain, index)):
            return Residue.TERMS
        if word in SOFT:
            near = plain[max(0, index - _AROUND) : index + _AROUND + 1]
            heading = index >= len(plain) - 2 and len(plain) >= _LONG
            own = any(other in names for other in plain[max(0, index - 3) : index + 3])
            if (
                not heading
                and not own
                and not all(other in NAMING or other in names or other.isdigit() for other in near)
            ):
                return Residue.TERMS
            soft = True
    if soft:
        return Residue.NAMING
    return Residue.NOTICE if len(plain) <= LONGEST_NOTICE else Residue.PROSE


def is_notice(words: Sequence[str], names: frozenset[str]) -> bool:
    """Tell whether `words` inside a license are only a notice of copyright or a title that somebody put there."""
    if len(words) > LONGEST_NOTICE or classify(words, names) is not Residue.NOTICE:
        return False
    return "copyright" in words or all(word in names or word.isdigit() for word in words)


def _without_notices(words: Sequence[str]) -> list[str]:
    kept: list[str] = []
    for word in words:
        kept.append(word)
        for phrase in _SAID_IN_NOTICES:
            if word == phrase[-1] and tuple(kept[-len(phrase) :]) == phrase:
                del kept[-len(phrase) :]
    return kept


def _counts(words: Sequence[str], index: int) -> bool:
    """A weak word counts in a short text, and in a long one near something that terms are about."""
    return len(words) < _LONG or not TOPICS.isdisjoint(words[max(0, index - _NEAR) : index + _NEAR + 1])


def _foreign(word: str) -> bool:
    """Letters beyond Latin ones: what they say is not known here."""
    return any(ord(letter) > 0x24F for letter in word)
