"""Which release and which files a person means: by a branch, tag, commit or version, by patterns, or by a lock file."""

import fnmatch
from collections.abc import Sequence

from weighbridge.host.fleet_http import FleetClient
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record
from weighbridge.pipeline.hub_access import HubAccess
from weighbridge.pipeline.hub_listing import HubFile, HubRelease, list_release
from weighbridge.pipeline.hub_lock import Locked

MAIN = "main"


@record
class Wanted:
    """A release, and those of its files that are wanted."""

    release: HubRelease
    files: tuple[HubFile, ...]


def wanted(
    client: FleetClient, access: HubAccess, name: str, version: str = MAIN, include: Sequence[str] = ()
) -> Wanted:
    """Return what a name and a version mean.

    Args:
        client: the way to the hub.
        access: who asks.
        name: `namespace/name`.
        version: a branch, a tag, a commit, or what people call a release: `1.2`.
        include: patterns of paths; empty for all files.

    Raises:
        WeighbridgeError: as `list_release`; `E-pull-files`.
    """
    release = list_release(client, access, name, version)
    files = tuple(
        one
        for one in release.files
        if not include or any(fnmatch.fnmatchcase(one.path, pattern) for pattern in include)
    )
    if not files:
        paths = ", ".join(one.path for one in release.files[:10]) or "none at all"
        raise WeighbridgeError("E-pull-files", f"{release.name} has no such files", f"it has {paths}")
    return Wanted(release=release, files=files)


def wanted_again(client: FleetClient, access: HubAccess, locked: Locked) -> Wanted:
    """Return what stands in a lock file, if the hub still says the same of it. Raises as `wanted`, `E-pull-locked`."""
    release = list_release(client, access, locked.name, locked.commit)
    now = {one.path: one for one in release.files}
    other = [path for path, digest in locked.files if path not in now or now[path].sha256 != digest]
    if release.commit != locked.commit or other:
        what = f"its file {other[0]} is another one" if other else "the hub means another commit by it"
        raise WeighbridgeError(
            "E-pull-locked",
            f"{locked.name}@{locked.commit[:12]} is not what was locked: {what}",
            "nothing was changed; tell who runs the hub, or lock it anew with --lock",
            exit_code=1,
        )
    return Wanted(release=release, files=tuple(now[path] for path, _ in locked.files))
