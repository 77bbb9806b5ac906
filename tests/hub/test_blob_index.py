"""Which bytes the store holds: known ones stay where they are, and what somebody uses is not removed."""

from tests.fleet.serving import BEGINNING

from weighbridge.fleet.store import Store
from weighbridge.hub import blob_index, models, release_files, releases
from weighbridge.hub.blob_index import QUARANTINE, RELEASED
from weighbridge.hub.names import parse_name
from weighbridge.hub.release_files import ReleaseFile

A, B, C = "aa" * 32, "bb" * 32, "cc" * 32


def test_bytes_that_come_again_stay_where_they_are(store: Store) -> None:
    def job(c):
        blob_index.add(c, 100, A, 5)
        blob_index.place(c, [A, B], RELEASED)
        again = blob_index.add(c, 200, A, 5)
        return again, blob_index.find(c, B)

    again, unknown = store.write_now(job)
    assert (again.place, again.stored_at, again.size) == (RELEASED, 200, 5)
    assert unknown is None
    assert store.read_now(lambda c: blob_index.find_all(c, [A, B])) == {A: again}


def test_what_is_used_later_is_not_let_go(store: Store) -> None:
    def job(c):
        blob_index.add(c, 100, A, 5)
        blob_index.touch(c, 300, A)
        blob_index.let_go(c, A, since=200)
        kept = blob_index.find(c, A)
        blob_index.let_go(c, A, since=300)
        return kept.stored_at, blob_index.find(c, A).stored_at, blob_index.touch(c, 1, B)

    assert store.write_now(job) == (300, 0, None)


def test_only_old_bytes_that_no_release_holds_are_removed(store: Store) -> None:
    def job(c):
        model = models.add(c, BEGINNING, parse_name("acme/tiny"), owner="ada")
        release = releases.add(c, BEGINNING, model.model_id, "1" * 40, by="ada")
        held = [ReleaseFile(path="a", sha256=A, size=1), ReleaseFile(path="c", sha256=C, size=3)]
        release_files.add(c, release, held)
        for digest in (A, B):
            blob_index.add(c, 100, digest, 1)
        young = blob_index.unheld(c, before=100, limit=9)
        old = [one.sha256 for one in blob_index.unheld(c, before=101, limit=9)]
        removed = [blob_index.forget_unheld(c, digest, before=101) for digest in (A, B, B)]
        return young, old, removed, blob_index.unnoted(c, 9), [one.sha256 for one in blob_index.after(c, "", 9)]

    assert store.write_now(job) == ([], [B], [False, True, False], [(C, 3)], [A])


def test_bytes_are_forgotten(store: Store) -> None:
    def job(c):
        made = blob_index.add(c, 1, A, 1)
        blob_index.forget(c, A)
        return made.place, blob_index.find(c, A)

    assert store.write_now(job) == (QUARANTINE, None)
