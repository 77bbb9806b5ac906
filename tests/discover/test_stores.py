"""Which store a file belongs to: the innermost that says something."""

from weighbridge.discover.probe import Candidate, Declaration, Probe
from weighbridge.discover.stores import Stores, Within
from weighbridge.host.fake import FakeMachine
from weighbridge.model.finding import Unexamined


def probe(name, roots=(), markers=(), said=(), describe=None, reads_ahead=True):
    return Probe(
        id=name,
        title=name,
        declaration=Declaration(reads=()),
        roots=lambda _machine: roots,
        looks_like=lambda _machine, _folder, names: frozenset(markers) <= names,
        explore=lambda _machine, _folder: said,
        markers=frozenset(markers),
        describe=describe,
        reads_ahead=reads_ahead,
    )


def test_inner_before_outer_and_silence_falls_through():
    machine = FakeMachine()
    machine.add_file(b"/outer/inner/mark", b"")
    outer = probe(
        "outer", (b"/outer",), describe=lambda _f, path: Candidate(path=path, store="outer"), reads_ahead=False
    )
    trouble = Unexamined(path=b"/outer/inner/x", reason="r")
    inner = probe("inner", markers=(b"mark",), said=(Candidate(path=b"/outer/inner/a", store="inner"), trouble))
    stores = Stores(machine, (inner, outer), b"/")
    around, _ = stores.enter(b"/outer", Within(), machine.survey(b"/outer"))
    within, troubles = stores.enter(b"/outer/inner", around, machine.survey(b"/outer/inner"))
    assert troubles == [trouble]
    assert stores.describe(b"/outer/inner/a", within).store == "inner"
    assert stores.describe(b"/outer/inner/b", within).store == "outer"
    assert stores.describe(b"/outer/c", around).store == "outer"
    assert stores.describe(b"/elsewhere", Within()).store is None


def test_starting_inside_a_known_store():
    machine = FakeMachine()
    machine.add_file(b"/store/a/b/file", b"")
    known = probe("known", (b"/store",), said=(Candidate(path=b"/store/a/b/file", store="known", store_name="n"),))
    stores = Stores(machine, (known,), b"/")
    assert stores.describe(b"/store/a/b/file", stores.enter_above(b"/store/a/b")).store_name == "n"
    assert stores.enter_above(b"/store") == Within()
    assert stores.enter_above(b"/other/a") == Within()


def test_a_store_behind_a_link_is_known_by_its_target():
    machine = FakeMachine()
    machine.add_directory(b"/data/big")
    machine.add_link(b"/home/ada/store", b"/data/big")
    stores = Stores(machine, (probe("known", (b"/home/ada/store",)),), b"/")
    within, _ = stores.enter(b"/data/big", Within(), machine.survey(b"/data/big"))
    assert within.store is not None
