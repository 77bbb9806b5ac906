"""Which text of a policy can be shown to a person as it is.

In: text. Out: whether it holds characters that act on a terminal or turn the reading direction round.
Source: Unicode Standard Annex 9, section 2 (directional formatting characters).
"""

import re

_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def is_plain(text: str, *, one_line: bool = False) -> bool:
    """Tell whether `text` only says something; with `one_line` also that it has no line breaks or tabs."""
    return _ACTING.search(text) is None and not (one_line and ("\n" in text or "\t" in text))
