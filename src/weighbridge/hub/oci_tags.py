"""Tags of models that somebody pushes: one manifest is one release, however many tags it gets, and when.

A tag is a branch (`latest` is `main`). A new one means what its manifest was made into, to readers as well once that is
served; one that readers get something else by moves only with a release of its own, which is decided upon.
"""

from sqlalchemy import Connection

from weighbridge.fleet import audit
from weighbridge.fleet.permissions import Viewer
from weighbridge.hub import branches, oci_pushed, releases
from weighbridge.hub.branches import MAIN
from weighbridge.hub.model_files import LATEST
from weighbridge.hub.names import is_revision
from weighbridge.hub.oci_pushed import Place
from weighbridge.hub.releases import Release
from weighbridge.hub.states import PENDING, SERVED


def branch_of(tag: str) -> str:
    """Return the branch that a tag is."""
    return MAIN if tag == LATEST else tag


def release_of(connection: Connection, place: Place, digest: str) -> Release | None:
    """Return what was made of a manifest when it was pushed before; None if that is over, or never was."""
    pushed = oci_pushed.manifest(connection, place, digest)
    release = releases.find(connection, pushed.release_id) if pushed is not None and pushed.release_id else None
    return release if release is not None and release.state in PENDING | SERVED else None


def point(connection: Connection, now: int, viewer: Viewer | None, release: Release, tag: str) -> bool:
    """Let a tag mean a release that is there already; return whether it could."""
    name, release = branch_of(tag), releases.by_id(connection, release.release_id)
    before = branches.find(connection, release.model_id, name)
    if before is not None and (before.kind != "branch" or before.served not in ("", release.commit_id)):
        return False
    if not is_revision(name) or release.state not in PENDING | SERVED:
        return False
    if before is None or release.commit_id not in (before.staged, before.served):
        audit.note(connection, now, viewer, "model.branch", release.model_id, {"name": name, "from": release.commit_id})
    served = release.commit_id if release.is_served else None
    branches.point(connection, now, release.model_id, name, served=served, staged=release.commit_id)
    return True


def forget(connection: Connection, tags: list[str], release_id: str) -> None:
    """Let tags mean a release no longer that nobody got by them yet: approving it does not bring them back."""
    release = releases.find(connection, release_id) if release_id else None
    if release is None:
        return
    for name in map(branch_of, tags):
        branch = branches.find(connection, release.model_id, name)
        if branch is not None and branch.kind == "branch" and not branch.served and branch.staged == release.commit_id:
            branches.drop(connection, release.model_id, name)
