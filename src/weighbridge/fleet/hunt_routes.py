"""Hunting digests under /api/v1: text in, with as many digests as people paste; where each is and ever was, out."""

from typing import Annotated

from litestar import post
from litestar.params import JSONBody
from msgspec import Meta, Struct
from sqlalchemy import Connection

from weighbridge.fleet import digest_hunt
from weighbridge.fleet.digest_hunt import MOST_PLACES, Hunted
from weighbridge.fleet.given import GivenServer, GivenViewer
from weighbridge.fleet.given_digests import LONGEST, digests_in
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission, Scope


class Hunt(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is hunted."""

    digests: Annotated[str, Meta(max_length=LONGEST, description="SHA-256 digests, or beginnings, in any text.")]
    places: Annotated[int, Meta(ge=1, le=MOST_PLACES, description="Endpoints that are told of each.")] = 100


class Hash(Struct, frozen=True, kw_only=True):
    """Hashes of a kind by which no artifact is known."""

    kind: str
    number: int


class Catch(Struct, kw_only=True):
    """What was found of each digest, and what in the text was not looked for."""

    rows: list[Hunted]
    not_looked_for: list[Hash]
    passed_over: int
    """Words that are no digest."""


@post("/api/v1/hunt", opt=needs(Permission.FLEET_READ), status_code=200)
async def hunt_digests(server: GivenServer, viewer: GivenViewer, data: JSONBody[Hunt]) -> Catch:
    """Find digests: every endpoint that has or had each of them, and who ran it. Changes nothing."""
    return await server.store.read(lambda connection: catch(connection, viewer.scope, data.digests, data.places))


def catch(connection: Connection, scope: Scope, text: str, places: int = 100) -> Catch:
    """Return what is known of the digests in a text. Raises WeighbridgeError E-query."""
    given = digests_in(text)
    return Catch(
        rows=digest_hunt.hunt(connection, scope, given.digests, places=places),
        not_looked_for=[Hash(kind=kind, number=number) for kind, number in given.others],
        passed_over=given.passed_over,
    )


ROUTES = [hunt_digests]
