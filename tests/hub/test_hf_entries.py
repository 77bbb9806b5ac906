"""Entries of files and folders."""

from tests.hub.approved import with_many

from weighbridge.hub.hf_entries import BELOW, children
from weighbridge.hub.release_files import ReleaseFile


def test_children_go_on_after_any_of_them(served):
    paths = [f"a{number}/x" for number in range(40)] + [f"b{number:03}" for number in range(100)] + ["c/d/e"]
    release = with_many(served, paths)

    def listed(after=""):
        names = served.store.read_now(lambda c: list(children(c, release, "", after)))
        return [one.path if isinstance(one, ReleaseFile) else one for one in names]

    everything = listed()
    assert everything == [*sorted(f"a{number}" for number in range(40)), *sorted(paths[40:140]), "c"]
    assert listed("b050") == everything[everything.index("b050") + 1 :]
    assert listed(f"a39{BELOW}") == everything[everything.index("a39") + 1 :]
