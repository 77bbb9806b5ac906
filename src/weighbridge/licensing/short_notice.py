"""Licenses that a text only names: `SPDX-License-Identifier: MIT`, `licensed under the Apache License, Version 2.0`.

In: words. Out: table ids. A name is a declaration; whoever reads it has not read the license.
"""

from collections.abc import Sequence

from weighbridge.licensing.table import license_entry

_OPENINGS: tuple[tuple[str, ...], ...] = (
    ("spdx", "license", "identifier"),
    ("licensed", "under"),
    ("released", "under"),
    ("distributed", "under"),
    ("available", "under"),
    ("under", "the", "terms", "of"),
    ("license",),
)
_FIRST_WORDS = frozenset(opening[0] for opening in _OPENINGS)
_LONGEST_NAME = 8
_SILENT = frozenset({"the", "terms", "of", "a", "an", "is"})
_MOST = 5
_MOST_WORDS = 20_000
_MOST_LOOKUPS = 64
"""Different openings that are looked up; a text that only names licenses says so at once."""


def named_in(words: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of licenses that `words` name, in order of first mention, at most five."""
    found: dict[str, None] = {}
    looked_up: set[tuple[str, ...]] = set()
    for index, word in enumerate(words[:_MOST_WORDS]):
        if word not in _FIRST_WORDS:
            continue
        opening = next((one for one in _OPENINGS if tuple(words[index : index + len(one)]) == one), None)
        if opening is None:
            continue
        following = tuple(words[index + len(opening) : index + len(opening) + _LONGEST_NAME + 2])
        if following in looked_up:
            continue
        looked_up.add(following)
        name = _name(following)
        if name is not None:
            found.setdefault(name)
        if len(found) >= _MOST or len(looked_up) >= _MOST_LOOKUPS:
            break
    if not found:
        title = _name(words[: _LONGEST_NAME + 2])
        found.update({title: None} if title is not None else {})
    return tuple(found)


def _name(words: Sequence[str]) -> str | None:
    """Return the id that the longest run at the beginning of `words` names."""
    start = 0
    while start < len(words) and words[start] in _SILENT:
        start += 1
    for length in range(_LONGEST_NAME, 0, -1):
        run = words[start : start + length]
        if len(run) < length:
            continue
        for text in (" ".join(run), "-".join(run), _dotted(run)):
            entry = license_entry(text)
            if entry is not None:
                return entry.id
    return None


def _dotted(words: Sequence[str]) -> str:
    """Two numbers in a row are a version: `apache 2 0` is `apache 2.0`."""
    text = ""
    for index, word in enumerate(words):
        joint = "." if index and word.isdigit() and words[index - 1].isdigit() else " "
        text += joint + word if text else word
    return text
