"""Approvals: what the catalog lets be used, as a text that those sign who may. Pure.

An approval forbids nothing and orders nothing. It is a fact that policies may let count (`policy/approvals.py`), which
is why the key for it may be a server's: what people signed says how far it goes.
"""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from weighbridge.sync.rulings import (
    CATALOG,
    MOST_RULINGS,
    SCHEMA,
    Day,
    Digest,
    check_schema,
    check_words,
    decoded,
    encoded,
)

MOST_CLASSES = 20
_Text = Annotated[str, Meta(max_length=200)]
_EMPTY = ""


class ApprovedModel(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One release that may be used."""

    weights: Annotated[tuple[Digest, ...], Meta(min_length=1, max_length=MOST_RULINGS)]
    """SHA-256 of its model files."""
    model: _Text = _EMPTY
    """`namespace/name`; empty where not everybody in the fleet may know it, as everything else that names it."""
    commit: Annotated[str, Meta(pattern=r"^([0-9a-f]{40})?$")] = _EMPTY
    version: Annotated[str, Meta(max_length=64)] = _EMPTY
    """What people call it."""
    data_classes: Annotated[tuple[Annotated[str, Meta(max_length=20)], ...], Meta(max_length=MOST_CLASSES)]
    """Data that it may be given."""
    until: Day
    """The last day on which that holds, in UTC."""
    deprecated: bool = False
    replacement: _Text = _EMPTY
    """What to use instead of one that is deprecated: a digest, a model, or words."""


class Approvals(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that may be used now."""

    schema: str
    number: Annotated[int, Meta(gt=0, lt=1 << 53)]
    approved: Annotated[tuple[ApprovedModel, ...], Meta(max_length=MOST_RULINGS)] = ()
    left_out: Annotated[int, Meta(ge=0, lt=1 << 53)] = 0
    """Releases for which there was no room."""


def approvals_text(number: int, approved: Iterable[ApprovedModel], left_out: int = 0) -> bytes:
    """Return approvals as a text: the same ones give the same bytes everywhere.

    Args:
        number: one more than that of the text before.
        approved: each digest once.
        left_out: releases for which there was no room.

    Raises:
        ValueError: they do not make one, or are too many; with a reason for a person.
    """
    ordered = tuple(sorted(approved, key=lambda one: one.weights))
    schema = SCHEMA.format(CATALOG)
    content = encoded(Approvals(schema=schema, number=number, approved=ordered, left_out=left_out))
    read_approvals(content)
    return content


def read_approvals(content: bytes) -> Approvals:
    """Return the approvals in a text. Raises ValueError with a reason for a person: it is none."""
    read = decoded(content, Approvals)
    check_schema(read.schema, CATALOG)
    seen: set[str] = set()
    for one in read.approved:
        check_words(one.model, one.version, one.replacement, *one.data_classes)
        if not seen.isdisjoint(one.weights) or len(set(one.weights)) != len(one.weights):
            raise ValueError("a digest is approved twice")
        seen.update(one.weights)
        try:
            date.fromisoformat(one.until)
        except ValueError:
            raise ValueError("an approval has an end that is no day") from None
    if len(seen) > MOST_RULINGS:
        raise ValueError(f"more than {MOST_RULINGS} digests are approved")
    return read
