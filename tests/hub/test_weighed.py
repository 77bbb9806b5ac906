"""What weighing said about each release: the last one counts, documents and all."""

import msgspec
from tests.hub.test_automatic import CLEAN

from weighbridge.fleet.store import Store
from weighbridge.hub import weighed
from weighbridge.hub.weighed import Weighed
from weighbridge.hub.weighing import Gap


def kept(release_id: str = "r1", **more) -> Weighed:
    values = {"weighed_at": 5, "milliseconds": 7, "rules": "weighbridge 1", "policy_number": 3, "weighing": CLEAN}
    return Weighed(**values | {"release_id": release_id, "is_automatic": True, "reasons": ("a", "b")} | more)


def test_a_weighing_is_read_as_it_was_kept(store: Store) -> None:
    odd = msgspec.structs.replace(CLEAN, unexamined=(Gap(path="ü", reason="damaged"),), lineage=("a", "b"))

    def job(c):
        weighed.keep(c, kept(weighing=odd), b"report" * 1_000, b"bom")
        return weighed.of_release(c, "r1"), weighed.report_of(c, "r1"), weighed.bom_of(c, "r1")

    assert store.write_now(job) == (kept(weighing=odd), b"report" * 1_000, b"bom")
    nothing = store.read_now(
        lambda c: (weighed.of_release(c, "r2"), weighed.report_of(c, "r2"), weighed.bom_of(c, "r2"))
    )
    assert nothing == (None, None, None)


def test_the_last_weighing_counts(store: Store) -> None:
    def job(c):
        weighed.keep(c, kept(), b"1", b"1")
        weighed.keep(c, kept(is_automatic=False, reasons=(), rules="weighbridge 2"), b"2", b"2")
        return weighed.of_release(c, "r1"), weighed.bom_of(c, "r1")

    found, bom = store.write_now(job)
    assert (found.is_automatic, found.reasons, bom) == (False, (), b"2")
