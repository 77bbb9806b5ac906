"""What people, policy and time do with releases: approve, reject, deprecate, revoke, renew, look at again.

Each is one transaction: state, branches, a step for the ledger, the audit and other products. Bytes go forward before
it and back after it, under a job that was written down first, so that whoever dies in between leaves nothing half done.
"""

from collections.abc import Callable

from sqlalchemy import Connection

from weighbridge.fleet import revocations, ruling_signing
from weighbridge.fleet.permissions import EVERYTHING, Viewer
from weighbridge.fleet.problem import RefusedError, not_found
from weighbridge.hub import (
    branches,
    fleet_revocations,
    four_eyes,
    jobs,
    models,
    release_files,
    releases,
    requests,
    settling,
    steps,
    tombstone,
    weighed,
)
from weighbridge.hub.approval import DAY, Approval, checked
from weighbridge.hub.caller import Caller, may_review
from weighbridge.hub.freezing import freeze
from weighbridge.hub.hub import Hub
from weighbridge.hub.release_files import ReleaseFile
from weighbridge.hub.releases import Release
from weighbridge.hub.states import SERVED, State, check_move
from weighbridge.model.errors import WeighbridgeError

Who = Viewer | str
"""An account, or one of `steps.POLICY`, `steps.TIME`, `steps.HUB`."""
_REPAIR = 60_000
"""Milliseconds after which a job looks whether bytes that were to be moved were moved."""
_SHORTEST_REASON, _LONGEST_REASON = 3, 500
_AT_ONCE = 50
_HARMLESS = ("", "clean")
"""What was found where a person may approve without a word."""


async def approve(hub: Hub, who: Who, release_id: str, approval: Approval, *, why: str = "") -> Release:
    """Let a release be served, with what it may be used for.

    Args:
        hub: whose.
        who: approves it; `steps.POLICY` for what policy alone approves.
        release_id: of a release that was weighed.
        approval: what it says.
        why: the reason, for the record; a person must say one for what is not clean.

    Raises:
        WeighbridgeError: `E-release-state`, `E-approval`, `E-four-eyes`, `E-not-allowed`, `E-blob-read`, `E-reason`.
        RefusedError: 404.
    """
    said = checked(approval)
    release = await hub.server.store.read(lambda connection: _theirs(connection, who, release_id))
    check_move(release.state, State.APPROVED)
    if isinstance(who, Viewer) and release.assessment not in _HARMLESS:
        why = reason_of(why)
    await hub.server.store.read(lambda connection: _check_weighed(connection, release))
    await hub.server.store.read(lambda connection: _check_approver(hub, connection, who, release))
    await _intend(hub, release_id)
    await settling.bring_forward(hub, release_id)

    def job(connection: Connection) -> Release:
        now = hub.server.clock()
        known = _theirs(connection, who, release_id)
        _check_approver(hub, connection, who, known)
        fleet_revocations.check_none(connection, release_id)
        moved = releases.move(connection, now, known, State.APPROVED, by=_name(who), why=why)
        until = now + said.days * DAY
        values: dict[str, object] = {"guidance": said.guidance, "data_classes": ",".join(said.data_classes)}
        values |= {"until_at": until, "version": said.version or moved.version}
        changed = releases.change(connection, release_id, **values)
        if said.owner:
            model = models.by_id(connection, changed.model_id)
            models.describe(connection, now, model.model_id, owner=said.owner, summary=model.summary, tasks=model.tasks)
        _serve(connection, now, changed)
        detail = _of(connection, changed) | values | {"owner": said.owner, "digests": _pinned(connection, release_id)}
        steps.note(
            connection, now, who, "approve", release_id, why=why, detail=detail, said=_said(who, "approved", detail)
        )
        jobs.add(connection, now, jobs.SETTLE, release_id)
        answer_requests(connection, now, changed, why)
        return changed

    done = await hub.server.store.write(job)
    hub.work.set()
    hub.decided.set()
    await freeze(hub, release_id)
    return done


