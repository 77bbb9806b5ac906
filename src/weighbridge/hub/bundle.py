"""A release as one file, for sites without a network: what it is, signed, and its bytes.

    manifest.json   what it is: model, commit, files with digests, what was decided where it comes from
    manifest.note   a signed note with the SHA-256 of the manifest
    bom.json        its bill of materials there, if it was weighed
    blobs/<sha256>  the bytes of each digest, once

A tar file, written and read from front to back. Where it comes in, every byte is hashed, the release goes into
quarantine, and the rules of that place decide: a signature says where it is from, not that it is good.
"""

import asyncio
import tarfile
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from hashlib import sha256
from typing import BinaryIO

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from weighbridge.fleet.witness import catalog_key
from weighbridge.hub import blob_index, models, release_files, releases, steps, storing, weighed
from weighbridge.hub.hub import Hub
from weighbridge.hub.ingest import MOST_FILES, Put, commit_files
from weighbridge.hub.names import is_commit, is_sha256, parse_name
from weighbridge.hub.release_files import ReleaseFile
from weighbridge.hub.releases import Release
from weighbridge.ledger.note import Verifier, parse, signed, verified
from weighbridge.model.errors import WeighbridgeError

SCHEMA = "weighbridge.release-bundle/1"
_MANIFEST, _NOTE, _BOM, _BLOBS = "manifest.json", "manifest.note", "bom.json", "blobs/"
_LARGEST_MANIFEST, _LARGEST_NOTE = 256 << 20, 1 << 16
_PIECE = 1 << 20
_BLOCK = tarfile.BLOCKSIZE
Read = Callable[[int], bytes]


class Manifest(Struct, frozen=True, kw_only=True):
    """What a bundle holds."""

    schema: str
    made_at: int
    """Milliseconds since 1970, UTC."""
    model: str
    """`namespace/name`."""
    summary: str
    tasks: tuple[str, ...]
    upstream: str
    commit: str
    title: str
    version: str
    state: str
    """That it had where it comes from."""
    guidance: str
    data_classes: str
    license: str
    files: list[ReleaseFile]
    bom: str = ""
    """SHA-256 of its bill of materials; empty if there is none."""


async def export_release(hub: Hub, release_id: str, target: BinaryIO) -> Manifest:
    """Write a release as a bundle.

    Args:
        hub: whose.
        release_id: which.
        target: takes the bytes.

    Raises:
        WeighbridgeError: `E-bundle` for a release without bytes that may leave, `E-blob-read`.
    """

    def job(connection: Connection) -> tuple[Manifest, bytes, bytes | None]:
        release = releases.by_id(connection, release_id)
        if not release.is_served or release.is_tombstone:
            raise WeighbridgeError(
                "E-bundle", f"this release is {release.state}", "only releases that are served leave the hub"
            )
        model, now = models.by_id(connection, release.model_id), hub.server.clock()
        bom = weighed.bom_of(connection, release_id)
        manifest = Manifest(
            schema=SCHEMA,
            made_at=now,
            model=model.full_name,
            summary=model.summary,
            tasks=model.tasks,
            upstream=model.upstream,
            commit=release.commit_id,
            title=release.title,
            version=release.version,
            state=release.state.value,
            guidance=release.guidance,
            data_classes=release.data_classes,
            license=release.license,
            files=release_files.of_release(connection, release_id),
            bom="" if bom is None else sha256(bom).hexdigest(),
        )
        text = msgspec.json.encode(manifest)
        note = signed(f"{SCHEMA}\n{now}\n{sha256(text).hexdigest()}\n", catalog_key(connection, now))
        steps.note(connection, now, steps.HUB, "export", release_id, detail={"model": model.full_name})
        return manifest, bytes(note), bom

    manifest, note, bom = await hub.server.store.write(job)
    for name, content in ((_MANIFEST, msgspec.json.encode(manifest)), (_NOTE, note), (_BOM, bom)):
        if content is not None:
            _begin(target, name, len(content))
            target.write(content + _filling(len(content)))
    for digest, size in sorted({one.sha256: one.size for one in manifest.files}.items()):
        blob = await hub.server.store.read(partial(blob_index.find, sha256=digest))
        if blob is None:
            raise WeighbridgeError(
                "E-blob-read", f"the bytes of {digest[:12]} are not in the store", "fetch them again"
            )
        _begin(target, _BLOBS + digest, size)
        async for piece in hub.blobs.read(blob.place, digest, 0, size):
            target.write(piece)
        target.write(_filling(size))
    target.write(bytes(2 * _BLOCK))
    return manifest


