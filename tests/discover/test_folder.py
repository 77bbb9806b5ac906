"""Listing and small files with failures as values."""

import pytest

from weighbridge.discover.folder import claimed, entries, files_below, small_file, small_json, text
from weighbridge.host.fake import FakeMachine
from weighbridge.model.finding import Unexamined


def test_files_below_is_bounded_and_follows_nothing():
    machine = FakeMachine()
    machine.add_file(b"/a/one")
    machine.add_file(b"/a/b/two")
    machine.add_file(b"/a/b/c/three")
    machine.add_link(b"/a/link", b"/a/b")
    machine.add_hard_link(b"/a/b/loop", b"/a")
    paths = [path for path, _ in files_below(machine, b"/a", depth=1)]
    assert paths == [b"/a/link", b"/a/one", b"/a/b/two"]
    assert len(list(files_below(machine, b"/a"))) < 200
    assert entries(machine, b"/missing") == []


def test_failures_are_values():
    machine = FakeMachine()
    machine.add_file(b"/big", b"x" * 100)
    machine.add_file(b"/list", b"[]")
    machine.add_file(b"/deep", b"[" * 100_000)
    assert isinstance(small_file(machine, b"/big", 10), Unexamined)
    assert isinstance(small_file(machine, b"/missing"), Unexamined)
    for path in (b"/big", b"/list", b"/deep"):
        assert isinstance(small_json(machine, path), Unexamined)


@pytest.mark.parametrize(
    ("digest", "digits"),
    [("sha256:" + "a" * 64, "a" * 64), ("sha256-" + "0" * 64, "0" * 64), ("sha256:" + "g" * 64, None), (5, None)],
)
def test_claims(digest, digits):
    assert claimed(digest) == digits


def test_text():
    assert [text(value) for value in ("a", " ", 5, None)] == ["a", None, None, None]