async def reject(hub: Hub, who: Who, release_id: str, why: str) -> Release:
    """Refuse a release. Raises as `approve`, and `E-reason`."""
    return await _step(hub, who, release_id, State.REJECTED, "reject", reason_of(why), ends_work=True)


async def deprecate(hub: Hub, who: Who, release_id: str, why: str, *, replaced_by: str = "") -> Release:
    """Go on serving a release, with a word of what to use instead. Raises as `reject`."""
    values = {"replaced_by": _replacement(replaced_by)}
    return await _step(hub, who, release_id, State.DEPRECATED, "deprecate", reason_of(why), values=values)


async def revoke(
    hub: Hub, who: Who, release_id: str, why: str, *, replaced_by: str = "", everywhere: bool = True
) -> Release:
    """Never serve a release again, and have caches forget it.

    Args:
        hub: whose.
        who: revokes it.
        release_id: which.
        why: for everybody who meets the refusal.
        replaced_by: what to use instead.
        everywhere: whether the digests of its weights are revoked in the fleet, too, so that endpoints refuse them.

    Raises:
        WeighbridgeError: as `reject`.
        RefusedError: 403 for who sees a part of the fleet, and would revoke everywhere.
    """
    if everywhere and not (isinstance(who, Viewer) and who.scope == EVERYTHING):
        raise RefusedError(
            403, "E-not-allowed", "a revocation everywhere is for the whole fleet", "ask somebody who sees it all"
        )
    reason, values = reason_of(why), {"replaced_by": _replacement(replaced_by)}

    def beside(connection: Connection, now: int, release: Release) -> dict[str, object]:
        if not everywhere or not isinstance(who, Viewer):
            return {}
        gone = []
        known = weighed.of_release(connection, release.release_id)
        for sha256 in () if known is None else known.weighing.weights:
            if revocations.of_digest(connection, sha256) is None:
                instead = "" if values["replaced_by"].removeprefix("sha256:") == sha256 else values["replaced_by"]
                revocations.revoke(connection, now, who, sha256, reason, instead)
                gone.append(sha256)
        if gone:
            ruling_signing.hurry(connection, now)
        return {"revoked": gone}

    page = await _page(hub, who, release_id, reason, values["replaced_by"])
    done = await _step(
        hub, who, release_id, State.REVOKED, "revoke", reason, values=values, beside=beside, ends_work=True, page=page
    )
    hub.server.exchange.look_again()
    return done


async def back_to_review(hub: Hub, who: Who, release_id: str, why: str) -> Release:
    """Let a person look at a release again; it is not served meanwhile. Raises as `reject`."""
    return await _step(hub, who, release_id, State.REVIEW, "review", reason_of(why))


async def renew(hub: Hub, who: Who, release_id: str, days: int, *, why: str = "") -> Release:
    """Let an approval hold for longer; one that ended is served again. Raises as `approve`."""
    release = await hub.server.store.read(lambda connection: _theirs(connection, who, release_id))
    classes = tuple(filter(None, release.data_classes.split(",")))
    said = checked(Approval(guidance=release.guidance, data_classes=classes, days=days))
    if release.state not in SERVED:
        return await approve(hub, who, release_id, said, why=why)

    def job(connection: Connection) -> Release:
        now = hub.server.clock()
        known = _theirs(connection, who, release_id)
        if known.state not in SERVED:
            releases.raise_moved(known)
        _check_approver(hub, connection, who, known)
        changed = releases.change(connection, release_id, until_at=now + said.days * DAY)
        steps.note(
            connection, now, who, "renew", release_id, why=why, detail=_of(connection, changed) | {"days": said.days}
        )
        return changed

    done = await hub.server.store.write(job)
    hub.decided.set()
    return done


