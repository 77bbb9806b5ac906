"""Files and folders of a release as the Hugging Face API lists them. Every file is listed with its SHA-256.

A file with an `lfs` block is cached under that digest, and `hf cache verify` checks it. No entry has a `xetHash`: who
sees one asks for parts that this hub does not serve. Source: huggingface_hub, `hf_api.py` (`RepoFile`, `RepoFolder`).
"""

import hashlib
from collections.abc import AsyncIterator, Iterator
from functools import partial

from sqlalchemy import Connection

from weighbridge.fleet.store import Store
from weighbridge.hub import release_files
from weighbridge.hub.hf_request import moment
from weighbridge.hub.hf_security import Scanned
from weighbridge.hub.release_files import ReleaseFile
from weighbridge.hub.releases import Release

AT_ONCE = 1_000
"""Entries of one page, as the public hub has it."""
_POINTER_BYTES = len(f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize \n")
_FEW = 32
BELOW = "/\U0010ffff"
"""After the path of a folder: sorts behind everything that may lie in it, for no name holds this character."""


def file_entry(file: ReleaseFile, release: Release, found: Scanned | None) -> dict[str, object]:
    """Return a file. `found`: what is known of the release, to tell its last commit and its findings, too."""
    entry: dict[str, object] = {"type": "file", "oid": file.git_id, "size": file.size, "path": file.path}
    entry["lfs"] = lfs_block(file, "oid")
    if found is not None:
        entry["lastCommit"] = _commit(release)
        entry["securityFileStatus"] = found.file_status(file.sha256)
    return entry


def folder_entry(path: str, release: Release, *, expand: bool) -> dict[str, object]:
    """Return a folder. Its id is another in every release."""
    oid = hashlib.sha1(f"{release.commit_id}/{path}".encode(), usedforsecurity=False).hexdigest()
    entry: dict[str, object] = {"type": "directory", "oid": oid, "size": 0, "path": path}
    if expand:
        entry["lastCommit"] = _commit(release)
    return entry


def sibling(file: ReleaseFile, *, sized: bool) -> dict[str, object]:
    """Return a file as the description of a model lists it."""
    if not sized:
        return {"rfilename": file.path}
    return {"rfilename": file.path, "size": file.size, "blobId": file.git_id, "lfs": lfs_block(file, "sha256")}


def lfs_block(file: ReleaseFile, digest: str) -> dict[str, object]:
    """Return what git would say of a large file. `digest`: what its digest is called there."""
    return {digest: file.sha256, "size": file.size, "pointerSize": _POINTER_BYTES + len(str(file.size))}


def _commit(release: Release) -> dict[str, object]:
    return {"id": release.commit_id, "title": release.title, "date": moment(release.created_at)}


async def all_files(store: Store, release: Release) -> AsyncIterator[list[ReleaseFile]]:
    """Yield the files of a release, some at a time."""
    after = ""
    while True:
        page = await store.read(partial(_page, release=release, after=after))
        yield page
        if len(page) < AT_ONCE:
            return
        after = page[-1].path


def _page(connection: Connection, release: Release, after: str) -> list[ReleaseFile]:
    return release_files.of_release(connection, release.release_id, after=after, limit=AT_ONCE)


def children(connection: Connection, release: Release, folder: str, after: str) -> Iterator[ReleaseFile | str]:
    """Yield what lies directly in a folder by name: files, and paths of folders. What lies deeper is not read.

    Args:
        connection: to read with.
        release: whose tree.
        folder: which; empty for the root.
        after: a path within it after which to go on; empty to begin.
    """
    start = len(folder) + 1 if folder else 0
    limit = _FEW
    while True:
        page = release_files.of_release(connection, release.release_id, below=folder, after=after, limit=limit)
        for file in page:
            deeper = file.path.find("/", start)
            if deeper >= 0:
                yield file.path[:deeper]
                after, limit = file.path[:deeper] + BELOW, _FEW
                break
            yield file
            after = file.path
        else:
            if len(page) < limit:
                return
            limit = AT_ONCE
