"""The license table, by any name that a license goes by.

In: an id, alias, SPDX id, hub tag or index key. Out: the entry, or what else a label may mean. The data stand in
`table/`, one file a license, and in `labels.toml`; `tools/license_data.py` makes `table_data.py` of them, whose lines
are parsed when they are asked for.
"""

import json
from enum import StrEnum
from functools import cache

from weighbridge.licensing.entry import LicenseEntry, entry_from
from weighbridge.licensing.naming import loose, plain
from weighbridge.licensing.table_data import ENTRIES, LABELS, NOTHING
from weighbridge.model.record import record


class Naming(StrEnum):
    """What a label does."""

    ONE = "one"
    """Names one license of the table."""
    SEVERAL = "several"
    """Stands for several licenses whose terms may differ."""
    NONE = "none"
    """Names nothing: `other`."""
    UNKNOWN = "unknown"
    """Names a license whose terms are not in the table."""


@record
class Label:
    """What a label may mean."""

    naming: Naming
    licenses: tuple[str, ...] = ()
    """Table ids."""
    note: str = ""


def license_entry(id_or_alias: str) -> LicenseEntry | None:
    """Return the entry that `id_or_alias` names, None if it names none or may name several."""
    names = _names()
    found = names.get(plain(id_or_alias)) or names.get(loose(id_or_alias))
    return None if found is None else _entry(found)


def label(text: str) -> Label:
    """Return what a declared label means."""
    name = plain(text)
    if name in _nothing():
        return Label(naming=Naming.NONE)
    for form in (name, loose(text)):
        ambiguous = _ambiguous().get(form)
        if ambiguous is not None:
            return ambiguous
    entry = license_entry(text)
    return Label(naming=Naming.UNKNOWN) if entry is None else Label(naming=Naming.ONE, licenses=(entry.id,))


def entries() -> tuple[LicenseEntry, ...]:
    """Return the whole table, sorted by id."""
    return tuple(_entry(name) for name in ENTRIES)


def ambiguous_labels() -> dict[str, Label]:
    """Return the labels that stand for several licenses."""
    return dict(_ambiguous())


@cache
def _entry(license_id: str) -> LicenseEntry:
    return entry_from(license_id, json.loads(ENTRIES[license_id].partition("\t")[2]))


@cache
def _names() -> dict[str, str]:
    return {name: license_id for license_id, line in ENTRIES.items() for name in line.partition("\t")[0].split("|")}


@cache
def _nothing() -> frozenset[str]:
    return frozenset(json.loads(NOTHING))


@cache
def _ambiguous() -> dict[str, Label]:
    labels = (json.loads(line) for line in LABELS)
    return {
        item["label"]: Label(naming=Naming.SEVERAL, licenses=tuple(item["licenses"]), note=item["note"])
        for item in labels
    }
