"""Packs: which controls of a framework are answered by which query. They are data, one TOML file each.

A row says what the control asks for in our own words, what the answer is evidence for (never that anybody complies),
how sure we are of that, and what we are not sure of. A file that does not fit is our own bug, so it is an error.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from weighbridge.fleet.evidence_registry import QUERIES

PACKS = ("board", "dora", "eu-ai-act", "hipaa", "iso-42001", "nist-ai-rmf", "soc-2")
"""Ids, sorted; each is the name of a file."""
_Word = Annotated[str, Meta(min_length=1, max_length=600)]


class PackRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of a pack."""

    control: _Word
    section: str = ""
    """Where it stands in the source; the control itself if empty."""
    asks: _Word
    evidence_for: _Word
    query: _Word
    confidence: Literal["high", "medium", "low"]
    unsure: str = ""


class Pack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One pack."""

    id: _Word
    title: _Word
    framework: _Word
    version: _Word
    """Of this mapping: the month in which somebody last read the source for it."""
    source: _Word
    """The public text that the rows were written beside."""
    about: _Word
    rows: Annotated[list[PackRow], Meta(min_length=1, max_length=60)]


@cache
def pack(name: str) -> Pack | None:
    """Return a pack; None if there is none of that id. Raises msgspec.ValidationError, KeyError: a file is wrong."""
    if name not in PACKS:
        return None
    text = files("weighbridge.fleet").joinpath("packs", f"{name}.toml").read_text("utf-8")
    found = msgspec.convert(tomllib.loads(text), Pack)
    for row in found.rows:
        QUERIES[row.query]
    return found
