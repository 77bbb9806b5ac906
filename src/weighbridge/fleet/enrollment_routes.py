"""Who comes into the fleet, under /api/v1: tokens for devices, approval, taking an endpoint out, whose it is."""

from typing import Annotated, Literal

import msgspec
from litestar import delete, get, patch, post
from litestar.params import JSONBody
from msgspec import UNSET, Meta, Struct, UnsetType
from sqlalchemy import Connection

from weighbridge.fleet import audit, business_context, endpoints, enrollment, grouping, labels, listed_endpoints
from weighbridge.fleet.config_guard import check_not_managed
from weighbridge.fleet.enrollment import Token
from weighbridge.fleet.given import GivenServer, GivenViewer, Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.labels import MOST as MOST_LABELS
from weighbridge.fleet.permissions import Permission, Scope, Viewer
from weighbridge.fleet.problem import RefusedError, not_found
from weighbridge.fleet.server import Server

DAY = 24 * 3_600_000
MANAGE = needs(Permission.ENDPOINTS_MANAGE)


Labels = Annotated[
    dict[Annotated[str, Meta(max_length=40)], Annotated[str, Meta(max_length=127)]], Meta(max_length=MOST_LABELS)
]
GroupName = Annotated[str, Meta(max_length=64, pattern=r"^[A-Za-z0-9 ._-]*$")]


class NewEnrollmentToken(Struct, forbid_unknown_fields=True, kw_only=True):
    """A token that lets devices in."""

    note: Annotated[str, Meta(max_length=500)] = ""
    group: GroupName = ""
    """Where the devices go."""
    uses: Annotated[int, Meta(ge=1, le=100_000)] = 1
    days: Annotated[int, Meta(ge=1, le=366)] = 7
    needs_approval: bool = False
    """Whether each device waits until somebody approves it."""
    labels: Labels = {}
    """What the devices are labeled."""


class MadeToken(Struct, kw_only=True):
    """A token, in the answer that made it and never again."""

    text: str
    command: str
    """What to type on the device."""


class EndpointFacts(Struct, forbid_unknown_fields=True, kw_only=True):
    """Business context of an endpoint; what is left out stays as it is."""

    owner: Annotated[str, Meta(max_length=255)] | UnsetType = UNSET
    group: GroupName | UnsetType | None = UNSET
    """null: rules decide again."""
    data_class: Literal["", "public", "internal", "confidential", "restricted"] | UnsetType = UNSET
    """At stake on it; empty takes it back."""
    labels: Labels | UnsetType = UNSET
    """All that it has from now on."""


class Reason(Struct, forbid_unknown_fields=True, kw_only=True):
    """Why."""

    reason: Annotated[str, Meta(min_length=3, max_length=500)]


@get("/api/v1/enrollment-tokens", opt=MANAGE)
async def list_enrollment_tokens(server: GivenServer, viewer: GivenViewer) -> list[Token]:
    """List tokens for devices, the newest first, ended ones too. Times are milliseconds since 1970, UTC."""
    found = await server.store.read(enrollment.tokens)
    return [token for token in found if is_within(viewer.scope, token.group_name)]


@post("/api/v1/enrollment-tokens", opt=MANAGE, status_code=201)
async def make_enrollment_token(
    server: GivenServer, viewer: GivenViewer, data: JSONBody[NewEnrollmentToken]
) -> MadeToken:
    """Make a token for devices. It is shown once."""
    text = await make_token(server, viewer, data)
    return MadeToken(text=text, command=enroll_command(server.settings.origin, text))


@delete("/api/v1/enrollment-tokens/{token_id:str}", opt=MANAGE, status_code=204)
async def revoke_enrollment_token(server: GivenServer, viewer: GivenViewer, token_id: Id) -> None:
    """End a token; devices that came in with it stay."""
    now = server.clock()

    def job(connection: Connection) -> bool:
        mine = [one for one in enrollment.tokens(connection) if is_within(viewer.scope, one.group_name)]
        ended = token_id in {one.token_id for one in mine} and enrollment.revoke_token(connection, token_id, now)
        if ended:
            audit.note(connection, now, viewer, "enrollment-token.revoke", token_id)
        return ended

    if not await server.store.write(job):
        raise not_found("token")


@post("/api/v1/endpoints/{endpoint_id:str}/approve", opt=MANAGE, status_code=204)
async def approve_endpoint(server: GivenServer, viewer: GivenViewer, endpoint_id: Id) -> None:
    """Let in a device that waits for approval."""
    now = server.clock()

    def job(connection: Connection) -> bool:
        seen = listed_endpoints.endpoint(connection, viewer.scope, endpoint_id) is not None
        done = seen and enrollment.approve(connection, endpoint_id, now, viewer.name)
        if done:
            audit.note(connection, now, viewer, "endpoint.approve", endpoint_id)
        return done

    if not await server.store.write(job):
        raise not_found("endpoint that waits")


