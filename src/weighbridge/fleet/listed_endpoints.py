"""The list of endpoints: what may be asked of it, and one endpoint within a scope."""

from sqlalchemy import Connection, exists, func, select

from weighbridge.fleet.business_context import DATA_CLASSES, ENDPOINT_CONTEXT
from weighbridge.fleet.endpoints import ENDPOINTS, PRESENCE, STATES, Endpoint
from weighbridge.fleet.findings import FINDINGS
from weighbridge.fleet.labels import LABELS
from weighbridge.fleet.listing import Listing
from weighbridge.fleet.permissions import Scope
from weighbridge.fleet.query_fields import Field, FieldKind
from weighbridge.fleet.query_sql import Searched
from weighbridge.fleet.sightings import SIGHTINGS
from weighbridge.fleet.visible import visible
from weighbridge.model.finding import Severity

SEVERITIES = tuple(one.value for one in Severity)
EXAMPLE = "state:active seen:<7d platform:Linux"
FIELDS = {
    "endpoint": Field(kind=FieldKind.KEYWORD, about="its id"),
    "name": Field(kind=FieldKind.KEYWORD, about="its host name"),
    "state": Field(kind=FieldKind.CHOICE, about="whether it belongs to the fleet", choices=STATES),
    "platform": Field(kind=FieldKind.KEYWORD, about="operating system"),
    "architecture": Field(kind=FieldKind.KEYWORD, about="of its processor"),
    "owner": Field(kind=FieldKind.KEYWORD, about="the person whose it is"),
    "group": Field(kind=FieldKind.KEYWORD, about="the group that it is in"),
    "label": Field(kind=FieldKind.KEYWORD, about="a label of it, like site=berlin; site=* for any"),
    "data_class": Field(kind=FieldKind.CHOICE, about="the class of data at stake on it", choices=DATA_CLASSES),
    "network": Field(kind=FieldKind.KEYWORD, about="the network at its last record: corporate, offline, ..."),
    "sensor": Field(kind=FieldKind.KEYWORD, about="version of Weighbridge on it"),
    "policy": Field(kind=FieldKind.KEYWORD, about="version of the policy that it holds"),
    "enrolled": Field(kind=FieldKind.TIME, about="when it came into the fleet"),
    "seen": Field(kind=FieldKind.TIME, about="when it last spoke to the server"),
    "digest": Field(kind=FieldKind.DIGEST, about="an artifact that is on it, or ever was"),
    "severity": Field(kind=FieldKind.CHOICE, about="of a finding that is open on it", choices=SEVERITIES),
    "check": Field(kind=FieldKind.KEYWORD, about="a check with a finding that is open on it"),
}
_OPEN = FINDINGS.c.ended_at.is_(None)


LISTED = tuple(Endpoint.__struct_fields__)
_OF_PRESENCE = ("last_seen_at", "clock_offset", "network", "policy_version", "sensor")


def listing(scope: Scope) -> Listing:
    """Return the endpoints that a viewer may see, as a list that can be asked."""
    columns = [(PRESENCE if name in _OF_PRESENCE else ENDPOINTS).c[name] for name in LISTED]
    rows = (
        select(*columns)
        .join_from(ENDPOINTS, PRESENCE, PRESENCE.c.endpoint_id == ENDPOINTS.c.endpoint_id, isouter=True)
        .where(visible(ENDPOINTS, scope))
    )
    here = ENDPOINTS.c.endpoint_id
    return Listing(
        rows=rows,
        searched=Searched(
            fields=FIELDS,
            columns={
                "endpoint": here,
                "name": ENDPOINTS.c.name,
                "state": ENDPOINTS.c.state,
                "platform": ENDPOINTS.c.platform,
                "architecture": ENDPOINTS.c.architecture,
                "owner": ENDPOINTS.c.owner,
                "group": ENDPOINTS.c.group_name,
                "label": LABELS.c.label,
                "data_class": ENDPOINT_CONTEXT.c.data_class,
                "network": PRESENCE.c.network,
                "sensor": PRESENCE.c.sensor,
                "policy": PRESENCE.c.policy_version,
                "enrolled": ENDPOINTS.c.enrolled_at,
                "seen": PRESENCE.c.last_seen_at,
                "digest": SIGHTINGS.c.sha256,
                "severity": FINDINGS.c.severity,
                "check": FINDINGS.c.check_id,
            },
            within={
                "digest": lambda found: exists().where(SIGHTINGS.c.endpoint_id == here, found),
                "severity": lambda found: exists().where(FINDINGS.c.endpoint_id == here, _OPEN, found),
                "check": lambda found: exists().where(FINDINGS.c.endpoint_id == here, _OPEN, found),
                "label": lambda found: exists().where(LABELS.c.endpoint_id == here, found),
                "data_class": lambda found: exists().where(ENDPOINT_CONTEXT.c.endpoint_id == here, found),
            },
            words=(ENDPOINTS.c.name, ENDPOINTS.c.owner, ENDPOINTS.c.endpoint_id),
        ),
        sorts={
            "seen": func.coalesce(PRESENCE.c.last_seen_at, 0),
            "name": ENDPOINTS.c.name,
            "owner": ENDPOINTS.c.owner,
            "enrolled": ENDPOINTS.c.enrolled_at,
            "state": ENDPOINTS.c.state,
        },
        key=(here,),
        newest_first=True,
    )


def endpoint(connection: Connection, scope: Scope, endpoint_id: str) -> Endpoint | None:
    """Return one endpoint; None if there is none, or none within the scope."""
    row = connection.execute(listing(scope).rows.where(ENDPOINTS.c.endpoint_id == endpoint_id)).first()
    return None if row is None else Endpoint(**{name: getattr(row, name) for name in LISTED})
