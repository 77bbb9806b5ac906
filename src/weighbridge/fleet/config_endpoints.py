"""Business context of endpoints in files: owner, group, class of data, labels.

An endpoint is named by its id, which follows from its key. A host name is what the endpoint says of itself: whoever
named it so could take over what the file says of another.
"""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType
from sqlalchemy import Connection, select

from weighbridge.fleet import business_context, enrollment_routes, grouping, labels
from weighbridge.fleet.config_section import Body, Section, Work
from weighbridge.fleet.context_routes import DataClass
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.enrollment_routes import EndpointFacts, GroupName


class EndpointItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One endpoint; what is left out stays as it is."""

    endpoint: Annotated[str, Meta(pattern="^[a-z2-7]{16}$")]
    owner: Annotated[str, Meta(max_length=255)] | UnsetType = UNSET
    group: GroupName | UnsetType | None = UNSET
    """By hand; null: rules decide."""
    data_class: DataClass | UnsetType = UNSET
    labels: dict[str, str] | UnsetType = UNSET


def _body(item: EndpointItem) -> Body:
    named = {"owner": item.owner, "group": item.group, "data_class": item.data_class, "labels": item.labels}
    return {name: value for name, value in named.items() if value is not UNSET}


def _read(connection: Connection) -> dict[str, Body]:
    labeled = labels.of_endpoints(connection)
    classes = business_context.of_endpoints(connection)
    by_hand = grouping.chosen_by_hand(connection)
    owners = {one[0]: one[1] for one in connection.execute(select(ENDPOINTS.c.endpoint_id, ENDPOINTS.c.owner))}
    return {
        endpoint_id: {
            "owner": owners[endpoint_id],
            "group": by_hand.get(endpoint_id),
            "data_class": classes.get(endpoint_id, ""),
            "labels": labeled.get(endpoint_id, {}),
        }
        for endpoint_id in sorted(owners)
    }


def _write(connection: Connection, work: Work, item: EndpointItem) -> None:
    facts = EndpointFacts(owner=item.owner, group=item.group, data_class=item.data_class, labels=item.labels)
    enrollment_routes.describe(connection, work.now, item.endpoint, facts)


def _remove(connection: Connection, work: Work, key: str) -> None:
    nothing = EndpointFacts(owner="", group=None, data_class="", labels={})
    enrollment_routes.describe(connection, work.now, key, nothing)


def _shown(key: str, body: Body) -> Body:
    return {"endpoint": key, **{name: value for name, value in body.items() if value not in ("", None, {})}}


def _is_described(body: Body) -> bool:
    return any(value not in ("", None, {}) for value in body.values())


SECTION = Section(
    name="endpoints",
    about="Owner, group, class of data and labels of endpoints, by their ids.",
    item=EndpointItem,
    key=lambda item: str(item.endpoint),
    body=_body,
    read=_read,
    write=_write,
    remove=_remove,
    counts=_is_described,
    must_exist="is not in the fleet",
    shown=_shown,
)
