"""Whether a few words beside a license are only its title and notices of copyright.

In: words. Out: yes or no. Of a short text nothing passes that is not known to be harmless: "just kidding" and "sales
will call you" hold no word of terms, and still take back what stands above them.
"""

from collections.abc import Sequence

from weighbridge.licensing.copyright_line import MARK
from weighbridge.licensing.notice_words import (
    CONNECTING,
    HARMLESS_IN_NAMES,
    INSTITUTIONS,
    NEVER_IN_NAMES,
    NEVER_IN_TITLES,
    PHRASES,
    TITLE,
    VERBS,
)
from weighbridge.licensing.term_words import KINDS_OF_USE, SOFT, STRONG, TOPICS, WEAK

_LONGEST_PROJECT = 3
_LONGEST_BARE_TITLE = 2
_LONGEST_HEADING = 8
_LONGEST_HOLDER = 16
_LONGEST_NAME = 24
_LONGEST_NOTICE = 60
_LAST_LATIN = 0x250
_LONGEST_PHRASE = max(len(phrase) for phrase in PHRASES)
_PHRASES_BEGIN = frozenset(phrase[0] for phrase in PHRASES)
_THINGS = TOPICS - {"company", "organization", "services"}
_TERMS = (STRONG | WEAK | NEVER_IN_NAMES) - HARMLESS_IN_NAMES


def only_notices(words: Sequence[str], names: frozenset[str]) -> bool:
    """Tell whether `words` are titles of the license and notices of copyright, and nothing else.

    Args:
        words: a run of words that is not the license's own.
        names: words of the license's own names.
    """
    parts: list[list[str]] = [[]]
    for word in _without_phrases(_without_pointer(words, names), names):
        if word == "copyright":
            parts.append([])
        else:
            parts[-1].append(word)
    heads = _is_title(parts[0], names) or (len(parts) > 1 and _is_heading(parts[0], names))
    return heads and all(is_holder(part, names) for part in parts[1:])


def beyond_first_notices(words: Sequence[str], names: frozenset[str]) -> Sequence[str]:
    """Return what stands behind the title and the notices of copyright that `words` begin with.

    Where a name ends and a sentence begins cannot be seen; the first word that is in no name begins one.
    """
    start = 0
    while start < len(words) and words[start] != "copyright":
        start += 1
    if start == len(words) or not _is_title(_without_phrases(words[:start], names), names):
        return words
    end = start + 1
    while end < len(words) and (words[end] == "copyright" or is_holder(words[end : end + 1], names)):
        end += 1
    return words[end:]


def is_holder(words: Sequence[str], names: frozenset[str] = frozenset()) -> bool:
    """Tell whether `words` can be years and names of people, projects and companies."""
    unknown = 0
    for index, word in enumerate(words):
        if word == "for" and index and words[index - 1] in INSTITUTIONS:
            continue
        if word in SOFT and word != "rights":
            return _is_title(words[index:], names)
        if word.endswith(MARK):
            unknown += 1
            continue
        if word in names or word in TITLE or word in CONNECTING or word.isdigit():
            continue
        if word in _TERMS or not _can_be_name(word):
            return False
        unknown += 1
    return unknown <= _LONGEST_HOLDER


def fills_blank(words: Sequence[str]) -> bool:
    """Tell whether `words` can stand where a license leaves room for a name or a year."""
    return _THINGS.isdisjoint(words) and is_holder([word for word in words if word not in ("copyright", "nor")])


def _is_title(words: Sequence[str], names: frozenset[str]) -> bool:
    """The license's title, or a sentence that says no more than that this is the license; a project's name before."""
    if names.isdisjoint(words):
        return len(words) <= _LONGEST_BARE_TITLE and all(word in TITLE or _is_year(word) for word in words)
    start = 0
    while start < min(len(words), _LONGEST_PROJECT) and _can_begin(words[start], names):
        start += 1
    end = _project_at_end(words, names)
    return all(word in names or word in TITLE or _is_year(word) for word in words[start:end])


def _is_heading(words: Sequence[str], names: frozenset[str]) -> bool:
    """A project's name, and what it is, above a notice of copyright: `pycparser -- A C parser in Python`."""
    unknown = [word for word in words if word not in TITLE and len(word) > 1]
    few = len(words) <= _LONGEST_HEADING and 0 < len(unknown) <= _LONGEST_PROJECT
    plain = SOFT.isdisjoint(words) and not any(word.isdigit() for word in words)
    return few and plain and all(_can_begin(word, names) and word not in VERBS for word in unknown)


def _project_at_end(words: Sequence[str], names: frozenset[str]) -> int:
    """Return where `for NAME software` begins at the end of a title."""
    for length in (3, 4):
        tail = words[-length:]
        if len(words) > length and tail[0] == "for" and tail[-1] == "software":
            project = tail[1:-1]
            if KINDS_OF_USE.isdisjoint(project) and all(_can_begin(word, names) for word in project):
                return len(words) - length
    return len(words)


def without_last_notices(words: Sequence[str]) -> list[str]:
    """Return `words` without the notices of copyright at their end."""
    kept = list(words)
    for index in range(len(kept) - 1, max(-1, len(kept) - _LONGEST_NOTICE), -1):
        if kept[index] == "copyright":
            if not is_holder(kept[index + 1 :]):
                break
            del kept[index:]
    return kept


def _can_begin(word: str, names: frozenset[str]) -> bool:
    return word not in names and word not in TITLE and word not in _TERMS | NEVER_IN_TITLES and _can_be_name(word)


def _can_be_name(word: str) -> bool:
    """No name is as long as a sentence that was run together, and other letters are not read here."""
    return len(word) <= _LONGEST_NAME and all(ord(letter) < _LAST_LATIN for letter in word)


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdigit()


def _without_pointer(words: Sequence[str], names: frozenset[str]) -> Sequence[str]:
    """Leave out `see LICENSE` behind the license's name: this is that file."""
    for pointer in (("see", "license"), ("see", "the", "license", "file")):
        if tuple(words[-len(pointer) :]) == pointer and not names.isdisjoint(words):
            return words[: -len(pointer)]
    return words


def _without_phrases(words: Sequence[str], names: frozenset[str]) -> list[str]:
    """Leave out what stands in notices of the freest licenses, though single words of it could mean more."""
    kept: list[str] = []
    at = 0
    while at < len(words):
        for length in range(_LONGEST_PHRASE, 1, -1) if words[at] in _PHRASES_BEGIN else ():
            phrase = tuple(words[at : at + length])
            if phrase in PHRASES and names.issuperset(PHRASES[phrase]):
                at += length
                break
        else:
            kept.append(words[at])
            at += 1
    return kept
