"""Revocations under /api/v1: what a digest touches, revoking it, taking that back, and what people sign of it."""

from typing import Annotated

from litestar import get, post
from litestar.params import JSONBody, PathParameter
from msgspec import Meta, Struct
from sqlalchemy import Connection

from weighbridge.fleet import revocations, ruling_signing
from weighbridge.fleet.given import GivenServer, GivenViewer
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import EVERYTHING, Permission, Viewer
from weighbridge.fleet.problem import RefusedError
from weighbridge.fleet.revocation_touch import Touched, touched
from weighbridge.fleet.revocations import Revocation
from weighbridge.fleet.ruling_signing import RoleState, ToSign
from weighbridge.fleet.server import Server
from weighbridge.sync.judging import LARGEST_METADATA

Sha256 = Annotated[str, PathParameter(max_length=80)]
Role = Annotated[str, PathParameter(max_length=16)]
_READ, _DECIDE, _PUBLISH = (
    needs(Permission.FLEET_READ),
    needs(Permission.REQUESTS_DECIDE),
    needs(Permission.POLICY_PUBLISH),
)


class NewRevocation(Struct, forbid_unknown_fields=True, kw_only=True):
    """A digest that nobody may use, whether anybody has it or not."""

    sha256: Annotated[str, Meta(max_length=80)]
    reason: Annotated[str, Meta(max_length=500)]
    """Why, for everybody who meets the refusal."""
    replacement: Annotated[str, Meta(max_length=200)] = ""
    """What to use instead: a digest, or words."""


class Lifting(Struct, forbid_unknown_fields=True, kw_only=True):
    """Why a revocation is taken back."""

    reason: Annotated[str, Meta(max_length=500)]


class SignedRuling(Struct, forbid_unknown_fields=True, kw_only=True):
    """What enough people signed."""

    text: Annotated[str, Meta(max_length=LARGEST_METADATA)]


class Revocations(Struct, kw_only=True):
    """Revocations, those that hold first, and how far people are with signing."""

    revocations: list[Revocation]
    roles: list[RoleState]
    """Empty as long as nobody was named who signs: then no endpoint knows of any."""


class PublishedRuling(Struct, kw_only=True):
    """A text that endpoints get with their next message."""

    role: str
    number: int


@get("/api/v1/revocations", opt=_READ)
async def list_revocations(server: GivenServer) -> Revocations:
    """List what is revoked and was, and how far people are with signing it."""
    now = server.clock()
    return await server.store.read(lambda connection: overview(connection, now))


@get("/api/v1/revocations/{sha256:str}", opt=_READ)
async def show_touched(server: GivenServer, viewer: GivenViewer, sha256: Sha256) -> Touched:
    """Show what revoking a digest touches, or what its revocation touched: endpoints, processes, people."""
    return await server.store.read(lambda connection: touched(connection, viewer.scope, sha256))


@post("/api/v1/revocations", opt=_DECIDE)
async def revoke_digest(server: GivenServer, viewer: GivenViewer, data: JSONBody[NewRevocation]) -> Touched:
    """Revoke a digest. This server says so at once; endpoints believe it when it is signed."""
    return await revoke(server, viewer, data.sha256, data.reason, data.replacement)


@post("/api/v1/revocations/{sha256:str}/lift", opt=_DECIDE, status_code=200)
async def lift_revocation(server: GivenServer, viewer: GivenViewer, sha256: Sha256, data: JSONBody[Lifting]) -> Touched:
    """Take a revocation back. Endpoints go on refusing the model until people have signed that."""
    return await lift(server, viewer, sha256, data.reason)


@post("/api/v1/rulings/{role:str}/sign", opt=_PUBLISH, status_code=200)
async def draft_rulings(server: GivenServer, viewer: GivenViewer, role: Role) -> ToSign:
    """Make what people are to sign now, `revocations` or `exceptions`, each with their own key, where the key is."""
    check_whole_fleet(viewer)
    now = server.clock()
    return await server.store.write(lambda connection: ruling_signing.make(connection, now, role))


@post("/api/v1/rulings/publish", opt=_PUBLISH, status_code=200)
async def publish_rulings(server: GivenServer, viewer: GivenViewer, data: JSONBody[SignedRuling]) -> PublishedRuling:
    """Take what enough people signed; every endpoint gets it with its next message."""
    check_whole_fleet(viewer)
    now, content = server.clock(), data.text.encode("utf-8", "replace")
    done = await server.store.write(lambda connection: ruling_signing.publish(connection, now, viewer, content))
    server.exchange.look_again()
    return PublishedRuling(role=done.role, number=done.number)


def overview(connection: Connection, now: int) -> Revocations:
    """Return revocations, and how far people are with signing."""
    return Revocations(revocations=revocations.listed(connection), roles=ruling_signing.states(connection, now))


async def revoke(server: Server, viewer: Viewer, sha256: str, reason: str, replacement: str) -> Touched:
    """Revoke a digest for a viewer. Raises RefusedError: `E-revocation`; 403 for who sees a part of the fleet."""
    check_whole_fleet(viewer)
    now = server.clock()

    def job(connection: Connection) -> Touched:
        made = revocations.revoke(connection, now, viewer, sha256, reason, replacement)
        ruling_signing.hurry(connection, now)
        return touched(connection, viewer.scope, made.sha256)

    done = await server.store.write(job)
    server.exchange.look_again()
    return done


async def lift(server: Server, viewer: Viewer, sha256: str, reason: str) -> Touched:
    """Take a revocation back for a viewer. Raises RefusedError as `revoke`, and 404."""
    check_whole_fleet(viewer)
    now = server.clock()

    def job(connection: Connection) -> Touched:
        done = revocations.lift(connection, now, viewer, sha256, reason)
        return touched(connection, viewer.scope, done.sha256)

    return await server.store.write(job)


def check_whole_fleet(viewer: Viewer) -> None:
    """Raise RefusedError: 403 for who sees a part of the fleet."""
    if viewer.scope != EVERYTHING:
        raise RefusedError(
            403,
            "E-not-allowed",
            "this is for the whole fleet; you see a part of it",
            "ask somebody who sees it all",
        )


ROUTES = [list_revocations, show_touched, revoke_digest, lift_revocation, draft_rulings, publish_rulings]