async def weigh_again(hub: Hub, who: Who, release_id: str) -> Release:
    """Have a release weighed anew; one that is served stays so until that says otherwise. Raises as `approve`."""

    def job(connection: Connection) -> Release:
        now = hub.server.clock()
        release = _theirs(connection, who, release_id)
        if release.state is State.FAILED:
            release = releases.move(connection, now, release, State.QUARANTINED, by=_name(who))
        if release.state in (State.FETCHING, State.REVOKED):
            check_move(release.state, State.WEIGHING)
        jobs.add(connection, now, jobs.WEIGH, release_id)
        steps.note(connection, now, who, "weigh-again", release_id, detail=_of(connection, release))
        return release

    done = await hub.server.store.write(job)
    hub.work.set()
    return done


async def convert(hub: Hub, who: Who, release_id: str) -> Release:
    """Have checkpoints of a release written as safetensors, into a release that follows it. Raises as `approve`."""

    def job(connection: Connection) -> Release:
        now, release = hub.server.clock(), _theirs(connection, who, release_id)
        if release.is_tombstone or release.state in (State.FETCHING, State.REVOKED):
            check_move(release.state, State.WEIGHING)
        jobs.add(connection, now, jobs.CONVERT, release_id)
        steps.note(connection, now, who, "ask-to-convert", release_id, detail=_of(connection, release))
        return release

    done = await hub.server.store.write(job)
    hub.work.set()
    return done


async def expire(hub: Hub) -> int:
    """End approvals whose time is over; return how many. Raises WeighbridgeError."""
    now = hub.server.clock()
    over = await hub.server.store.read(lambda connection: releases.over(connection, now, _AT_ONCE))
    for release in over:
        await _step(hub, steps.TIME, release.release_id, State.EXPIRED, "expire", "The time of its approval is over.")
    return len(over)


Beside = Callable[[Connection, int, Release], dict[str, object]]


async def _step(
    hub: Hub,
    who: Who,
    release_id: str,
    after: State,
    step: str,
    why: str,
    *,
    values: dict[str, str] | None = None,
    beside: Beside | None = None,
    ends_work: bool = False,
    page: ReleaseFile | None = None,
) -> Release:
    """Bring a release into a state that is not `approved`, and what follows from that."""

    def job(connection: Connection) -> Release:
        now = hub.server.clock()
        release = _theirs(connection, who, release_id)
        moved = releases.move(connection, now, release, after, by=_name(who), why=why)
        if values:
            moved = releases.change(connection, release_id, **values)
        if ends_work:
            jobs.cancel(connection, now, release_id, f"the release was made {after.value}")
        if release.is_served and not moved.is_served:
            _serve_no_longer(connection, now, moved, page)
        detail = _of(connection, moved) | {"before": release.state.value} | dict(values or {})
        if beside is not None:
            detail |= beside(connection, now, moved)
        steps.note(connection, now, who, step, release_id, why=why, detail=detail, said=_said(who, after.value, detail))
        jobs.add(connection, now, jobs.SETTLE, release_id)
        answer_requests(connection, now, moved, why)
        return moved

    done = await hub.server.store.write(job)
    hub.work.set()
    hub.decided.set()
    return done


def answer_requests(connection: Connection, now: int, release: Release, why: str) -> None:
    """Tell the requests for a release what became of it."""
    alias = models.by_id(connection, release.model_id).full_name.lower()
    requests.follow(connection, now, alias, release.release_id, release.state, why)


def _serve(connection: Connection, now: int, release: Release) -> None:
    """Let the branches that were written to with a release mean it to readers, too."""
    found = branches.of_model(connection, release.model_id)
    mine = [one.name for one in found if one.staged == release.commit_id]
    if not mine and not any(one.served for one in found):
        mine = [branches.MAIN]  # else nobody would find it
    for name in mine:
        branches.point(connection, now, release.model_id, name, served=release.commit_id)


