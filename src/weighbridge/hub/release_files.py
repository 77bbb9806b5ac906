"""Files of releases: a path and the digest of its bytes. The bytes lie once in the store, whoever holds them.

What git would call a file follows from its digest and size, as it does where large files are kept beside git: the id of
the pointer to it. Source: Git LFS specification, "The Pointer".
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct
from sqlalchemy import Column, Connection, Index, String, case, delete, insert, select

from weighbridge.fleet.tables import integer, reference_table
from weighbridge.hub.releases import RELEASES, Release, from_fields
from weighbridge.hub.states import SERVED, State
from weighbridge.model.release_path import LONGEST_PATH

_AT_ONCE = 5_000

FILES = reference_table(
    "hub_release_files",
    Column("release_id", String(16), primary_key=True),
    # By code point on every database: folders are ranges, which the order of a language would tear apart.
    Column("path", String(LONGEST_PATH).with_variant(String(LONGEST_PATH, "C"), "postgresql"), primary_key=True),
    Column("sha256", String(64), nullable=False),
    integer("size", nullable=False),
    Index(None, "sha256"),
)


class ReleaseFile(Struct, frozen=True, kw_only=True):
    """One file of a release."""

    path: str
    sha256: str
    size: int
    """Bytes."""

    @property
    def git_id(self) -> str:
        """The id of the pointer to it as a blob of git, 40 hexadecimal digits."""
        pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{self.sha256}\nsize {self.size}\n".encode()
        return hashlib.sha1(b"blob %d\x00%s" % (len(pointer), pointer), usedforsecurity=False).hexdigest()


def add(connection: Connection, release: Release, files: Iterable[ReleaseFile]) -> None:
    """Write the files of a release that has none yet."""
    rows = [
        {"release_id": release.release_id, "path": one.path, "sha256": one.sha256, "size": one.size} for one in files
    ]
    for at in range(0, len(rows), _AT_ONCE):
        connection.execute(insert(FILES), rows[at : at + _AT_ONCE])


def replace(connection: Connection, release: Release, files: Iterable[ReleaseFile]) -> None:
    """Write the files of a release that nobody was served yet; those that it had are gone."""
    connection.execute(delete(FILES).where(FILES.c.release_id == release.release_id))
    add(connection, release, files)


def of_release(
    connection: Connection, release_id: str, *, below: str = "", after: str = "", limit: int | None = None
) -> list[ReleaseFile]:
    """Return files of a release by path.

    Args:
        connection: to read with.
        release_id: whose.
        below: a folder; empty for all.
        after: only paths that follow this one, for the next piece of a long list.
        limit: how many at most.
    """
    wanted = select(FILES.c.path, FILES.c.sha256, FILES.c.size)
    wanted = wanted.where(FILES.c.release_id == release_id).order_by(FILES.c.path)
    if below:
        # Characters between the slash and its follower: exactly what lies in the folder, and an index answers it.
        wanted = wanted.where(FILES.c.path > f"{below}/", FILES.c.path < f"{below}0")
    if after:
        wanted = wanted.where(FILES.c.path > after)
    return [ReleaseFile(**row._mapping) for row in connection.execute(wanted.limit(limit))]


def at_path(connection: Connection, release_id: str, path: str) -> ReleaseFile | None:
    """Return one file; None if the release has none there."""
    wanted = select(FILES.c.path, FILES.c.sha256, FILES.c.size)
    row = connection.execute(wanted.where(FILES.c.release_id == release_id, FILES.c.path == path)).first()
    return None if row is None else ReleaseFile(**row._mapping)


def served_digests(connection: Connection, digests: Sequence[str]) -> set[str]:
    """Return those digests that a release holds which is served now."""
    return digests_in(connection, digests, SERVED)


def digests_in(connection: Connection, digests: Sequence[str], states: Collection[State]) -> set[str]:
    """Return those digests that a release holds which is in one of some states."""
    found: set[str] = set()
    for at in range(0, len(digests), _AT_ONCE):
        wanted = select(FILES.c.sha256).join(RELEASES, RELEASES.c.release_id == FILES.c.release_id)
        wanted = wanted.where(FILES.c.sha256.in_(digests[at : at + _AT_ONCE]), RELEASES.c.state.in_(states))
        found |= set(connection.execute(wanted.distinct()).scalars())
    return found


def releases_with(connection: Connection, sha256: str, *, model_id: str = "", limit: int = 1_000) -> list[Release]:
    """Return releases that hold a digest, in whatever state, those that are served first.

    Args:
        connection: to read with.
        sha256: the digest. A license or an empty file may be in every model that there is.
        model_id: whose releases; empty for those of all models.
        limit: how many at most.
    """
    holders = select(FILES.c.release_id).where(FILES.c.sha256 == sha256)
    wanted = select(RELEASES).where(RELEASES.c.release_id.in_(holders))
    if model_id:
        wanted = wanted.where(RELEASES.c.model_id == model_id)
    served_first = case((RELEASES.c.state.in_(SERVED), 0), else_=1)
    rows = connection.execute(wanted.order_by(served_first, RELEASES.c.release_id).limit(limit)).mappings()
    return [from_fields({name: row[name] for name in Release.__struct_fields__}) for row in rows]
