"""Entries of files and folders."""

import pytest
from tests.hub.approved import approved, with_many

from weighbridge.hub.hf_entries import BELOW, children, status_of
from weighbridge.hub.release_files import ReleaseFile
from weighbridge.hub.releases import change


@pytest.mark.parametrize(
    ("assessment", "status"),
    [
        ("", "unscanned"),
        ("clean", "safe"),
        ("review", "caution"),
        ("malicious", "unsafe"),
        ("of tomorrow", "unscanned"),
    ],
)
def test_what_a_scan_said(served, assessment, status):
    release = approved(served)
    if assessment:
        release = served.store.write_now(lambda c: change(c, release.release_id, assessment=assessment))
    assert status_of(release) == status


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
