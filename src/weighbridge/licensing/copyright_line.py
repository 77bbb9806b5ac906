"""Names of people and companies in notices of copyright that are also words of sentences: Will McGugan, Brian May.

In: a text in its own case. Out: the text with those words marked, where they stand as names stand: capitalized, in a
short run of capitalized words after `copyright`, one such word a name. A clause put into the notice (`Copyright 2024
Will not be sold`) has no such shape, and is judged as what it says. Known miss: a clause made of nothing but
capitalized words of which no list knows one.
"""

import re
from itertools import pairwise

from weighbridge.licensing.notice_words import (
    CONNECTING,
    GIVEN_NAMES,
    HARMLESS_IN_NAMES,
    IN_COMPANIES,
    NEVER_IN_NAMES,
    ORGANIZATIONS,
    SURNAMES,
    TITLE,
    VERBS,
)
from weighbridge.licensing.term_words import SOFT, STRONG, WEAK

MARK = "\u01c3"
"""Behind a word that is a name; a letter, so that it stays with its word."""
_COPYRIGHT = (re.compile("opyright"), re.compile("OPYRIGHT"))
"""Two fast searches instead of a slow one."""
_BLANK = re.compile(r"\n[ \t\r]*\n")
_TOKEN = re.compile(r"[^\s,;()<>\[\]|&]+|[,;()<>\[\]|&]")
_PIECE = re.compile(r"[^\W_]+")
_YEARS = re.compile(r"[\d\W_]+|present", re.IGNORECASE)
_REACH = 300
_LONGEST_PERSON = 4
_LONGEST_COMPANY = 7
_AFTER_NAMES = frozenset({"all", "distributed", "licensed", "permission", "redistribution", "released", "this"})
_BETWEEN = frozenset({"and", "by", "with"})
_IN_NAMES = GIVEN_NAMES | SURNAMES | IN_COMPANIES
_SPEAKING = (STRONG | WEAK | NEVER_IN_NAMES | SOFT) - HARMLESS_IN_NAMES

_Token = re.Match[str]


def mark_names(text: str) -> str:
    """Return `text` with `MARK` behind every word of a name that could be a word of a sentence; linear.

    Marks that stand in `text` already are taken out: only this function says what is a name.
    """
    text = text.replace(MARK, " ")
    starts = sorted(found.end() for spelling in _COPYRIGHT for found in spelling.finditer(text))
    if not starts:
        return text
    ends: list[int] = []
    for start, after in pairwise([*starts, len(text)]):
        end = min(start + _REACH, after)
        blank = _BLANK.search(text, start, end)
        notice = list(_TOKEN.finditer(text, start, blank.start() if blank else end))
        ends += (place for name in _names(notice) for place in _to_mark(name, text))
    pieces, at = [], 0
    for end in ends:
        pieces.append(text[at:end])
        at = end
    return MARK.join([*pieces, text[at:]])


def unmarked(words: list[str]) -> list[str]:
    """Return `words` without marks."""
    return [word.removesuffix(MARK) for word in words]


def _names(notice: list[_Token]) -> list[list[_Token]]:
    """Return the runs of words between years, commas and the like, up to where the license itself begins."""
    names: list[list[_Token]] = [[]]
    for index, token in enumerate(notice):
        word = _plain(token[0])
        if word in _AFTER_NAMES:
            break
        comma_in_company = token[0] == "," and index + 1 < len(notice) and _plain(notice[index + 1][0]) in ORGANIZATIONS
        if comma_in_company:
            continue
        if word in _BETWEEN or _YEARS.fullmatch(token[0]):
            names.append([])
            continue
        names[-1].append(token)
        if token[0].endswith((".", ":")) and len(word) > 1 and word not in ORGANIZATIONS:
            names.append([])
    return [name for name in names if name]


def _to_mark(name: list[_Token], text: str) -> list[int]:
    """Return the ends of words in `name` that are to be marked."""
    if len(name) == 1 and ("@" in name[0][0] or "://" in name[0][0]):
        pieces = _PIECE.finditer(text, name[0].start(), name[0].end())
        return [piece.end() for piece in pieces if piece[0].lower() in GIVEN_NAMES | SURNAMES]
    words = [_plain(token[0]) for token in name]
    at = [index for index, word in enumerate(words) if word in _IN_NAMES]
    if len(at) != 1 or not all(token[0][:1].isupper() for token in name):
        return []
    others = [word for index, word in enumerate(words) if index != at[0]]
    if any(word in _SPEAKING for word in others) or not (_is_person(words, at[0]) or _is_company(words, others)):
        return []
    piece = _PIECE.search(text, name[at[0]].start(), name[at[0]].end())
    return [piece.end()] if piece is not None else []


def _is_person(words: list[str], at: int) -> bool:
    """`Will McGugan` and `Brian May`, not `Will Charge`; one name alone only if it is a given one."""
    if len(words) == 1:
        return words[0] in GIVEN_NAMES
    if len(words) > _LONGEST_PERSON or not any(_tells(word) for index, word in enumerate(words) if index != at):
        return False
    if at == 0:
        return words[0] in GIVEN_NAMES and words[1] not in VERBS
    return at == len(words) - 1 and words[at] in SURNAMES


def _is_company(words: list[str], others: list[str]) -> bool:
    named = words[-1] in ORGANIZATIONS and any(map(_tells, others))
    return named and len(words) <= _LONGEST_COMPANY and VERBS.isdisjoint(words)


def _tells(word: str) -> bool:
    """A word of no list: what names are made of."""
    return bool(word) and word not in TITLE and word not in CONNECTING


def _plain(token: str) -> str:
    return "".join(_PIECE.findall(token)).lower()
