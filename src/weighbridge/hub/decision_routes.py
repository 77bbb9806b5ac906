"""Decisions about releases under /api/v1."""

from typing import Annotated

from litestar import post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from weighbridge.fleet.given import GivenViewer, Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission
from weighbridge.hub import lifecycle
from weighbridge.hub.approval import LONGEST, USUAL, Approval
from weighbridge.hub.given import GivenHub
from weighbridge.hub.releases import Release

_DECIDE = needs(Permission.REQUESTS_DECIDE)
Text = Annotated[str, Meta(max_length=500)]
Days = Annotated[int, Meta(ge=1, le=LONGEST)]


class ReleaseApproval(Struct, forbid_unknown_fields=True, kw_only=True):
    """What a release may be used for, with which data, who answers for it, and for how long."""

    guidance: Annotated[str, Meta(max_length=4_000)] = ""
    data_classes: Annotated[list[Annotated[str, Meta(max_length=16)]], Meta(max_length=16)] = []
    owner: Annotated[str, Meta(max_length=128)] = ""
    version: Annotated[str, Meta(max_length=64)] = ""
    days: Days = USUAL
    reason: Text = ""


class ReleaseDecision(Struct, forbid_unknown_fields=True, kw_only=True):
    """Why something is done with a release, and what to use instead."""

    reason: Text
    replaced_by: Annotated[str, Meta(max_length=200)] = ""
    """What to use instead: a name, or words."""


class ReleaseRevocation(ReleaseDecision, forbid_unknown_fields=True, kw_only=True):
    """A revocation. `everywhere`: endpoints refuse the digests of its weights, too."""

    everywhere: bool = True


class ReleaseRenewal(Struct, forbid_unknown_fields=True, kw_only=True):
    """For how long an approval holds from now on."""

    days: Days = USUAL
    reason: Text = ""


@post("/api/v1/releases/{release_id:str}/approve", opt=_DECIDE, status_code=200)
async def approve_release(
    hub: GivenHub, viewer: GivenViewer, release_id: Id, data: JSONBody[ReleaseApproval]
) -> Release:
    """Let a release be served. Nobody approves what they brought or asked for themselves."""
    return await lifecycle.approve(hub, viewer, release_id, approval_of(data), why=data.reason)


@post("/api/v1/releases/{release_id:str}/reject", opt=_DECIDE, status_code=200)
async def reject_release(
    hub: GivenHub, viewer: GivenViewer, release_id: Id, data: JSONBody[ReleaseDecision]
) -> Release:
    """Refuse a release; those who asked for it are told why."""
    return await lifecycle.reject(hub, viewer, release_id, data.reason)


@post("/api/v1/releases/{release_id:str}/deprecate", opt=_DECIDE, status_code=200)
async def deprecate_release(
    hub: GivenHub, viewer: GivenViewer, release_id: Id, data: JSONBody[ReleaseDecision]
) -> Release:
    """Go on serving a release, with a word of what to use instead."""
    return await lifecycle.deprecate(hub, viewer, release_id, data.reason, replaced_by=data.replaced_by)


@post("/api/v1/releases/{release_id:str}/revoke", opt=_DECIDE, status_code=200)
async def revoke_release(
    hub: GivenHub, viewer: GivenViewer, release_id: Id, data: JSONBody[ReleaseRevocation]
) -> Release:
    """Never serve a release again, have caches forget it and endpoints refuse it."""
    return await lifecycle.revoke(
        hub, viewer, release_id, data.reason, replaced_by=data.replaced_by, everywhere=data.everywhere
    )


@post("/api/v1/releases/{release_id:str}/review", opt=_DECIDE, status_code=200)
async def review_release(
    hub: GivenHub, viewer: GivenViewer, release_id: Id, data: JSONBody[ReleaseDecision]
) -> Release:
    """Look at a release again; it is not served meanwhile."""
    return await lifecycle.back_to_review(hub, viewer, release_id, data.reason)


@post("/api/v1/releases/{release_id:str}/renew", opt=_DECIDE, status_code=200)
async def renew_release(hub: GivenHub, viewer: GivenViewer, release_id: Id, data: JSONBody[ReleaseRenewal]) -> Release:
    """Let an approval hold for longer; one that ended is served again."""
    return await lifecycle.renew(hub, viewer, release_id, data.days, why=data.reason)


@post("/api/v1/releases/{release_id:str}/weigh", opt=_DECIDE, status_code=202)
async def weigh_release(hub: GivenHub, viewer: GivenViewer, release_id: Id) -> Release:
    """Have a release weighed anew, by the rules of now."""
    return await lifecycle.weigh_again(hub, viewer, release_id)


@post("/api/v1/releases/{release_id:str}/convert", opt=_DECIDE, status_code=202)
async def convert_release(hub: GivenHub, viewer: GivenViewer, release_id: Id) -> Release:
    """Write checkpoints of a release as safetensors, into a release that follows it; nothing of them is executed."""
    return await lifecycle.convert(hub, viewer, release_id)


def approval_of(data: ReleaseApproval) -> Approval:
    """Return an approval as the life cycle takes it."""
    return Approval(
        guidance=data.guidance,
        data_classes=tuple(data.data_classes),
        owner=data.owner,
        days=data.days,
        version=data.version,
    )


ROUTES = [
    approve_release,
    reject_release,
    deprecate_release,
    revoke_release,
    review_release,
    renew_release,
    weigh_release,
    convert_release,
]
