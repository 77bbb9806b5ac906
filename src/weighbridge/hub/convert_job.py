"""Converts a release: each checkpoint of PyTorch becomes a file of safetensors, in a release that follows.

The numbers are the same, the pickle is gone. From what it was made is said in the file's own metadata, in the commit
and in the steps of both releases; the new one is weighed like any other.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Mapping
from functools import partial

import msgspec
from sqlalchemy import Connection

from weighbridge.host.confined import ConfinedError, Limits, run_confined
from weighbridge.host.file_piece import piece
from weighbridge.hub import models, release_files, releases, requests, shard_index, steps, storing
from weighbridge.hub.converting_child import Converted, ToConvert
from weighbridge.hub.hub import Hub
from weighbridge.hub.ingest import Change, Put, commit_files
from weighbridge.hub.jobs import Job
from weighbridge.hub.names import parse_name
from weighbridge.hub.release_files import ReleaseFile
from weighbridge.hub.scratch import lay_out, scratch
from weighbridge.hub.shard_index import LARGEST, Part
from weighbridge.hub.tensor_dictionary import NotSimpleError
from weighbridge.hub.worker import CannotError, Progress

ENDINGS = (".bin", ".pt", ".pth", ".ckpt")
_INDEXES = tuple(f"{ending}.index.json" for ending in ENDINGS)
_PART = re.compile(r"-[0-9]{5}-of-[0-9]{5}\.")
_PART_OF = re.compile(r"\.[a-z]+\.index\.json$")
_LOADED = re.compile(r"^pytorch_model(?=-[0-9]{5}-of-[0-9]{5}$|$)")
_CHILD = "weighbridge.hub.converting_child"
_HEADROOM = 256 << 20
_PIECE = 1 << 20


async def convert(hub: Hub, job: Job, progress: Progress) -> None:
    """Do a job of the kind `convert`.

    Raises:
        CannotError: a checkpoint of it is more than a dictionary of tensors, or it has none.
        WeighbridgeError: bytes are missing, or there is no room: later may be better.
    """
    found = await hub.server.store.read(lambda connection: releases.find(connection, job.subject))
    if found is None:
        return
    release, store = found, hub.server.store
    model = await store.read(lambda connection: models.by_id(connection, release.model_id))
    files = await store.read(lambda connection: release_files.of_release(connection, release.release_id))
    wanted = [one for one in files if one.path.endswith(ENDINGS)]
    if not wanted:
        raise CannotError("it has no checkpoint to convert")
    indexes = [one for one in files if one.path.endswith(_INDEXES)]
    _check_parts(wanted, indexes)
    progress.total = sum(one.size for one in wanted)
    changes: list[Change] = [Put(path=one.path, sha256=one.sha256) for one in files if one not in wanted + indexes]
    made: dict[str, str] = {}
    parts: dict[str, Part] = {}
    async with scratch(hub, f"convert-{release.release_id}") as folder:
        await lay_out(hub, release.release_id, os.path.join(folder, "files"))
        for one in wanted:
            digest, done = await _converted(hub, folder, one)
            made[one.sha256] = digest
            after_path = _renamed(one.path, files)
            changes.append(Put(path=after_path, sha256=digest))
            parts[one.path] = Part(name=after_path.rpartition("/")[2], tensors=done.tensors, size=done.numbers)
            progress.done += one.size
        changes += [
            Put(path=_renamed(one.path, files), sha256=await _index(hub, folder, one, parts)) for one in indexes
        ]
    after = await commit_files(
        hub,
        steps.HUB,
        parse_name(model.full_name),
        parent=None,
        title=f"Converted to safetensors from {release.commit_id[:12]}",
        changes=changes,
        from_nothing=True,
        upstream=model.upstream,
    )
    detail = {"from": release.commit_id, "to": after.commit_id, "converted": made}
    now, alias = hub.server.clock(), parse_name(model.full_name).alias
    for subject in {release.release_id, after.release_id}:
        noted = partial(steps.note, now=now, who=steps.HUB, step="convert", subject=subject, detail=detail)
        await store.write(noted)
    await store.write(lambda connection: _answer(connection, now, alias, release.release_id, after.release_id))


def _answer(connection: Connection, now: int, alias: str, before: str, after: str) -> None:
    """Let who asked for the checkpoint have what was made of it, which another worker may have weighed already."""
    requests.move_on(connection, now, before, after)
    made = releases.by_id(connection, after)
    requests.follow(connection, now, alias, after, made.state, made.state_why)


async def give_up(hub: Hub, job: Job, reason: str) -> None:
    """Say that a release was not converted; it stays as it is."""
    now = hub.server.clock()
    await hub.server.store.write(
        lambda connection: steps.note(connection, now, steps.HUB, "convert-failed", job.subject, why=reason)
    )


def _check_parts(wanted: list[ReleaseFile], indexes: list[ReleaseFile]) -> None:
    """Raise CannotError for parts of a checkpoint without the index that says what is in them."""
    folders = {one.path.rpartition("/")[0] for one in indexes}
    for one in wanted:
        if _PART.search(one.path) and one.path.rpartition("/")[0] not in folders:
            raise CannotError(f"{one.path} is one part of a checkpoint, and the index of its parts is not there")


async def _index(hub: Hub, folder: str, file: ReleaseFile, parts: Mapping[str, Part]) -> str:
    """Write the index of converted parts; return its digest."""
    if file.size > LARGEST:
        raise CannotError(f"{file.path} is larger than any index")
    beside, slash, name = file.path.rpartition("/")
    stem = _PART_OF.sub("", name)
    mine = {path.removeprefix(beside + slash): part for path, part in parts.items() if _belongs(path, beside, stem)}
    source = os.path.join(folder, "files", *file.path.split("/"))
    content = await asyncio.to_thread(piece, source, 0, file.size)
    try:
        text = await asyncio.to_thread(shard_index.converted, content, mine)
    except NotSimpleError as error:
        raise CannotError(f"{file.path} was not converted: {error}") from error

    async def pieces() -> AsyncIterator[bytes]:
        yield text

    return (await storing.store_blob(hub, pieces(), size=len(text))).sha256


def _belongs(path: str, beside: str, stem: str) -> bool:
    """Tell whether a file is one of the parts that an index of this name speaks of."""
    folder, _, name = path.rpartition("/")
    return folder == beside and _PART.search(name) is not None and _PART.split(name)[0] == stem


async def _converted(hub: Hub, folder: str, file: ReleaseFile) -> tuple[str, Converted]:
    """Convert one file; return the digest of the new one, which is in quarantine, and what is in it."""
    output = os.path.join(folder, "output")
    os.makedirs(output, 0o700, exist_ok=True)
    target = os.path.join(output, "converted")
    asked = ToConvert(source=os.path.join(folder, "files", *file.path.split("/")), target=target, sha256=file.sha256)
    limits = Limits(processor_seconds=300 + 60 * (file.size >> 30), most_written=2 * file.size + _HEADROOM)
    try:
        content = await run_confined(_CHILD, msgspec.json.encode(asked), folder, limits, output)
        done = msgspec.json.decode(content, type=Converted)
    except (ConfinedError, msgspec.MsgspecError) as error:
        raise CannotError(f"{file.path} could not be converted: {error}") from error
    if done.refused:
        raise CannotError(f"{file.path} was not converted: {done.refused}")

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, done.size, _PIECE):
            yield await asyncio.to_thread(piece, target, at, min(_PIECE, done.size - at))

    received = await storing.store_blob(hub, pieces(), size=done.size)
    os.unlink(target)
    return received.sha256, done


def _renamed(path: str, files: list[ReleaseFile]) -> str:
    """Return the path of the new file. Raises CannotError: there is one already."""
    folder, slash, name = path.rpartition("/")
    index = ".index.json" if name.endswith(_INDEXES) else ""
    stem = name.removesuffix(index).rpartition(".")[0]
    # What loaders look for first: `pytorch_model.bin` is `model.safetensors` to them.
    after = f"{folder}{slash}{_LOADED.sub('model', stem)}.safetensors{index}"
    if any(one.path == after for one in files):
        raise CannotError(f"there is {after} already")
    return after
