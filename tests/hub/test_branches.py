"""What `main` means to those who read and to those who write."""

from weighbridge.fleet.store import Store
from weighbridge.hub import branches

FIRST, SECOND = "1" * 40, "2" * 40


def test_each_side_of_a_branch_moves_alone(store: Store) -> None:
    def job(c):
        branches.point(c, 10, "m", "main", staged=FIRST)
        branches.point(c, 20, "m", "main", served=FIRST)
        branches.point(c, 30, "m", "main", staged=SECOND, kind="tag")
        return branches.find(c, "m", "main")

    found = store.write_now(job)
    assert (found.served, found.staged, found.changed_at) == (FIRST, SECOND, 30)
    assert found.kind == "branch"  # what it is once, it stays


def test_branches_are_of_one_model_and_can_be_dropped(store: Store) -> None:
    def job(c):
        for name in ("v1", "main", "Main"):
            branches.point(c, 10, "m", name, served=FIRST, kind="tag")
        branches.point(c, 10, "other", "main", served=FIRST)
        dropped = branches.drop(c, "m", "v1"), branches.drop(c, "m", "v1")
        return dropped, [one.name for one in branches.of_model(c, "m")], branches.find(c, "m", "MAIN")

    assert store.write_now(job) == ((True, False), ["Main", "main"], None)