async def import_release(hub: Hub, source: BinaryIO, keys: Sequence[Verifier], who: str) -> Release:
    """Take a bundle into quarantine, and have it weighed here.

    Args:
        hub: whose.
        source: gives the bytes, from front to back.
        keys: one of them must have signed.
        who: brings it, for the record.

    Raises:
        WeighbridgeError: `E-bundle` for what is none, is not signed by one of these keys, or holds other bytes.
    """
    try:
        with tarfile.open(fileobj=source, mode="r|") as archive:
            manifest = await _take_all(hub, archive, keys)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise _wrong("it is cut short, or no bundle") from error
    changes = [Put(path=one.path, sha256=one.sha256) for one in manifest.files]
    return await commit_files(
        hub,
        who,
        parse_name(manifest.model),
        parent=None,
        title=manifest.title or "Imported",
        changes=changes,
        commit_id=manifest.commit,
        from_nothing=True,
        upstream=manifest.upstream,
    )


async def _take_all(hub: Hub, archive: tarfile.TarFile, keys: Sequence[Verifier]) -> Manifest:
    manifest: Manifest | None = None
    text, has_bom, wanted = b"", False, dict[str, int]()
    for entry in archive:
        file = archive.extractfile(entry) if entry.isreg() else None
        if file is None:
            raise _wrong("it holds something that is no file")
        if entry.name == _MANIFEST and not text:
            text = _whole(file.read, entry.size, _LARGEST_MANIFEST)
        elif entry.name == _NOTE and text and manifest is None:
            manifest = _manifest(text, _whole(file.read, entry.size, _LARGEST_NOTE), keys)
            wanted = {one.sha256: one.size for one in manifest.files}
        elif entry.name == _BOM and manifest is not None and not has_bom:
            has_bom = True
            if manifest.bom and _digest(file.read) != manifest.bom:
                raise _wrong("its bill of materials is another")
        elif manifest is not None and entry.name.removeprefix(_BLOBS) in wanted:
            digest = entry.name.removeprefix(_BLOBS)
            size = wanted.pop(digest)
            try:
                await storing.store_blob(hub, _pieces(file.read), most=size, sha256=digest, size=size)
            except WeighbridgeError as error:
                if error.code not in ("E-blob-digest", "E-blob-size"):
                    raise
                raise _wrong(f"the bytes of {digest[:12]} are others") from error
        else:
            raise _wrong(f"it holds what its manifest does not name: {entry.name[:80]!r}")
    if manifest is None:
        raise _wrong("it has no signed manifest")
    if wanted:
        raise _wrong(f"{len(wanted)} of its contents are missing")
    if manifest.bom and not has_bom:
        raise _wrong("its bill of materials is missing")
    return manifest


def _manifest(text: bytes, note: bytes, keys: Sequence[Verifier]) -> Manifest:
    try:
        said = parse(note)
        if not verified(said, keys):
            raise ValueError("none of the keys that you trust signed it")
        schema, _, digest = said.text.removesuffix("\n").split("\n")
        if schema != SCHEMA or digest != sha256(text).hexdigest():
            raise ValueError("its manifest is not what was signed")
        manifest = msgspec.json.decode(text, type=Manifest)
    except (ValueError, msgspec.MsgspecError) as error:
        raise _wrong(str(error)) from error
    parse_name(manifest.model)
    good = all(is_sha256(one.sha256) and one.size >= 0 for one in manifest.files)
    if not good or not is_commit(manifest.commit) or not 0 < len(manifest.files) <= MOST_FILES:
        raise _wrong("its manifest names no release")
    return manifest


async def _pieces(read: Read) -> AsyncIterator[bytes]:
    while piece := await asyncio.to_thread(read, _PIECE):
        yield piece


def _digest(read: Read) -> str:
    found = sha256()
    while piece := read(_PIECE):
        found.update(piece)
    return found.hexdigest()


def _whole(read: Read, size: int, most: int) -> bytes:
    if size > most:
        raise _wrong("its manifest is longer than any may be")
    return read(size)


def _begin(target: BinaryIO, name: str, size: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = size
    target.write(entry.tobuf(tarfile.GNU_FORMAT))


def _filling(size: int) -> bytes:
    return bytes(-size % _BLOCK)


def _wrong(said: str) -> WeighbridgeError:
    return WeighbridgeError(
        "E-bundle", f"this bundle is not taken: {said}", "get it anew, and its key from who made it"
    )
