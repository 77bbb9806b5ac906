"""Python distributions that lie beside models: what their metadata says.

Sources: core metadata specification 2.4 (fields `Name`, `Version`, `License-Expression`, `License`, `Classifier`);
PEP 376 and PEP 627 (`RECORD`).
"""

import hashlib
from collections.abc import Mapping

from weighbridge.bom.component import (
    CONFIDENCE,
    Attribute,
    Component,
    Identity,
    Kind,
    Licensing,
    Occurrence,
    Statement,
)
from weighbridge.bom.license_names import spdx_expression, spdx_id
from weighbridge.bom.purl import pypi
from weighbridge.bom.text import clean
from weighbridge.model.fact import Grade
from weighbridge.model.record import record

_MOST_LINES = 2000
_LICENSE_CLASSIFIER = "License :: "


@record
class Distribution:
    """One installed distribution."""

    name: str
    version: str
    path: str
    """Folder of its metadata, as documents show paths."""
    licenses: tuple[Statement, ...] = ()
    summary: str = ""
    author: str = ""
    home_page: str = ""
    record_sha256: str | None = None
    """SHA-256 of the RECORD file, which holds the digest of every installed file."""
    files: int = 0
    """Entries of RECORD."""


def read_distribution(path: str, metadata: bytes, record_file: bytes | None) -> Distribution | None:
    """Return what the metadata of a distribution says; None if it has no name or version.

    Args:
        path: folder of the metadata, as documents show paths.
        metadata: start of METADATA; only the headers are read.
        record_file: whole RECORD, or None where there is none or it is too large.
    """
    headers = _headers(metadata)
    name, version = _first(headers, "name"), _first(headers, "version")
    if not name or not version:
        return None
    return Distribution(
        name=name,
        version=version,
        path=path,
        licenses=_licenses(headers),
        summary=_first(headers, "summary"),
        author=_first(headers, "author") or _first(headers, "author-email") or _first(headers, "maintainer"),
        home_page=_first(headers, "home-page"),
        record_sha256=None if record_file is None else hashlib.sha256(record_file).hexdigest(),
        files=0 if record_file is None else record_file.count(b"\n"),
    )


def library(item: Distribution) -> Component:
    """Return the component of a distribution."""
    source = f"METADATA in {item.path}"
    declared = CONFIDENCE[Grade.DECLARED]
    purl = pypi(item.name, item.version)
    attributes = [Attribute(name="framework", value="python", grade=Grade.DECLARED, source=source)]
    if item.home_page:
        attributes.append(Attribute(name="source_url", value=item.home_page, grade=Grade.DECLARED, source=source))
    if item.record_sha256 is not None:
        where = f"RECORD in {item.path}"
        attributes.append(Attribute(name="record.files", value=str(item.files), grade=Grade.MEASURED, source=where))
        attributes.append(Attribute(name="record.sha256", value=item.record_sha256, grade=Grade.MEASURED, source=where))
    stated = [item.licenses[0].value] if len(item.licenses) == 1 else []
    concluded = next((known for value in stated if (known := spdx_expression(value) or spdx_id(value))), None)
    return Component(
        ref=purl or f"python:{item.name}@{item.version}",
        kind=Kind.LIBRARY,
        name=item.name,
        version=item.version,
        description=item.summary,
        producer=item.author,
        format="python-distribution",
        purl=purl,
        occurrences=(Occurrence(path=item.path),),
        identities=tuple(
            Identity(field=field, value=value, technique="manifest-analysis", confidence=declared, source=source)
            for field, value in (("name", item.name), ("version", item.version), ("purl", purl or ""))
            if value
        ),
        attributes=tuple(sorted(attributes, key=lambda attribute: attribute.name)),
        licensing=Licensing(
            declared=item.licenses,
            concluded=concluded,
            method="label" if concluded else None,
            confidence="medium" if concluded else None,
        ),
    )


def _headers(metadata: bytes) -> dict[str, list[str]]:
    """Return the header fields; they end at the first empty line, a line that begins with a blank continues one."""
    found: dict[str, list[str]] = {}
    last: list[str] | None = None
    for line in metadata.decode("utf-8", "replace").splitlines()[:_MOST_LINES]:
        if not line.strip():
            break
        if line[0] in " \t":
            if last:
                last[-1] += " " + line.strip(" |\t")
            continue
        key, colon, value = line.partition(":")
        last = found.setdefault(key.strip().lower(), []) if colon else None
        if last is not None:
            last.append(value.strip())
    return found


def _licenses(headers: Mapping[str, list[str]]) -> tuple[Statement, ...]:
    expression = _first(headers, "license-expression")
    if expression:
        return (Statement(value=expression, source="METADATA License-Expression"),)
    stated = {}
    text = _first(headers, "license", 120)
    if text and text.upper() != "UNKNOWN":
        stated[text] = Statement(value=text, source="METADATA License")
    for classifier in headers.get("classifier", ()):
        if classifier.startswith(_LICENSE_CLASSIFIER):
            value = clean(classifier.rpartition(" :: ")[2], 120)
            stated.setdefault(value, Statement(value=value, source="METADATA Classifier"))
    return tuple(stated.values())[:16]


def _first(headers: Mapping[str, list[str]], name: str, limit: int = 200) -> str:
    values = headers.get(name) or [""]
    return clean(values[0], limit)
