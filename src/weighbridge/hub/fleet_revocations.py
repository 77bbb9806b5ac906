"""What people revoked in the whole fleet is served by no release: by none that holds it, and by none approved later.

A digest is revoked from where it was found (its artifact page, `wb fleet revoke`) or with one release that holds it;
the same bytes may lie in others. A revocation of a release alone, without its digests, stays with that release.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from weighbridge.fleet import revocations
from weighbridge.fleet.revocations import REVOCATIONS, Revocation
from weighbridge.hub import weighed
from weighbridge.hub.release_files import FILES
from weighbridge.hub.releases import RELEASES
from weighbridge.hub.states import SERVED
from weighbridge.model.errors import WeighbridgeError

_AT_ONCE = 400


def served(connection: Connection) -> dict[str, Revocation]:
    """Return the releases that are served and hold what is revoked in the fleet: one revocation for each id."""
    gone = {one.sha256: one for one in revocations.active(connection)}
    digests, found = [*gone], dict[str, Revocation]()
    states = [state.value for state in SERVED]
    for at in range(0, len(digests), _AT_ONCE):
        wanted = select(FILES.c.release_id, FILES.c.sha256).join(RELEASES, RELEASES.c.release_id == FILES.c.release_id)
        wanted = wanted.where(FILES.c.sha256.in_(digests[at : at + _AT_ONCE]), RELEASES.c.state.in_(states))
        found |= {row.release_id: gone[row.sha256] for row in connection.execute(wanted)}
    return found


def held(connection: Connection, release_id: str, weights: Sequence[str] = ()) -> dict[str, str]:
    """Return the digests in a release that are revoked in the fleet, and why.

    Args:
        connection: to read with.
        release_id: of the release.
        weights: of models in it, which may lie inside its files.
    """
    wanted = select(REVOCATIONS.c.sha256, REVOCATIONS.c.reason).join(FILES, FILES.c.sha256 == REVOCATIONS.c.sha256)
    files = wanted.where(FILES.c.release_id == release_id, REVOCATIONS.c.lifted_at.is_(None))
    found = {row.sha256: row.reason for row in connection.execute(files)}
    return found | {one.sha256: one.reason for one in revocations.among(connection, weights)}


def check_none(connection: Connection, release_id: str) -> None:
    """Raise WeighbridgeError `E-release-state` if a release holds what is revoked in the fleet."""
    known = weighed.of_release(connection, release_id)
    for sha256, reason in held(connection, release_id, known.weighing.weights if known else ()).items():
        raise WeighbridgeError(
            "E-release-state",
            f"the release holds {sha256[:12]}, which is revoked in the fleet: {reason}",
            f"take that back first, on the artifact's page or by `wb fleet revoke {sha256} --lift`",
        )
