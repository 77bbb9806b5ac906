"""Labels: what people write on endpoints, `site=berlin`, to find them, group them and report about them.

Who sets labels is a person, a file or the enrollment token that let the endpoint in; never the endpoint itself.
"""

import re
from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import Column, Connection, Index, String, delete, func, insert, select

from weighbridge.fleet import endpoints
from weighbridge.fleet.permissions import Scope
from weighbridge.fleet.tables import endpoint_table
from weighbridge.fleet.visible import visible
from weighbridge.model.errors import WeighbridgeError

LABELS = endpoint_table(
    "endpoint_labels",
    Column("name", String(40), primary_key=True),
    Column("value", String(128), nullable=False),
    Column("label", String(170), nullable=False),
    Index(None, "label"),
)
"""`label` is `name=value`, which is what queries ask for; the endpoint holds the same as JSON, for who shows it."""
MOST = 32
"""Labels of one endpoint."""
_MOST_COUNTED = 500
_NAME = re.compile(r"[a-z][a-z0-9_.-]{0,39}", re.ASCII)
_VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _.:/@+-]{0,126}", re.ASCII)


def checked(wanted: Mapping[str, str]) -> dict[str, str]:
    """Return labels that can be set, by name. Raises WeighbridgeError `E-label`."""
    if len(wanted) > MOST:
        raise _refused(f"an endpoint has up to {MOST} labels", "put what belongs together into one of them")
    for name, value in wanted.items():
        if not _NAME.fullmatch(name):
            raise _refused(f"`{name[:60]}` is no name of a label", "up to 40 of a-z, 0-9, `_`, `.` and `-`, like site")
        if not _VALUE.fullmatch(value) or value != value.strip():
            raise _refused(
                f"`{value[:60]}` is no value of the label `{name}`",
                "up to 127 letters, digits, spaces and _ . : / @ + -, beginning with a letter or digit",
            )
    return dict(sorted(wanted.items()))


def set_labels(connection: Connection, endpoint_id: str, wanted: Mapping[str, str], now: int) -> bool:
    """Give an endpoint these labels instead of those that it has; return whether that changed anything.

    Args:
        connection: within a write.
        endpoint_id: which.
        wanted: values by name.
        now: milliseconds since 1970.

    Raises:
        WeighbridgeError: `E-label`.
    """
    after = checked(wanted)
    if of_endpoints(connection, [endpoint_id]).get(endpoint_id, {}) == after:
        return False
    connection.execute(delete(LABELS).where(LABELS.c.endpoint_id == endpoint_id))
    rows = [
        {"endpoint_id": endpoint_id, "name": name, "value": value, "label": f"{name}={value}"}
        for name, value in after.items()
    ]
    if rows:
        connection.execute(insert(LABELS), rows)
    endpoints.describe(connection, endpoint_id, {"labels": msgspec.json.encode(after).decode()}, now)
    return True


def of_endpoints(connection: Connection, endpoint_ids: Sequence[str] | None = None) -> dict[str, dict[str, str]]:
    """Return labels by endpoint; of all endpoints that have any, if none are named."""
    query = select(LABELS.c.endpoint_id, LABELS.c.name, LABELS.c.value)
    if endpoint_ids is not None:
        query = query.where(LABELS.c.endpoint_id.in_(endpoint_ids))
    found: dict[str, dict[str, str]] = {}
    for endpoint_id, name, value in connection.execute(query.order_by(LABELS.c.endpoint_id, LABELS.c.name)):
        found.setdefault(endpoint_id, {})[name] = value
    return found


def counted(connection: Connection, scope: Scope) -> list[tuple[str, int]]:
    """Return the labels (`name=value`) that a viewer may see, each with how many endpoints have it."""
    query = select(LABELS.c.label, func.count()).where(visible(LABELS, scope))
    rows = connection.execute(query.group_by(LABELS.c.label).order_by(LABELS.c.label).limit(_MOST_COUNTED))
    return [(label, number) for label, number in rows]


def _refused(message: str, hint: str) -> WeighbridgeError:
    return WeighbridgeError("E-label", message, hint)
