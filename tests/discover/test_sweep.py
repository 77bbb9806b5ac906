"""The sweep on a machine in memory: what it finds, in which order, and what it reads."""

from datetime import timedelta

import pytest

from weighbridge.discover.probe import Candidate
from weighbridge.discover.sweep import STOPPED, Remembered, Sighted, Tally, sweep
from weighbridge.host.fake import FakeMachine
from weighbridge.model.finding import Unexamined

HOME = b"/home/ada"


class Notes:
    """A memory as plain as it can be."""

    def __init__(self):
        self.kept: dict[bytes, tuple[Remembered, bytes]] = {}

    def folder(self, path):
        return self.kept[path][0] if path in self.kept else None

    def listing(self, path):
        return self.kept[path][1] if path in self.kept else None

    def remember(self, path, remembered, listing):
        self.kept[path] = (remembered, listing)


def plausible(name: bytes, size: int, head: bytes, tail: bytes) -> bool:
    return head.startswith(b"MODEL") or name.endswith(b".model") or tail.endswith(b"END")


def found(items):
    return [item.candidate.path for item in items if isinstance(item, Sighted)]


def troubles(items):
    return {item.path: item.reason for item in items if isinstance(item, Unexamined)}


def read(machine, operation):
    return [path for done, path in machine.reads if done == operation]


@pytest.fixture
def machine():
    machine = FakeMachine()
    machine.add_file(HOME + b"/b/two", b"MODEL two")
    machine.add_file(HOME + b"/a/one.txt", b"MODEL one")
    machine.add_file(HOME + b"/a/note.txt", b"nothing")
    machine.add_file(HOME + b"/a/.git/objects/ab", b"MODEL in git")
    machine.add_file(HOME + b"/z", b"prefix" * 2000 + b"END")
    return machine


def test_content_decides_and_the_order_is_stable(machine):
    items = list(sweep(machine, [HOME], (), plausible))
    assert found(items) == [HOME + b"/z", HOME + b"/a/one.txt", HOME + b"/a/.git/objects/ab", HOME + b"/b/two"]
    assert items == list(sweep(machine, [HOME], (), plausible))
    assert items[0].head == (b"prefix" * 2000)[:4096]
    assert items[0].tail[-3:] == b"END"


def test_an_empty_file_is_judged_by_its_name_and_not_opened(machine):
    machine.add_file(HOME + b"/a/empty.model")
    machine.add_file(HOME + b"/a/empty.txt")
    assert HOME + b"/a/empty.model" in found(sweep(machine, [HOME], (), plausible))
    assert HOME + b"/a/empty.txt" not in read(machine, "peek")


def test_an_empty_file_that_says_that_there_is_none_is_nothing(machine):
    folder = HOME + b"/hub/models--acme--tiny/.no_exist/c0ffee"
    machine.add_file(folder + b"/x.model", b"")
    machine.add_file(folder + b"/y.model", b"MODEL")
    assert found(sweep(machine, [HOME + b"/hub"], (), plausible)) == [folder + b"/y.model"]


def test_roots_may_be_files_links_or_missing(machine):
    machine.add_link(HOME + b"/link", b"b/two")
    machine.add_link(HOME + b"/folder-link", b"a")
    items = list(sweep(machine, [HOME + b"/link", HOME + b"/nowhere"], (), plausible))
    assert found(items) == [HOME + b"/b/two", HOME + b"/link"]
    assert items[-1].candidate.link
    assert list(troubles(items)) == [HOME + b"/nowhere"]
    assert HOME + b"/a/one.txt" in found(sweep(machine, [HOME + b"/folder-link"], (), plausible))


def test_overlapping_roots_give_each_path_once(machine):
    paths = found(sweep(machine, [HOME + b"/a", HOME, HOME + b"/a", HOME + b"/b/two"], (), plausible))
    assert len(paths) == len(set(paths)) == 4


def test_loops_end(machine):
    machine.add_hard_link(HOME + b"/a/loop", HOME)
    machine.add_link(HOME + b"/b/up", b"..")
    machine.add_link(HOME + b"/b/self", b"self")
    assert len(found(sweep(machine, [HOME], (), plausible))) == 4


def test_hard_links_are_sighted_with_one_identity(machine):
    machine.add_hard_link(HOME + b"/b/again", HOME + b"/b/two")
    items = [item for item in sweep(machine, [HOME + b"/b"], (), plausible) if isinstance(item, Sighted)]
    assert [item.candidate.path for item in items] == [HOME + b"/b/again", HOME + b"/b/two"]
    assert len({(item.stat.st_dev, item.stat.st_ino) for item in items}) == 1


