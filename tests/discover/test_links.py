"""Links to files, on a machine in memory; whole sweeps are in test_sweep.py."""

import pytest

from weighbridge.discover.links import Links
from weighbridge.discover.probe import Candidate
from weighbridge.host.fake import FakeMachine


@pytest.fixture
def machine():
    machine = FakeMachine()
    machine.add_file(b"/in/file", b"x")
    machine.add_file(b"/out/file", b"x")
    return machine


def resolved(machine, link, target, *, in_store=False, roots=(b"/in",), by_name=False):
    machine.add_link(link, target)
    links = Links(machine, b"/", lambda _name: by_name)
    for root in roots:
        links.add_root(root)
    for path in (b"/in/file", b"/out/file"):
        links.sighted(machine.stat(path))
    links.add(Candidate(path=link), in_store)
    return list(links.resolved())


@pytest.mark.parametrize("target", [b"file", b"../in/file", b"/in/file", b"./x/../file"])
def test_inside(machine, target):
    machine.add_directory(b"/in/x")
    ((candidate, status),) = resolved(machine, b"/in/link", target)
    assert candidate.link
    assert status == machine.stat(b"/in/file")


@pytest.mark.parametrize("target", [b"/out/file", b"../out/file", b"/in/../out/file"])
def test_outside_is_silent_unless_it_matters(machine, target):
    assert resolved(machine, b"/in/link", target) == []
    assert resolved(machine, b"/in/link2", target, in_store=True)[0][1] is None
    assert resolved(machine, b"/in/link3", target, by_name=True)[0][1] is None


def test_a_link_through_a_folder_link_that_leaves(machine):
    machine.add_link(b"/in/door", b"/out")
    assert resolved(machine, b"/in/link", b"door/file", in_store=True)[0][1] is None
    assert resolved(machine, b"/in/link", b"door/file") == []


def test_a_root_that_is_a_link_itself(machine):
    machine.add_link(b"/alias", b"/in")
    assert resolved(machine, b"/in/link", b"/alias/file", roots=(b"/alias",))[0][1] is not None


def test_dangling_and_circular_links_are_no_files(machine):
    assert resolved(machine, b"/in/link", b"gone", in_store=True) == []
    assert resolved(machine, b"/in/loop", b"loop", in_store=True) == []


def test_windows_paths():
    machine = FakeMachine("windows")
    machine.add_file(b"C:\\in\\sub\\file", b"x")
    machine.add_link(b"C:\\in\\link", b"sub\\file")
    links = Links(machine, b"\\", lambda _name: False)
    links.add_root(b"C:\\in")
    links.sighted(machine.stat(b"C:\\in\\sub\\file"))
    links.add(Candidate(path=b"C:\\in\\link"), False)
    assert [candidate.path for candidate, status in links.resolved() if status] == [b"C:\\in\\link"]
