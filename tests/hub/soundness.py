"""What holds of a hub at every moment, what holds once its jobs are done, and what once its garbage is collected."""

import asyncio
import hashlib

from sqlalchemy import func, select
from tests.fleet.serving import Running
from tests.hub.matrix_asking import ask

from weighbridge.hub import blob_index, jobs, models, release_files, releases, steps
from weighbridge.hub.blob_index import PLACES
from weighbridge.hub.branches import BRANCHES
from weighbridge.hub.checking import UNKNOWN, check, digest_of
from weighbridge.hub.releases import RELEASES, Release
from weighbridge.hub.states import State
from weighbridge.hub.uploads import UPLOADS

_WITHOUT_FILES = (State.FETCHING, State.FAILED)


def all_releases(running: Running) -> list[Release]:
    """Return every release."""
    found = running.store.read_now(lambda c: c.execute(select(RELEASES.c.release_id)).scalars().all())
    return [running.store.read_now(lambda c, one=one: releases.by_id(c, one)) for one in found]


def sound(running: Running, *, settled: bool = False) -> None:
    """See what holds at every moment.

    No bytes under another digest; no release without its bytes; no branch that serves what nobody approved; no byte
    that is served without an approval, and none that is another. `settled`: that every served byte is to be had, too.
    """
    asyncio.run(_bytes(running))
    for release in all_releases(running):
        _release(running, release, settled=settled)
    serving = running.store.read_now(lambda c: c.execute(select(BRANCHES).where(BRANCHES.c.served != "")).all())
    for row in serving:
        if row.kind == "branch":
            means = running.store.read_now(lambda c, row=row: releases.of_commit(c, row.model_id, row.served))
            assert means is not None
            assert means.is_served or means.state in (State.EXPIRED, State.REVIEW), (row.name, means.state)


async def _bytes(running: Running) -> None:
    for place in PLACES:
        async for one in running.hub.blobs.blobs(place):
            digest = digest_of(one.path)
            assert digest is not None, one.path
            found = hashlib.sha256()
            async for piece in running.hub.blobs.read(place, digest, 0, one.size):
                found.update(piece)
            assert found.hexdigest() == digest, f"{one.path} holds other bytes"


def _release(running: Running, release: Release, *, settled: bool) -> None:
    files = running.store.read_now(lambda c: release_files.of_release(c, release.release_id))
    assert files or release.state in _WITHOUT_FILES, f"{release.state} without files"
    model = running.store.read_now(lambda c: models.by_id(c, release.model_id))
    approvals = [one.step for one in running.store.read_now(lambda c: steps.about(c, [release.release_id]))]
    assert approvals.count("approve") <= 1 + approvals.count("review") + approvals.count("expire")
    for file in files:
        blob = running.store.read_now(lambda c, file=file: blob_index.find(c, file.sha256))
        assert blob is not None, f"a release holds {file.path}, and the catalog does not have it"
        assert blob.size == file.size
        sizes = {running.hub.blobs.size_now(place, file.sha256) for place in PLACES} - {None}
        assert sizes == {file.size}, f"{file.path} of a release that is {release.state} lies nowhere"
        paths = (
            f"/{model.full_name}/resolve/{release.commit_id}/{file.path}",
            f"/v2/{model.full_name.lower()}/blobs/sha256:{file.sha256}",
        )
        for path in paths:
            answer = asyncio.run(ask(running, "GET", path, {}))
            if answer.status == 200:
                assert hashlib.sha256(answer.body).hexdigest() == file.sha256, path
                digests = running.store.read_now(lambda c, file=file: release_files.served_digests(c, [file.sha256]))
                assert digests, f"{path} is served and nobody approved it"
            assert answer.status == 200 or not (release.is_served and settled), (
                f"{path}: {answer.status} {answer.body!r}"
            )
            assert release.is_served or "/resolve/" not in path or answer.status != 200, path


def settled(running: Running) -> None:
    """See what holds once nothing is left to do: each byte lies where its releases want it, and can be had."""
    sound(running, settled=True)
    open_ones = [one for one in running.store.read_now(jobs.unfinished) if one.kind != jobs.WEIGH]
    assert open_ones == [], [(one.kind, one.reason) for one in open_ones]
    assert [one for one in asyncio.run(troubles(running)) if one.kind != UNKNOWN] == []


async def troubles(running: Running) -> list:
    """Return what `wb hub check --deep` says."""
    return [one async for one in check(running.store, running.hub.blobs, deep=True)]


async def _incoming(running: Running) -> list[str]:
    return [one.path async for one in running.hub.blobs.incoming()]


def clean(running: Running) -> None:
    """See what holds once garbage is collected: nothing is left over."""
    assert asyncio.run(troubles(running)) == []
    assert asyncio.run(_incoming(running)) == []
    assert running.store.read_now(lambda c: c.execute(select(func.count()).select_from(UPLOADS)).scalar_one()) == 0
    left = running.store.read_now(lambda c: blob_index.unheld(c, running.clock.now, 10))
    assert left == []