def test_links_inside_the_roots_are_places_and_links_out_are_not_followed(machine):
    machine.add_file(b"/srv/secret.model", b"MODEL")
    machine.add_link(HOME + b"/b/inside", b"../a/one.txt")
    machine.add_link(HOME + b"/b/out", b"/srv/secret.model")
    machine.add_link(HOME + b"/b/out.model", b"/srv/secret.model")
    machine.add_link(HOME + b"/b/hop", HOME + b"/b/out")
    machine.add_link(HOME + b"/b/text", b"../a/note.txt")
    machine.add_link(HOME + b"/b/dangling.model", b"gone")
    items = list(sweep(machine, [HOME], (), plausible))
    links = [item.candidate for item in items if isinstance(item, Sighted) and item.candidate.link]
    assert links == [Candidate(path=HOME + b"/b/inside", link=True)]
    assert list(troubles(items)) == [HOME + b"/b/out.model"]
    assert b"/srv/secret.model" not in [path for _, path in machine.reads]


def test_what_cannot_be_read_is_said(machine):
    machine.forbid(HOME + b"/a/.git")
    machine.forbid(HOME + b"/b/two")
    machine.vanish(HOME + b"/a/one.txt")
    items = list(sweep(machine, [HOME], (), plausible))
    assert found(items) == [HOME + b"/z"]
    assert troubles(items) == {HOME + b"/a/.git": "permission denied", HOME + b"/b/two": "permission denied"}


def test_names_that_are_not_utf8(machine):
    machine.add_file(HOME + b"/\xff\xfe/\x80", b"MODEL")
    assert HOME + b"/\xff\xfe/\x80" in found(sweep(machine, [HOME], (), plausible))


def test_pipes_and_devices_are_left_alone(machine):
    machine.add_other(HOME + b"/pipe.model")
    machine.add_other(HOME + b"/device.model", 0o020000)
    assert len(found(sweep(machine, [HOME], (), plausible))) == 4
    assert not {HOME + b"/pipe.model", HOME + b"/device.model"} & set(read(machine, "peek"))


def test_network_mounts_are_named_and_pseudo_filesystems_passed_over(machine):
    for path, filesystem in ((HOME + b"/share", "nfs4"), (HOME + b"/run", "proc"), (HOME + b"/disk", "ext4")):
        machine.mount(path, filesystem)
        machine.add_file(path + b"/m", b"MODEL")
    items = list(sweep(machine, [HOME], (), plausible))
    assert HOME + b"/disk/m" in found(items)
    assert list(troubles(items)) == [HOME + b"/share"]
    assert not [path for _, path in machine.reads if path.startswith((HOME + b"/share", HOME + b"/run"))]
    assert found(sweep(machine, [HOME + b"/share"], (), plausible)) == [HOME + b"/share/m"]


def test_our_own_state_folder_is_not_scanned(machine):
    machine.add_file(machine.state_folder + b"/cache.sqlite", b"MODEL")
    assert len(found(sweep(machine, [HOME], (), plausible))) == 4


@pytest.mark.parametrize("platform", ["darwin", "windows"])
def test_cloud_placeholders_are_not_fetched(platform):
    machine = FakeMachine(platform)
    path = machine.home + machine.separator + b"far.model"
    machine.add_file(path, b"MODEL")
    machine.placeholder(path)
    notes = Notes()
    for _ in range(2):
        items = list(sweep(machine, [machine.home], (), plausible, memory=notes))
        assert "cloud" in troubles(items)[path]
        assert not found(items)
    assert path not in read(machine, "peek")


def test_an_unchanged_tree_is_not_read_again(machine):
    notes = Notes()
    first = list(sweep(machine, [HOME], (), plausible, memory=notes))
    machine.reads.clear()
    again = list(sweep(machine, [HOME], (), plausible, memory=notes))
    assert found(again) == found(first)
    assert all(item.head is None for item in again)
    assert not read(machine, "peek")


def test_only_what_changed_is_read_again(machine):
    notes = Notes()
    list(sweep(machine, [HOME], (), plausible, memory=notes))
    machine.change_file(HOME + b"/a/note.txt", b"MODEL now")
    machine.add_file(HOME + b"/a/new", b"nothing")
    machine.clock += timedelta(hours=1)
    machine.reads.clear()
    items = list(sweep(machine, [HOME], (), plausible, memory=notes))
    assert set(read(machine, "peek")) == {HOME + b"/a/note.txt", HOME + b"/a/new"}
    assert HOME + b"/a/note.txt" in found(items)
    assert HOME + b"/a/one.txt" in found(items)


