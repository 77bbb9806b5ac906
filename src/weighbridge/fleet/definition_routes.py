"""Definitions of enrollment tokens under /api/v1: what tokens of a name let in. A token is made from one at need."""

from typing import Annotated

import msgspec
from litestar import delete, get, post, put
from litestar.params import JSONBody, PathParameter
from msgspec import Meta, Struct
from sqlalchemy import Connection

from weighbridge.fleet import audit, enrollment_definitions
from weighbridge.fleet.config_guard import check_not_managed
from weighbridge.fleet.enrollment_definitions import Definition
from weighbridge.fleet.enrollment_routes import (
    GroupName,
    Labels,
    MadeToken,
    NewEnrollmentToken,
    check_group,
    enroll_command,
    is_within,
    make,
)
from weighbridge.fleet.given import GivenServer, GivenViewer
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission
from weighbridge.fleet.problem import not_found

MANAGE = needs(Permission.ENDPOINTS_MANAGE)
DefinitionName = Annotated[str, PathParameter(max_length=64)]


class DefinitionText(Struct, forbid_unknown_fields=True, kw_only=True):
    """What tokens of a name are like."""

    note: Annotated[str, Meta(max_length=500)] = ""
    group: GroupName = ""
    labels: Labels = {}
    uses: Annotated[int, Meta(ge=1, le=100_000)] = 1
    days: Annotated[int, Meta(ge=1, le=366)] = 7
    needs_approval: bool = False


@get("/api/v1/enrollment-definitions", opt=MANAGE)
async def list_definitions(server: GivenServer, viewer: GivenViewer) -> list[Definition]:
    """List definitions of tokens for devices, by name."""
    found = await server.store.read(enrollment_definitions.every)
    return [one for one in found if is_within(viewer.scope, one.group)]


@put("/api/v1/enrollment-definitions/{name:str}", opt=MANAGE, status_code=200)
async def write_definition(
    server: GivenServer, viewer: GivenViewer, name: DefinitionName, data: JSONBody[DefinitionText]
) -> Definition:
    """Define what tokens of a name are like."""
    check_group(viewer, data.group)
    now = server.clock()
    try:
        wanted = msgspec.convert(msgspec.to_builtins(data) | {"name": name}, Definition)
    except msgspec.ValidationError:
        raise not_found("definition, and none can have this name") from None

    def job(connection: Connection) -> Definition:
        check_not_managed(connection, server.settings, "enrollment", name)
        before = enrollment_definitions.by_name(connection, name)
        if before is not None:
            check_group(viewer, before.group)
        enrollment_definitions.define(connection, wanted, now)
        audit.note(connection, now, viewer, "enrollment-definition.write", name, msgspec.to_builtins(data))
        return wanted

    return await server.store.write(job)


@delete("/api/v1/enrollment-definitions/{name:str}", opt=MANAGE, status_code=204)
async def forget_definition(server: GivenServer, viewer: GivenViewer, name: DefinitionName) -> None:
    """Remove a definition; tokens that were made from it stay."""
    now = server.clock()

    def job(connection: Connection) -> None:
        check_not_managed(connection, server.settings, "enrollment", name)
        found = enrollment_definitions.by_name(connection, name)
        if found is None or not is_within(viewer.scope, found.group):
            raise not_found("definition")
        enrollment_definitions.forget(connection, name)
        audit.note(connection, now, viewer, "enrollment-definition.forget", name)

    await server.store.write(job)


@post("/api/v1/enrollment-definitions/{name:str}/tokens", opt=MANAGE, status_code=201)
async def make_defined_token(server: GivenServer, viewer: GivenViewer, name: DefinitionName) -> MadeToken:
    """Make a token as a definition says. It is shown once."""
    now = server.clock()

    def job(connection: Connection) -> str:
        found = enrollment_definitions.by_name(connection, name)
        if found is None or not is_within(viewer.scope, found.group):
            raise not_found("definition")
        return make(connection, now, viewer, wanted_of(found))

    text = await server.store.write(job)
    return MadeToken(text=text, command=enroll_command(server.settings.origin, text))


def wanted_of(definition: Definition) -> NewEnrollmentToken:
    """Return the token that a definition asks for."""
    values = msgspec.to_builtins(definition)
    name = values.pop("name")
    return msgspec.convert(values | {"note": definition.note or name}, NewEnrollmentToken)


ROUTES = [list_definitions, write_definition, forget_definition, make_defined_token]
