"""The lists that can be asked, and the fields of each: the same words on pages, in the API and on the command line."""

from collections.abc import Mapping

from litestar import get
from msgspec import Struct

from weighbridge.fleet import listed_artifacts, listed_endpoints, listed_findings, listed_records
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission
from weighbridge.fleet.query_fields import Field, FieldKind

ARTIFACTS, ENDPOINTS, FINDINGS, RECORDS = "artifacts", "endpoints", "findings", "records"
LISTS: Mapping[str, tuple[Mapping[str, Field], str]] = {
    ARTIFACTS: (listed_artifacts.FIELDS, listed_artifacts.EXAMPLE),
    ENDPOINTS: (listed_endpoints.FIELDS, listed_endpoints.EXAMPLE),
    FINDINGS: (listed_findings.FIELDS, listed_findings.EXAMPLE),
    RECORDS: (listed_records.FIELDS, listed_records.EXAMPLE),
}
"""By name: fields, and a query as an example."""
_HOW = {
    FieldKind.KEYWORD: "a word; * stands for any characters",
    FieldKind.TEXT: "words that it contains",
    FieldKind.DIGEST: "SHA-256, or its first 4 characters and more",
    FieldKind.NUMBER: "10, >10, 10..20",
    FieldKind.SIZE: "500MB, >4GiB, 1GB..2GB",
    FieldKind.TIME: "<7d, >2w, 2026-11-21, 2026-11-01..2026-11-21",
    FieldKind.BOOLEAN: "yes or no",
}


class FieldHelp(Struct, frozen=True, kw_only=True):
    """One field: what it is, and what may be asked of it."""

    name: str
    about: str
    values: str


class ListHelp(Struct, frozen=True, kw_only=True):
    """One list that can be asked."""

    name: str
    example: str
    fields: list[FieldHelp]


def help_of(name: str) -> ListHelp:
    """Return what may be asked of a list. Raises KeyError."""
    fields, example = LISTS[name]
    return ListHelp(name=name, example=example, fields=told(fields))


def told(fields: Mapping[str, Field]) -> list[FieldHelp]:
    """Return fields with what may be asked of them, by name."""
    return [FieldHelp(name=one, about=field.about, values=values(field)) for one, field in sorted(fields.items())]


def values(field: Field) -> str:
    """Return what may be asked of a field, in a few words."""
    return ", ".join(field.choices) if field.kind is FieldKind.CHOICE else _HOW[field.kind]


@get("/api/v1/fields", opt=needs(Permission.FLEET_READ))
async def list_fields() -> list[ListHelp]:
    """List what may be asked of artifacts, endpoints, findings and records."""
    return [help_of(name) for name in LISTS]


ROUTES = [list_fields]
