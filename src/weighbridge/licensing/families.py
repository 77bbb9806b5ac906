"""Well-known models: which license their publisher gives them.

In: the name of a model. Out: its license by `families.toml`. A name is a claim; what follows from it may restrict and
never grants more than the publisher of that very name does.
"""

import json
import re
from functools import cache, lru_cache

from weighbridge.licensing.table_data import FAMILIES
from weighbridge.model.finding import Confidence
from weighbridge.model.record import record

_LONGEST = 200
_TAG = re.compile(r":[\w.-]*\Z")


@record
class Family:
    """A group of models under one license, or under several by date or revision."""

    models: tuple[str, ...]
    licenses: tuple[str, ...]
    confidence: Confidence
    source: str
    note: str = ""
    since: str = ""
    """ISO 8601 day from which the last of the licenses is in force; empty if it is not known."""


def family_of(name: str) -> Family | None:
    """Return the family that a model belongs to by its name (`owner/name`, a store's name); None if none is known."""
    wanted = canonical(name)
    return _found(wanted) if wanted else None


def families() -> tuple[Family, ...]:
    """Return all families, in the order in which they are tried."""
    return tuple(family for family, _ in _families())


def canonical(name: str) -> str:
    """Return a model's name in the form that families are written in: lower case, `owner/name`, dashes."""
    text = _TAG.sub("", name.strip()[:_LONGEST].lower().split("@", 1)[0])
    return "-".join(text.replace("_", "-").split()).removesuffix(".gguf").rstrip("/")


@lru_cache(maxsize=1024)
def _found(name: str) -> Family | None:
    for family, patterns in _families():
        if any(_fits(pattern, name) for pattern in patterns):
            return family
    return None


@cache
def _families() -> tuple[tuple[Family, tuple[tuple[str, ...], ...]], ...]:
    found = []
    for line in FAMILIES:
        item = json.loads(line)
        family = Family(
            models=tuple(item["model"]),
            licenses=tuple(item["license"]),
            confidence=Confidence(item["confidence"]),
            source=item["source"],
            note=item.get("note", ""),
            since=item.get("since", ""),
        )
        found.append((family, tuple(tuple(pattern.split("*")) for pattern in family.models)))
    return tuple(found)


def _fits(pieces: tuple[str, ...], name: str) -> bool:
    """Tell whether `name` is the pieces of a pattern with any text between them; linear in the name."""
    first, last = pieces[0], pieces[-1]
    if len(pieces) == 1:
        return name == first
    if not name.startswith(first) or not name.endswith(last) or len(name) < len(first) + len(last):
        return False
    at, end = len(first), len(name) - len(last)
    for piece in pieces[1:-1]:
        at = name.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return True
