"""New releases: a commit over files whose bytes are in the store. Uploads, pushes and fetches all end here.

A commit is a whole tree: that of its parent with some paths changed. It goes into quarantine, and into the queue of
those that are weighed; who writes sees it as the head of the branch, who reads sees nothing of it.
"""

import hashlib
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from weighbridge.hub import blob_index, branches, jobs, models, release_files, releases
from weighbridge.hub.branches import MAIN
from weighbridge.hub.hub import Hub
from weighbridge.hub.models import Model
from weighbridge.hub.names import Name, check_path, is_commit, is_revision, is_sha256
from weighbridge.hub.release_files import ReleaseFile
from weighbridge.hub.releases import Release
from weighbridge.hub.states import State
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record

MOST_FILES = 200_000
"""Of one release: twice the largest repositories that there are."""


@record
class Put:
    """A path that holds these bytes from now on. They are in the store already."""

    path: str
    sha256: str


@record
class Remove:
    """A file, or everything in a folder, that is no longer there."""

    path: str
    is_folder: bool = False


Change = Put | Remove


async def commit_files(
    hub: Hub,
    caller_name: str,
    name: Name,
    *,
    parent: str | None,
    title: str,
    changes: Iterable[Change],
    revision: str = MAIN,
    commit_id: str = "",
    from_nothing: bool = False,
    upstream: str = "",
) -> Release:
    """Make a release and send it to be weighed.

    Args:
        hub: whose catalog.
        caller_name: who commits, for the record; that they may was checked.
        name: of the model, which is made if there is none.
        parent: the commit that the branch must stand at, empty for one without any; None: wherever it stands.
        title: what the commit says.
        changes: in their order.
        revision: the branch; empty for a commit that no branch means.
        commit_id: the id that it has elsewhere; empty for one that is made here.
        from_nothing: whether the changes are all there is, and the files of the parent are left out.
        upstream: where it came from, `namespace/name` there.

    Returns:
        the release; the parent's own if nothing is different.

    Raises:
        WeighbridgeError: `E-commit-parent` if somebody else was quicker, `E-commit-blob`, `E-commit-files`,
            `E-model-path`, `E-model-revision`; nothing is changed then.
    """
    listed, now = list(changes), hub.server.clock()

    def job(connection: Connection) -> Release:
        model = models.add(connection, now, name, owner=caller_name, upstream=upstream)
        return _commit(
            connection, now, caller_name, model, parent, title, listed, revision, commit_id, from_nothing=from_nothing
        )

    release = await hub.server.store.write(job)
    hub.work.set()
    return release


def _commit(
    connection: Connection,
    now: int,
    who: str,
    model: Model,
    parent: str | None,
    title: str,
    changes: list[Change],
    revision: str,
    commit_id: str,
    *,
    from_nothing: bool,
) -> Release:
    # A branch that is called as a commit would be what everybody gets who pinned that commit.
    if revision and (is_commit(revision) or not is_revision(revision)):
        raise WeighbridgeError("E-model-revision", f"no branch can be called {revision[:100]!r}", "write main, or v1")
    branch = branches.find(connection, model.model_id, revision) if revision else None
    head = branch.staged or branch.served if branch is not None else ""
    if parent is not None and parent != head:
        said = f"{model.full_name} stands at {head[:12] or 'no commit'} by now, not at {parent[:12] or 'none'}"
        raise WeighbridgeError("E-commit-parent", said, "get it anew, then commit again")
    if branch is not None and branch.kind != "branch":
        raise WeighbridgeError("E-model-revision", f"{revision} is a tag", "commit to a branch")
    before = releases.of_commit(connection, model.model_id, head) if head else None
    old = {} if before is None else {one.path: one for one in release_files.of_release(connection, before.release_id)}
    files = changed({} if from_nothing else old, changes, _sizes(connection, now, changes))
    if before is not None and not commit_id and files == old:
        return before
    wanted = commit_id or _commit_id(model, head, title, who, now, files)
    release = releases.of_commit(connection, model.model_id, wanted)
    if release is None:
        release = releases.add(connection, now, model.model_id, wanted, by=who, parent_id=head, title=title)
    elif release.state is State.FAILED:
        release = releases.move(connection, now, release, State.FETCHING, by=who)
    if release.state is not State.FETCHING:
        return release
    release_files.replace(connection, release, files.values())
    size = sum(one.size for one in files.values())
    releases.change(connection, release.release_id, size=size, files=len(files))
    release = releases.move(connection, now, release, State.QUARANTINED, by=who)
    if revision:
        branches.point(connection, now, model.model_id, revision, staged=wanted)
    jobs.add(connection, now, jobs.WEIGH, release.release_id)
    return release


def changed(
    old: Mapping[str, ReleaseFile], changes: Iterable[Change], sizes: Mapping[str, int]
) -> dict[str, ReleaseFile]:
    """Return the files of a tree after changes, by path.

    Args:
        old: the files before.
        changes: in their order; a path that is not there can be removed, too.
        sizes: bytes by digest.

    Raises:
        WeighbridgeError: `E-model-path`, `E-commit-blob`, `E-commit-files`: none, too many, or a file and a folder of
            one name.
    """
    files = dict(old)
    for change in changes:
        path = check_path(change.path.rstrip("/") if isinstance(change, Remove) else change.path)
        if isinstance(change, Put):
            if not is_sha256(change.sha256) or change.sha256 not in sizes:
                raise WeighbridgeError(
                    "E-commit-blob", f"the bytes of {path} did not come: {change.sha256[:12]}", "send them, then commit"
                )
            files[path] = ReleaseFile(path=path, sha256=change.sha256, size=sizes[change.sha256])
        else:
            files.pop(path, None)
            if change.is_folder:
                files = {name: one for name, one in files.items() if not name.startswith(f"{path}/")}
    if not 0 < len(files) <= MOST_FILES:
        raise WeighbridgeError(
            "E-commit-files", f"a release holds 1 to {MOST_FILES:,} files, not {len(files):,}", "commit other files"
        )
    for path in files:
        at = path.find("/")
        while at > 0:
            if path[:at] in files:
                raise WeighbridgeError(
                    "E-commit-files", f"{path[:at][:200]} would be a file and a folder", "remove the file first"
                )
            at = path.find("/", at + 1)
    return files


def _sizes(connection: Connection, now: int, changes: list[Change]) -> dict[str, int]:
    digests = sorted({change.sha256 for change in changes if isinstance(change, Put)})
    blob_index.touch_all(connection, now, digests)
    return {digest: blob.size for digest, blob in blob_index.find_all(connection, digests).items()}


def _commit_id(model: Model, parent: str, title: str, who: str, now: int, files: Mapping[str, ReleaseFile]) -> str:
    """Return an id that is another for anything that is different."""
    digest = hashlib.sha256()
    for text in ("weighbridge commit", model.model_id, parent, title, who, str(now)):
        digest.update(text.encode("utf-8", "backslashreplace") + b"\0")
    for path in sorted(files):
        digest.update(f"{files[path].sha256} {path}\0".encode())
    return digest.hexdigest()[:40]
