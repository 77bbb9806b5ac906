"""Weighs a release: its files in a folder of their own, a confined process that looks into them, and what follows.

Clean, permissive, safe and known to the end: the policy approves it, with its reasons on record. Anything else waits
for a person. A release that is served stays so while it is weighed anew, and goes back to review if it should never
have been.
"""

import os

import msgspec
from sqlalchemy import Connection

from weighbridge.fleet import policy_versions
from weighbridge.host.confined import ConfinedError, Limits, run_confined
from weighbridge.host.state import write_atomically
from weighbridge.hub import fleet_revocations, lifecycle, models, release_files, releases, steps, weighed
from weighbridge.hub.approval import Approval
from weighbridge.hub.automatic import automatic
from weighbridge.hub.hub import Hub
from weighbridge.hub.jobs import Job
from weighbridge.hub.models import Model
from weighbridge.hub.releases import Release
from weighbridge.hub.scratch import lay_out, scratch
from weighbridge.hub.states import State, check_move
from weighbridge.hub.weighed import Weighed
from weighbridge.hub.weighing_child import Answered, Asked
from weighbridge.hub.worker import CannotError, Progress
from weighbridge.policy.packs import BUILT_IN

_CHILD = "weighbridge.hub.weighing_child"
_SECONDS_PER_GIB = 60
"""Of processor time, at most, beside what small releases may take: hashing takes two, looking into files some."""
_AGAINST = frozenset({"reject", "revoke", "review"})
"""Steps after which policy alone approves a release no more."""
_HARMFUL = frozenset({"hostile", "malicious"})
PACK = BUILT_IN[0]


async def weigh(hub: Hub, job: Job, progress: Progress) -> None:
    """Do a job of the kind `weigh`.

    Raises:
        CannotError: what looks into it gives no answer.
        WeighbridgeError: bytes are missing, or there is no room: later may be better.
    """
    begun = await hub.server.store.write(lambda connection: _begin(hub, connection, job.subject))
    if begun is None:
        return
    release, model = begun
    progress.total = max(1, release.size)
    before = hub.server.monotonic()
    async with scratch(hub, f"weigh-{release.release_id}") as folder:
        files = os.path.join(folder, "files")
        size = await lay_out(hub, release.release_id, files)
        number, policy = await _policy(hub, folder)
        store, store_name = ("huggingface", model.upstream) if model.upstream else ("hub", model.full_name)
        asked = Asked(
            folder=files,
            name=model.full_name,
            policy=policy,
            store=store,
            store_name=f"{store_name}@{release.commit_id}",
            at=hub.server.clock(),
        )
        limits = Limits(processor_seconds=300 + _SECONDS_PER_GIB * (size >> 30), seconds=1_200 + 300 * (size >> 30))
        try:
            content = await run_confined(_CHILD, msgspec.json.encode(asked), folder, limits)
            answer = msgspec.json.decode(content, type=Answered)
        except (ConfinedError, msgspec.MsgspecError) as error:
            raise CannotError(f"it could not be weighed: {error}") from error
    took = int((hub.server.monotonic() - before) * 1000)
    await _conclude(hub, release.release_id, answer, number, took)


async def give_up(hub: Hub, job: Job, reason: str) -> None:
    """Say that a release could not be weighed. One that is served is left as it is, and that is on record."""

    def job_of(connection: Connection) -> None:
        now = hub.server.clock()
        release = releases.find(connection, job.subject)
        if release is None:
            return
        if release.state is State.QUARANTINED:
            release = releases.move(connection, now, release, State.WEIGHING, by=steps.HUB)
        if release.state is State.WEIGHING:
            release = releases.move(connection, now, release, State.FAILED, by=steps.HUB, why=reason)
            lifecycle.answer_requests(connection, now, release, reason)
        steps.note(connection, now, steps.HUB, "weigh-failed", release.release_id, why=reason)

    await hub.server.store.write(job_of)


def _begin(hub: Hub, connection: Connection, release_id: str) -> tuple[Release, Model] | None:
    """Return the release to be weighed, in the state in which it is; None if there is nothing to do."""
    release = releases.find(connection, release_id)
    if release is None or release.is_tombstone or release.state in (State.FETCHING, State.REVOKED, State.FAILED):
        return None
    if release.state in (State.QUARANTINED, State.REJECTED, State.EXPIRED):
        release = releases.move(connection, hub.server.clock(), release, State.WEIGHING, by=steps.HUB)
    return release, models.by_id(connection, release.model_id)


async def _policy(hub: Hub, folder: str) -> tuple[int, str]:
    """Return the number of the fleet's policy, and where the child finds it; 0 and a pack's name if there is none."""

    def job(connection: Connection) -> tuple[int, dict[str, bytes]]:
        number = policy_versions.in_force(connection)
        return number, policy_versions.files(connection, number) if number else {}

    number, files = await hub.server.store.read(job)
    if not number:
        return 0, PACK
    place = os.path.join(folder, "policy")
    for name, content in files.items():
        write_atomically(os.fsencode(os.path.join(place, *name.split("/"))), content)
    return number, place


async def _conclude(hub: Hub, release_id: str, answer: Answered, number: int, took: int) -> None:
    """Keep what was found, and let policy or a person decide."""
    said = answer.weighing

    def job(connection: Connection) -> tuple[Release, Weighed]:
        now = hub.server.clock()
        release = releases.by_id(connection, release_id)
        gone = fleet_revocations.held(connection, release_id, said.weights)
        model = models.by_id(connection, release.model_id)
        among_own = bool(model.upstream) and models.are_made_here(connection, model.namespace)
        allowed = hub.server.settings.hub_approve_by_policy
        refused = any(one.step in _AGAINST for one in steps.about(connection, [release_id]))
        refused = refused or bool(release_files.digests_in(connection, said.weights, (State.REJECTED, State.REVOKED)))
        alone, reasons = automatic(said, allowed=allowed, revoked=gone, among_own=among_own, refused=refused)
        kept = Weighed(
            release_id=release_id,
            weighed_at=now,
            milliseconds=took,
            rules=answer.rules,
            policy_number=number,
            weighing=said,
            is_automatic=alone,
            reasons=reasons,
        )
        weighed.keep(connection, kept, bytes(answer.report), bytes(answer.bom))
        values: dict[str, object] = {"formats": ",".join(said.formats)[:128], "assessment": said.assessment}
        values |= {"decision": said.decision, "license": ", ".join(filter(None, said.licenses))[:128]}
        release = releases.change(connection, release_id, **values)
        detail = {"assessment": said.assessment, "decision": said.decision, "rules": answer.rules}
        detail |= {"model": model.full_name, "commit": release.commit_id}
        steps.note(connection, now, steps.HUB, "weigh", release_id, why=" ".join(reasons), detail=detail | values)
        if release.state is State.WEIGHING and not alone:
            check_move(release.state, State.REVIEW)
            release = releases.move(connection, now, release, State.REVIEW, by=steps.HUB, why=" ".join(reasons))
        return release, kept

    release, kept = await hub.server.store.write(job)
    if release.state is State.WEIGHING:
        await lifecycle.approve(hub, steps.POLICY, release_id, Approval(), why=" ".join(kept.reasons))
    elif release.is_served and (said.assessment in _HARMFUL or said.decision == "deny"):
        await lifecycle.back_to_review(hub, steps.POLICY, release_id, kept.reasons[0][:500])