def test_a_change_with_its_mtime_set_back_is_seen(machine):
    notes = Notes()
    list(sweep(machine, [HOME], (), plausible, memory=notes))
    machine.change_file(HOME + b"/a/note.txt", b"MODEL!!", keep_mtime=True)
    assert HOME + b"/a/note.txt" in found(sweep(machine, [HOME], (), plausible, memory=notes))


def test_a_file_as_young_as_the_sweep_is_not_trusted_to_show_its_next_change(machine):
    notes = Notes()
    machine.add_file(HOME + b"/fresh/file", b"nothing", age=timedelta(0))
    list(sweep(machine, [HOME], (), plausible, memory=notes))
    assert HOME + b"/fresh" not in notes.kept
    assert HOME + b"/b" in notes.kept


def test_a_removed_file_is_gone(machine):
    notes = Notes()
    list(sweep(machine, [HOME], (), plausible, memory=notes))
    machine.remove(HOME + b"/b/two")
    assert HOME + b"/b/two" not in found(sweep(machine, [HOME], (), plausible, memory=notes))


def test_an_interrupted_sweep_goes_on_where_it_was(machine):
    for number in range(20):
        machine.add_file(HOME + b"/many/%02d/file" % number, b"MODEL")
    notes, tally = Notes(), Tally()
    items = list(sweep(machine, [HOME], (), plausible, memory=notes, tally=tally, most_peeks=10))
    assert tally.peeked == 10
    assert "scan again" in troubles(items)[HOME]
    machine.reads.clear()
    items = list(sweep(machine, [HOME], (), plausible, memory=notes))
    assert len(found(items)) == 24
    assert len(read(machine, "peek")) == 25 - 10


def test_a_consumer_that_stops_loses_nothing(machine):
    notes = Notes()
    items = sweep(machine, [HOME], (), plausible, memory=notes)
    next(items)
    items.close()
    assert len(found(sweep(machine, [HOME], (), plausible, memory=notes))) == 4
    assert len(read(machine, "peek")) == 5 + 1, "only the folder at hand is looked at again"


def test_what_was_dismissed_is_passed_over_until_it_changes(machine):
    notes, dismissed = Notes(), set()
    for item in sweep(machine, [HOME], (), plausible, memory=notes, dismissed=dismissed):
        if item.candidate.path == HOME + b"/b/two":
            dismissed.add(item.candidate.path)
    assert not dismissed
    assert HOME + b"/b/two" not in found(sweep(machine, [HOME], (), plausible, memory=notes))
    machine.add_file(HOME + b"/b/three", b"MODEL three")
    assert found(sweep(machine, [HOME + b"/b"], (), plausible, memory=notes)) == [HOME + b"/b/three"]
    machine.change_file(HOME + b"/b/two", b"MODEL two again")
    assert HOME + b"/b/two" in found(sweep(machine, [HOME], (), plausible, memory=notes))


def test_first_bytes_are_not_gathered_per_folder(machine):
    for number in range(50):
        machine.add_file(HOME + b"/many/%02d" % number, b"MODEL")
    items = sweep(machine, [HOME + b"/many"], (), plausible)
    next(items)
    assert len(read(machine, "peek")) == 1


def test_the_tally_counts_everything(machine):
    tally = Tally()
    list(sweep(machine, [HOME], (), plausible, tally=tally))
    assert (tally.files, tally.peeked, tally.folders) == (5, 5, 5)
    assert tally.size == 9 + 9 + 7 + 12 + 12003


def test_enough_is_enough_and_the_next_sweep_goes_on(machine):
    for number in range(20):
        machine.add_file(HOME + b"/many/%02d/file" % number, b"MODEL")
    notes, answers = Notes(), iter([False] * 10)
    items = list(sweep(machine, [HOME], (), plausible, memory=notes, enough=lambda: next(answers, True)))
    assert troubles(items)[HOME].startswith(STOPPED)
    first = read(machine, "peek")
    assert len(first) == 10
    machine.reads.clear()
    assert len(found(sweep(machine, [HOME], (), plausible, memory=notes))) == 24
    assert len(read(machine, "peek")) <= 25 - 10 + 2, "at most the folder at hand is looked at again"


def test_files_given_by_themselves_are_counted(machine):
    tally = Tally()
    list(sweep(machine, [HOME + b"/z", HOME + b"/a/one.txt", HOME + b"/z"], (), plausible, tally=tally))
    assert (tally.files, tally.size) == (
        2,
        machine.stat(HOME + b"/z").st_size + machine.stat(HOME + b"/a/one.txt").st_size,
    )