@post("/api/v1/endpoints/{endpoint_id:str}/revoke", opt=MANAGE, status_code=204)
async def revoke_endpoint(server: GivenServer, viewer: GivenViewer, endpoint_id: Id, data: JSONBody[Reason]) -> None:
    """Take an endpoint out of the fleet; its key never comes in again, what it told stays."""
    now = server.clock()

    def job(connection: Connection) -> bool:
        seen = listed_endpoints.endpoint(connection, viewer.scope, endpoint_id) is not None
        done = seen and enrollment.revoke(connection, endpoint_id, now, data.reason)
        if done:
            audit.note(connection, now, viewer, "endpoint.revoke", endpoint_id, {"reason": data.reason})
        return done

    if not await server.store.write(job):
        raise not_found("endpoint")


@patch("/api/v1/endpoints/{endpoint_id:str}", opt=MANAGE, status_code=204)
async def describe_endpoint(
    server: GivenServer, viewer: GivenViewer, endpoint_id: Id, data: JSONBody[EndpointFacts]
) -> None:
    """Set whose an endpoint is, its group, its labels and the class of data at stake on it."""
    now = server.clock()
    if isinstance(data.group, str):
        check_group(viewer, data.group)

    def job(connection: Connection) -> bool:
        if listed_endpoints.endpoint(connection, viewer.scope, endpoint_id) is None:
            return False
        check_not_managed(connection, server.settings, "endpoints", endpoint_id)
        chosen = {name: value for name, value in msgspec.structs.asdict(data).items() if value is not UNSET}
        if chosen:
            describe(connection, now, endpoint_id, data)
            audit.note(connection, now, viewer, "endpoint.describe", endpoint_id, chosen)
        return True

    if not await server.store.write(job):
        raise not_found("endpoint")


def describe(connection: Connection, now: int, endpoint_id: str, data: EndpointFacts) -> None:
    """Say what an endpoint is to the business, within a write. Raises WeighbridgeError `E-label`."""
    if data.owner is not UNSET:
        endpoints.describe(connection, endpoint_id, {"owner": data.owner}, now)
    if data.data_class is not UNSET:
        business_context.set_data_class(connection, endpoint_id, data.data_class, now)
    if data.labels is not UNSET:
        labels.set_labels(connection, endpoint_id, data.labels, now)
    if data.group is None:
        grouping.by_rules(connection, endpoint_id, now)
    elif data.group is not UNSET:
        grouping.by_hand(connection, endpoint_id, data.group, now)
    grouping.regroup(connection, now, [endpoint_id])


async def make_token(server: Server, viewer: Viewer, data: NewEnrollmentToken) -> str:
    """Make a token for a viewer and return it. Raises RefusedError 403 for a group beyond the viewer's scope."""
    check_group(viewer, data.group)
    now = server.clock()
    return await server.store.write(lambda connection: make(connection, now, viewer, data))


def make(connection: Connection, now: int, who: Viewer | None, data: NewEnrollmentToken) -> str:
    """Make a token within a write. `who`: None for whoever has the server's machine."""
    text = enrollment.make_token(
        connection,
        now,
        made_by=who.name if who else "",
        expires_at=now + data.days * DAY,
        most_uses=data.uses,
        group_name=data.group,
        needs_approval=data.needs_approval,
        note=data.note,
        labeled=data.labels,
    )
    chosen = {"group": data.group, "uses": data.uses, "days": data.days, "needs_approval": data.needs_approval}
    chosen |= {"labels": data.labels} if data.labels else {}
    audit.note(connection, now, who, "enrollment-token.make", data.group, chosen)
    return text


def enroll_command(origin: str, text: str) -> str:
    """Return what to type on a device. `origin`: where the server answers."""
    return f"wb enroll {origin} --token {text}"


def is_within(scope: Scope, group: str) -> bool:
    """Tell whether a group lies within a scope."""
    return scope.groups is None or group in scope.groups


def check_group(viewer: Viewer, group: str) -> None:
    """Let a viewer through who manages a group. Raises RefusedError, 403."""
    if not is_within(viewer.scope, group):
        hint = f"one of {', '.join(viewer.scope.groups or ())}"
        raise RefusedError(403, "E-not-allowed", f"{viewer.name} does not manage the group `{group}`", hint)


ROUTES = [
    list_enrollment_tokens,
    make_enrollment_token,
    revoke_enrollment_token,
    approve_endpoint,
    revoke_endpoint,
    describe_endpoint,
]
