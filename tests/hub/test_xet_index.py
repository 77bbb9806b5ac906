"""Where chunks lie, on both databases."""

from weighbridge.hub import xet_index
from weighbridge.hub.xet_index import Run


def run(start, end, sha256, at=0, is_raw=False):
    """Return a run of one xorb."""
    return Run(xorb="f" * 64, start=start, end=end, sha256=sha256 * 64, at=at, is_raw=is_raw)


def test_what_is_known_of_a_xorb(store):
    chunks = [(bytes([number]) * 32, number + 1) for number in range(4)]
    for _ in range(2):
        store.write_now(lambda c: xet_index.add_xorb(c, 7, "ada", "f" * 64, chunks))
    found = store.read_now(lambda c: xet_index.find_xorb(c, "ada", "f" * 64))
    assert (found.sizes, found.sent_at) == ((1, 2, 3, 4), 7)
    assert found.hashes_of(1, 3) == b"\x01" * 32 + b"\x02" * 32
    assert (found.offset(0, 3), found.offset(2, 2)) == (6, 0)
    assert store.read_now(lambda c: xet_index.find_xorb(c, "bob", "f" * 64)) is None


def test_where_chunks_lie(store):
    runs = [run(2, 4, "b", 10), run(0, 4, "a", is_raw=True), run(0, 4, "a", is_raw=True)]
    store.write_now(lambda c: xet_index.add_runs(c, "ada", runs))
    assert store.read_now(lambda c: xet_index.runs_of(c, "ada", "f" * 64)) == [runs[1], runs[0]]
    assert store.read_now(lambda c: xet_index.runs_of(c, "bob", "f" * 64)) == []


def test_forgetting_gives_another_address(store):
    store.write_now(lambda c: xet_index.add_runs(c, "ada", [run(0, 1, "a")]))
    assert store.read_now(lambda c: xet_index.epoch_of(c, "ada")) == 0
    for epoch in (1, 2):
        store.write_now(lambda c: xet_index.forget(c, "ada"))
        assert store.read_now(lambda c: xet_index.epoch_of(c, "ada")) == epoch
    assert store.read_now(lambda c: xet_index.runs_of(c, "ada", "f" * 64)) == []
    assert store.read_now(lambda c: xet_index.epoch_of(c, "bob")) == 0


def test_what_came_long_ago_is_forgotten(store):
    chunks = [(b"x" * 32, 1)]
    for now, name in ((1, "e" * 64), (9, "f" * 64)):
        store.write_now(lambda c, now=now, name=name: xet_index.add_xorb(c, now, "ada", name, chunks))
        kept = Run(xorb=name, start=0, end=1, sha256="a" * 64, at=0, is_raw=True)
        store.write_now(lambda c, kept=kept: xet_index.add_runs(c, "ada", [kept]))
    store.write_now(lambda c: xet_index.prune(c, 5))
    known = [
        len(store.read_now(lambda c, name=name: xet_index.runs_of(c, "ada", name))) for name in ("e" * 64, "f" * 64)
    ]
    assert known == [0, 1]
    assert store.read_now(lambda c: xet_index.find_xorb(c, "ada", "e" * 64)) is None
    assert store.read_now(lambda c: xet_index.find_xorb(c, "ada", "f" * 64)) is not None
