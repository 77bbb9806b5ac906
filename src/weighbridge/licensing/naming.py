"""How people write the name of a license, brought to one form. Pure text, linear."""

import re

_WORD = re.compile(r"[a-z0-9.+]+")
_SAYS_NOTHING = frozenset(
    {"agreement", "generic", "international", "license", "licensed", "the", "unported", "v", "version"}
)
_VERSION = re.compile(r"v(?=\d)")
_LONGEST = 200


def plain(text: str) -> str:
    """Return `text` in lower case with single spaces, without quotes around it, underscores as dashes."""
    return " ".join(text[:_LONGEST].lower().replace("_", "-").split()).strip("\"'` ")


def loose(text: str) -> str:
    """Return the words of `text` that tell licenses apart: `The Apache License, Version 2.0` is `apache 2.0`."""
    american = text[:_LONGEST].lower().replace("licenc", "licens")
    words = (_VERSION.sub("", word, count=1).strip(".") for word in _WORD.findall(american))
    return " ".join(word for word in words if word and word not in _SAYS_NOTHING)
