"""The notices by which a license itself asks to be applied: a LICENSE file that holds no more than such a notice.

In: words of a text. Out: the license and where its notice lies. Every word counts, in order; the wording is kept as a
digest only. Sources: Apache License 2.0, appendix "How to apply the Apache License to your work"; Mozilla Public
License 2.0, exhibit A.
"""

import hashlib
from collections.abc import Sequence

from weighbridge.model.record import record

_NOTICES = (
    ("apache-2.0", "licensed", 84, "3666f11603434fd50aa9930358b96a4a6ae2f2b062f4faee0668e01d28951ca2"),
    ("mpl-2.0", "this", 36, "c4413aae30ab2903df8f7b52f1feb9dd566a0289d8d69b78470d5f690448f49a"),
)
"""License, first word, number of words, SHA-256 of the words with a space between."""
_FIRST = frozenset(first for _, first, _, _ in _NOTICES)
_LONGEST = 1_000
"""Words of a text that is looked at; what is longer says more than a notice."""


@record
class StandardNotice:
    """Where a license's own notice lies."""

    license: str
    start: int
    end: int


def standard_notice(words: Sequence[str]) -> StandardNotice | None:
    """Return the first notice in `words`; None if there is none."""
    if len(words) > _LONGEST:
        return None
    for index, word in enumerate(words):
        if word not in _FIRST:
            continue
        for license_id, first, length, digest in _NOTICES:
            run = words[index : index + length]
            if word == first and len(run) == length and hashlib.sha256(" ".join(run).encode()).hexdigest() == digest:
                return StandardNotice(license=license_id, start=index, end=index + length)
    return None
