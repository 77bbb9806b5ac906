import errno

import pytest
from tests.pipeline.test_weights_files import gguf

from weighbridge.host.fake import FakeMachine
from weighbridge.host.folder_events import Changed
from weighbridge.pipeline.watch_folders import Folders, Stale

HOME = b"/home/ada"
NOTHING = Changed(frozenset(), frozenset(), lost=False)


class Announcing:
    def __init__(self) -> None:
        self.watched: list[bytes] = []
        self.most = 100
        self.next = NOTHING

    def watch(self, folder: bytes) -> None:
        if len(self.watched) >= self.most:
            raise OSError(errno.ENOSPC, "no space")
        self.watched.append(folder)

    def take(self) -> Changed:
        taken, self.next = self.next, NOTHING
        return taken


def folders(*watched: bytes) -> tuple[FakeMachine, Announcing, Folders]:
    machine, watches = FakeMachine(), Announcing()
    for folder in watched:
        machine.add_directory(folder)
    one = Folders(machine, watches)
    one.watch(watched)
    return machine, watches, one


def changed(watches: Announcing, one: Folders, now: float, *paths: bytes, new: tuple[bytes, ...] = ()) -> None:
    watches.next = Changed(frozenset(paths), frozenset(new), lost=False)
    one.take(now)


def test_a_model_that_appears_makes_its_folder_stale_once_it_is_quiet() -> None:
    machine, watches, one = folders(HOME)
    machine.add_file(HOME + b"/m", gguf())
    changed(watches, one, 10, HOME)
    assert one.due() == 12
    assert one.stale(11) == Stale()
    changed(watches, one, 11.5, HOME)
    assert one.stale(12) == Stale()
    assert one.stale(13.5) == Stale(folders=(HOME,))
    assert one.due() is None


def test_a_folder_that_never_rests_is_looked_at_all_the_same() -> None:
    machine, watches, one = folders(HOME)
    machine.add_file(HOME + b"/m", gguf())
    found = []
    for second in range(40):
        changed(watches, one, second, HOME)
        found += [second] * bool(one.stale(second).folders)
    assert found == [30]


def test_a_folder_that_changes_all_day_is_looked_at_less_and_less_and_not_forgotten() -> None:
    machine, watches, one = folders(HOME)
    found = []
    for second in range(0, 3600, 2):
        machine.add_file(HOME + b"/m", gguf() + bytes(second))
        changed(watches, one, second, HOME)
        found += [second] * bool(one.stale(second).folders)
    assert 20 <= len(found) <= 30
    assert one.stale(4000).folders == (HOME,)
    machine.add_file(HOME + b"/m", gguf())
    changed(watches, one, 8000, HOME)
    assert one.stale(8002).folders == (HOME,)
    changed(watches, one, 8003, HOME)
    assert one.due() == 8012


def test_what_is_gone_when_its_folder_is_quiet_is_never_looked_at() -> None:
    machine, watches, one = folders(HOME)
    machine.reads.clear()
    for second in range(20):
        machine.add_file(HOME + b"/tmp%d" % second, gguf())
        changed(watches, one, second, HOME)
        machine.remove(HOME + b"/tmp%d" % second)
        assert one.stale(second) == Stale()
    assert one.stale(22) == Stale()
    assert {read.operation for read in machine.reads} <= {"list", "stat"}


def test_a_build_that_writes_everywhere_is_followed_as_far_as_the_budget_goes_and_to_the_end() -> None:
    places = [HOME + b"/%d" % number for number in range(30)]
    machine, watches, one = folders(*places)
    for place in places:
        for number in range(100):
            machine.add_file(place + b"/o%d" % number, b"object" * 400)
    machine.add_file(places[-1] + b"/m", gguf())
    changed(watches, one, 10, *places)
    machine.reads.clear()
    found: list[bytes] = []
    looked = []
    for second in range(12, 1500):
        before = len(machine.reads)
        found += one.stale(second).folders
        looked.append(len(machine.reads) - before)
    assert found == [places[-1]]
    assert looked[0] < sum(looked) / 2
    assert one.due() is None


def test_files_that_are_no_models_are_none_of_our_business() -> None:
    machine, watches, one = folders(HOME)
    machine.add_file(HOME + b"/.history", b"make test\n" * 1000)
    changed(watches, one, 10, HOME)
    assert one.stale(60) == Stale()


def test_a_known_model_that_goes_or_changes_into_anything_counts() -> None:
    machine, watches, one = folders(HOME)
    machine.add_file(HOME + b"/m", gguf())
    one = Folders(machine, watches)
    one.watch([HOME])
    one.watch_models([HOME + b"/m"])
    machine.remove(HOME + b"/m")
    changed(watches, one, 10, HOME)
    assert one.stale(60) == Stale(folders=(HOME,))


def test_new_folders_are_watched_with_what_lies_in_them_already() -> None:
    machine, watches, one = folders(HOME)
    machine.add_file(HOME + b"/new/m", gguf())
    changed(watches, one, 10, HOME, new=(HOME + b"/new",))
    assert watches.watched == [HOME, HOME + b"/new"]
    assert one.stale(60) == Stale(folders=(HOME + b"/new",))


def test_a_folder_that_is_gone_is_stale_and_not_watched_any_more() -> None:
    machine, watches, one = folders(HOME, HOME + b"/gone")
    machine.remove(HOME + b"/gone")
    changed(watches, one, 10, HOME + b"/gone")
    assert one.stale(60) == Stale(folders=(HOME + b"/gone",))
    assert len(one) == 1


def test_configurations_count_when_their_content_may_have_changed() -> None:
    machine, watches, one = folders(HOME)
    machine.add_file(HOME + b"/.claude.json", b"{}")
    one.watch_configurations([HOME + b"/.claude.json"])
    changed(watches, one, 10, HOME)
    assert one.stale(60) == Stale()
    machine.change_file(HOME + b"/.claude.json", b"{ }")
    changed(watches, one, 70, HOME)
    assert one.stale(120) == Stale(configurations=True)


def test_lost_announcements_make_every_folder_suspect() -> None:
    machine, watches, one = folders(HOME, HOME + b"/a")
    machine.add_file(HOME + b"/a/m", gguf())
    watches.next = Changed(frozenset(), frozenset(), lost=True)
    one.take(10)
    assert (one.stale(60), one.lost) == (Stale(folders=(HOME + b"/a",)), 1)


@pytest.mark.parametrize("most", [0, 1])
def test_a_limit_of_watches_is_said(most: int) -> None:
    watches = Announcing()
    watches.most = most
    one = Folders(FakeMachine(), watches)
    one.watch([HOME, HOME + b"/a"])
    assert one.shortcoming == f"changes of files beyond {most} folders: fs.inotify limits"


def test_without_announcements_it_says_so_and_does_nothing() -> None:
    one = Folders(FakeMachine(), None)
    one.watch([HOME])
    one.take(1)
    assert (one.stale(99), len(one), one.due()) == (Stale(), 0, None)
    assert "does not announce" in one.shortcoming
