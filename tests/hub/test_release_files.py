"""Files of releases: a path, a digest, and what git would call it."""

from sqlalchemy import insert, select
from tests.fleet.serving import BEGINNING

from weighbridge.fleet.store import Store
from weighbridge.hub import models, release_files, releases
from weighbridge.hub.names import parse_name
from weighbridge.hub.release_files import FILES, ReleaseFile
from weighbridge.hub.releases import RELEASES
from weighbridge.hub.states import State

PATHS = ("README.md", "a-b/x", "a/b", "a/c/d", "a0", "ab", "z")
A, B = "aa" * 32, "bb" * 32


def made(c, name: str = "acme/tiny", *states: State):
    model = models.add(c, BEGINNING, parse_name(name), owner="ada")
    release = releases.add(c, BEGINNING, model.model_id, f"{len(name):040x}", by="ada", state=State.WEIGHING)
    for state in states:
        release = releases.move(c, BEGINNING, release, state, by="grace")
    return release


def test_the_id_in_git_is_that_of_the_pointer() -> None:
    """The value is what `git hash-object` says of the pointer to an empty file."""
    empty = ReleaseFile(path="x", sha256="e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", size=0)
    assert empty.git_id == "fc8e42b32efb9a9bf3ae0234a18a948e499490f8"
    assert empty.git_id != ReleaseFile(path="x", sha256=empty.sha256, size=1).git_id


def test_files_come_by_path_below_a_folder_and_piece_by_piece(store: Store) -> None:
    def job(c):
        release = made(c)
        release_files.add(c, release, (ReleaseFile(path=path, sha256=A, size=1) for path in reversed(PATHS)))

        def paths(**more):
            return [one.path for one in release_files.of_release(c, release.release_id, **more)]

        assert paths() == sorted(PATHS)
        assert paths(below="a") == ["a/b", "a/c/d"]
        assert paths(after="a/b", limit=2) == ["a/c/d", "a0"]
        assert release_files.at_path(c, release.release_id, "a/b").sha256 == A
        assert release_files.at_path(c, release.release_id, "A/b") is None
        release_files.replace(c, release, [ReleaseFile(path="one", sha256=B, size=1)])
        assert paths() == ["one"]

    store.write_now(job)


def test_a_digest_is_served_by_a_release_that_is(store: Store) -> None:
    def job(c):
        one, two = made(c, "acme/one", State.APPROVED), made(c, "acme/three")
        release_files.add(c, one, [ReleaseFile(path="x", sha256=A, size=1)])
        release_files.add(c, two, [ReleaseFile(path="x", sha256=A, size=1), ReleaseFile(path="y", sha256=B, size=1)])
        holders = {release.release_id for release in release_files.releases_with(c, A)}
        return release_files.served_digests(c, [A, B]), holders == {one.release_id, two.release_id}

    assert store.write_now(job) == ({A}, True)


def test_a_file_that_every_model_holds_is_found_in_each(store: Store) -> None:
    """A license of more releases than are looked at: those of one model alone, and those that are served first."""

    def job(c):
        many = [{"release_id": f"{number:016x}", "path": "LICENSE", "sha256": A, "size": 1} for number in range(1_100)]
        c.execute(insert(FILES), many)
        other = made(c, "acme/other")
        same = dict(select_one(c, other.release_id)) | {"state": State.REVIEW.value}
        rows = [
            same | {"release_id": one["release_id"], "commit_id": f"{at + 1_000:040x}"} for at, one in enumerate(many)
        ]
        c.execute(insert(RELEASES), rows)
        mine = made(c, "acme/mine", State.APPROVED)
        release_files.add(c, mine, [ReleaseFile(path=path, sha256=A, size=1) for path in ("LICENSE", "NOTICE")])
        assert release_files.releases_with(c, A, model_id=mine.model_id) == [mine]
        assert release_files.releases_with(c, A, limit=2)[0] == mine
        assert len(release_files.releases_with(c, A)) == 1_000

    store.write_now(job)


def select_one(c, release_id: str):
    return c.execute(select(RELEASES).where(RELEASES.c.release_id == release_id)).one()._mapping
