"""Whether somebody would approve what they brought or asked for themselves.

A commit is a whole tree: it takes along what earlier commits brought that nobody approved. Who brought that must not
approve it either because somebody else committed a line on top of it.
"""

from sqlalchemy import Connection

from weighbridge.fleet.permissions import Viewer
from weighbridge.hub import release_files, releases, requests
from weighbridge.hub.releases import Release
from weighbridge.hub.states import SERVED, State

_LONGEST = 1_000
"""Commits in a row without an approval that are followed."""


def is_own(connection: Connection, who: Viewer, release: Release) -> bool:
    """Tell whether somebody asked for a release, or brought something that is in it and was not approved before."""
    if who.name == release.created_by or who.account_id in requests.askers(connection, release.release_id):
        return True
    here = _digests(connection, release)
    after = _before(connection, release)
    for _ in range(_LONGEST):
        if after is None or _was_approved(after):
            return False
        before = _before(connection, after)
        if after.created_by == who.name:
            brought = _digests(connection, after) - (set() if before is None else _digests(connection, before))
            if brought & here:
                return True
        after = before
    return True


def _before(connection: Connection, release: Release) -> Release | None:
    return releases.of_commit(connection, release.model_id, release.parent_id) if release.parent_id else None


def _was_approved(release: Release) -> bool:
    return release.state in SERVED or release.state is State.EXPIRED


def _digests(connection: Connection, release: Release) -> set[tuple[str, str]]:
    return {(one.path, one.sha256) for one in release_files.of_release(connection, release.release_id)}
