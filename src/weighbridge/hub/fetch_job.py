"""Fetches a model that somebody asked for: what the name means upstream, its files into quarantine, then a release."""

import asyncio
import hashlib
from functools import partial

from sqlalchemy import Connection

from weighbridge.hub import lifecycle, models, releases, requests, steps
from weighbridge.hub.hub import Hub
from weighbridge.hub.ingest import Put, commit_files
from weighbridge.hub.jobs import Job
from weighbridge.hub.names import is_commit, parse_name
from weighbridge.hub.releases import Release
from weighbridge.hub.requests import ModelRequest
from weighbridge.hub.states import State
from weighbridge.hub.unpacking import unpack
from weighbridge.hub.upstream import Upstream, UpstreamFile, UpstreamRelease, fetch_file, fetcher_of
from weighbridge.hub.upstream_hf import HuggingFace
from weighbridge.hub.upstream_oci import Registry
from weighbridge.hub.worker import CannotError, Progress
from weighbridge.model.errors import WeighbridgeError

_SMALL = 8 << 20
_AT_ONCE, _LISTED = 4, 100
"""Small files that are fetched at the same time, and that wait for it; large ones come one after the other."""


async def fetch(hub: Hub, job: Job, progress: Progress) -> None:
    """Do a job of the kind `fetch`; its subject is a request.

    Raises:
        CannotError: there is no such model upstream, or it is not what the upstream said.
        WeighbridgeError: it may go better later; what came is kept.
    """
    request = await hub.server.store.read(lambda connection: requests.find(connection, job.subject))
    if request is None or request.state != requests.WAITING:
        return
    upstream = upstream_of(hub)
    found = await upstream.find(request.upstream, request.revision)
    release = await hub.server.store.write(partial(_release_of, hub=hub, request=request, commit=found.commit))
    if release.state is not State.FETCHING:
        await _join(hub, request, release)
        return
    progress.total = sum(one.size for one in found.files) or 1
    changes = await _files(hub, upstream, request, release, found, progress)
    name = parse_name(request.name)
    await commit_files(
        hub,
        steps.HUB,
        name,
        parent=None,
        title=f"Fetched from {hub.server.settings.upstream}",
        changes=changes,
        revision="" if is_commit(request.revision) else request.revision,
        commit_id=found.commit,
        from_nothing=True,
        upstream=request.upstream,
    )


async def give_up(hub: Hub, job: Job, reason: str) -> None:
    """Say that a model could not be fetched, to those who asked for it."""

    def job_of(connection: Connection) -> None:
        now = hub.server.clock()
        request = requests.find(connection, job.subject)
        if request is None:
            return
        release = releases.find(connection, request.release_id) if request.release_id else None
        if release is not None and release.state is State.FETCHING:
            release = releases.move(connection, now, release, State.FAILED, by=steps.HUB, why=reason)
            lifecycle.answer_requests(connection, now, release, reason)
        requests.refuse(connection, now, request.request_id, reason)
        detail = {"model": request.name, "revision": request.revision}
        steps.note(connection, now, steps.HUB, "fetch-failed", request.request_id, why=reason, detail=detail)

    await hub.server.store.write(job_of)


def upstream_of(hub: Hub) -> Upstream:
    """Return where this hub fetches from. Raises CannotError: it fetches nothing."""
    settings = hub.server.settings
    if not settings.upstream:
        raise CannotError("this hub fetches nothing: somebody has to upload the model")
    if settings.upstream_kind == "oci":
        return Registry(fetcher_of(hub), settings.upstream, hub.upstream_token, settings.upstream_token_origins)
    return HuggingFace(fetcher_of(hub), settings.upstream, hub.upstream_token)


def _release_of(connection: Connection, hub: Hub, request: ModelRequest, commit: str) -> Release:
    """Return the release of a commit, in the state of one that is fetched if there was none that is good.

    Raises:
        CannotError: a model of this name was made here meanwhile.
    """
    now = hub.server.clock()
    model = models.add(connection, now, parse_name(request.name), owner="", upstream=request.upstream)
    if model.upstream.lower() != request.upstream.lower():
        raise CannotError(f"{model.full_name} is made here, and does not come from upstream")
    release = releases.of_commit(connection, model.model_id, commit)
    if release is None:
        release = releases.add(connection, now, model.model_id, commit, by=steps.HUB)
        detail = {"model": model.full_name, "commit": commit, "upstream": hub.server.settings.upstream}
        steps.note(connection, now, steps.HUB, "fetch", release.release_id, detail=detail)
    elif release.state is State.FAILED:
        release = releases.move(connection, now, release, State.FETCHING, by=steps.HUB)
    requests.lead_to(connection, now, request.request_id, release.release_id)
    return release


async def _join(hub: Hub, request: ModelRequest, release: Release) -> None:
    """Tell a request what became long ago of what it asks for."""

    def job(connection: Connection) -> None:
        lifecycle.answer_requests(connection, hub.server.clock(), release, release.state_why)

    await hub.server.store.write(job)


async def _unpacked(hub: Hub, sha256: str, packed: str) -> list[Put]:
    """Return the files of an archive that came. Raises CannotError for one that holds what no release can."""
    try:
        return await unpack(hub, sha256, packed)
    except WeighbridgeError as error:
        if error.code in ("E-oci-manifest", "E-model-path"):
            raise CannotError(
                f"an archive of the upstream cannot be taken apart: {error.message.rpartition(': ')[2]}"
            ) from error
        raise


async def _files(
    hub: Hub, upstream: Upstream, request: ModelRequest, release: Release, found: UpstreamRelease, progress: Progress
) -> list[Put]:
    fetcher, places, model = fetcher_of(hub), asyncio.Semaphore(_AT_ONCE), parse_name(request.name)
    sender = f"fetch {release.release_id}"

    async def one(file: UpstreamFile) -> list[Put]:
        async with places:
            tail = hashlib.sha256(file.path.encode()).hexdigest()[:24]
            name = f"fetch-{release.release_id}-{tail}"
            sha256 = await fetch_file(hub, fetcher, upstream.headers, name, file, model=model, sender=sender)
            progress.done += file.size
            return await _unpacked(hub, sha256, file.packed) if file.packed else [Put(path=file.path, sha256=sha256)]

    puts = [put for file in found.files if file.size > _SMALL for put in await one(file)]
    small = [file for file in found.files if file.size <= _SMALL]
    for at in range(0, len(small), _LISTED):
        tasks = [asyncio.ensure_future(one(file)) for file in small[at : at + _LISTED]]
        try:
            puts += [put for some in await asyncio.gather(*tasks) for put in some]
        finally:
            for task in tasks:
                task.cancel()
    return puts