def _serve_no_longer(connection: Connection, now: int, release: Release, page: ReleaseFile | None) -> None:
    """Let `main` mean the newest release that is served, and other branches the page that theirs was revoked.

    `main` is the newest, whichever that is. Who names another branch, a tag or a version means that very one (`q8` is
    a precision): it means another release only when somebody says so.
    """
    served = releases.of_model(connection, release.model_id, served=True)
    left = next((one.commit_id for one in served if not one.is_tombstone), "")
    stone = ""
    for branch in branches.of_model(connection, release.model_id):
        if branch.served != release.commit_id or branch.kind != "branch":
            continue
        instead = left if branch.name == branches.MAIN else ""
        if not instead and page is not None:
            stone = instead = stone or tombstone.add(connection, now, release, page).commit_id
        if instead:
            branches.point(connection, now, release.model_id, branch.name, served=instead)


async def _page(hub: Hub, who: Who, release_id: str, why: str, replaced_by: str) -> ReleaseFile:
    """Return the page that stands where a release stood, its bytes in their place."""

    def job(connection: Connection) -> bytes:
        release = _theirs(connection, who, release_id)
        check_move(release.state, State.REVOKED)
        model = models.by_id(connection, release.model_id)
        return tombstone.page(model.full_name, release, why, replaced_by)

    return await tombstone.store_page(hub, await hub.server.store.read(job))


async def _intend(hub: Hub, release_id: str) -> None:
    now = hub.server.clock()
    await hub.server.store.write(lambda connection: jobs.add(connection, now, jobs.SETTLE, release_id, wait=_REPAIR))


def _theirs(connection: Connection, who: Who, release_id: str) -> Release:
    """Return a release that somebody may decide on. Raises RefusedError: 404."""
    release = releases.find(connection, release_id)
    if release is not None and isinstance(who, Viewer):
        model = models.by_id(connection, release.model_id)
        if not may_review(connection, Caller(viewer=who), model.namespace):
            release = None
    if release is None:
        raise not_found("release")
    return release


def _check_weighed(connection: Connection, release: Release) -> None:
    """Raise WeighbridgeError `E-release-state` if nothing looked into a release: states alone do not say so."""
    if weighed.of_release(connection, release.release_id) is None:
        raise WeighbridgeError(
            "E-release-state", "nothing has looked into this release yet", "have it weighed, or wait until it is"
        )


def _check_approver(hub: Hub, connection: Connection, who: Who, release: Release) -> None:
    """Raise WeighbridgeError `E-four-eyes` if somebody would approve what they brought or asked for themselves."""
    if not isinstance(who, Viewer) or not hub.server.settings.hub_four_eyes:
        return
    if four_eyes.is_own(connection, who, release):
        raise RefusedError(
            403, "E-four-eyes", "you brought this release here, or asked for it", "let somebody else approve it"
        )


def _pinned(connection: Connection, release_id: str) -> dict[str, str]:
    files = release_files.of_release(connection, release_id, limit=_AT_ONCE)
    return {one.path: one.sha256 for one in files}


def _of(connection: Connection, release: Release) -> dict[str, object]:
    model = models.by_id(connection, release.model_id)
    return {"model": model.full_name, "commit": release.commit_id, "release": release.release_id}


def _said(who: Who, done: str, detail: dict[str, object]) -> str:
    commit = str(detail["commit"])[:12]
    by = {steps.POLICY: "The policy", steps.TIME: "Time", steps.HUB: "The hub"}.get(_name(who), _name(who))
    return f"{detail['model']} at {commit} is {done} now, by {by}"


def _name(who: Who) -> str:
    return who if isinstance(who, str) else who.name


def reason_of(text: str) -> str:
    """Return a reason as it is kept. Raises WeighbridgeError `E-reason`."""
    reason = text.strip()
    if not _SHORTEST_REASON <= len(reason) <= _LONGEST_REASON or not reason.isprintable():
        raise WeighbridgeError(
            "E-reason",
            "this needs a reason, in one line",
            f"say why in {_SHORTEST_REASON} to {_LONGEST_REASON} characters",
        )
    return reason


def _replacement(text: str) -> str:
    said = text.strip()
    if len(said) > 200 or not said.isprintable():
        raise WeighbridgeError("E-reason", "the replacement cannot be shown", "name a model, in up to 200 characters")
    return said
