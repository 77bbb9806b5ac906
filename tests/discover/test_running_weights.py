"""Which process runs which weights: every kind of evidence, and what must not count."""

import hashlib
from datetime import timedelta

import pytest

from weighbridge.discover.found_weights import FoundWeights, Held
from weighbridge.discover.process_view import look
from weighbridge.discover.running_weights import RunningWeightsProbe
from weighbridge.host.fake import FakeMachine
from weighbridge.host.fake_live import FakeLive, FakeProcess
from weighbridge.host.machine import OpenFile
from weighbridge.model.running import RunningWeights, WeightsEvidence

PATH = b"/home/ada/blob"
CONTENT = b"GGUF" + b"w" * 10_000
MAPPED, OPEN, READ, COMMAND_LINE, SERVER = WeightsEvidence


class Judge:
    """Knows weights by their first bytes, and counts what it was shown."""

    def __init__(self) -> None:
        self.shown: list[bytes] = []

    def __call__(self, source: OpenFile, path: bytes, *, inside: bool = False) -> FoundWeights | None:
        self.shown.append(path)
        if source.read(0, 4) != b"GGUF" and not (inside and b"GGUF" in source.read(0, 100)):
            return None
        stat = source.stat
        version = (stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns)
        digest = hashlib.sha256(source.read(0, 100_000)).hexdigest()
        return FoundWeights(version=version, format="gguf", size=source.size, sha256=digest)


class Lab:
    def __init__(self) -> None:
        self.machine = FakeMachine()
        self.live = FakeLive(self.machine)
        self.judge = Judge()
        self.probe = RunningWeightsProbe(self.machine, self.live, self.judge)
        self.views = look(self.live)
        self.process = self.live.add(FakeProcess(pid=7, working_folder=b"/home/ada"))
        self.machine.add_file(PATH, CONTENT)

    def held(self) -> dict[int, tuple[Held, ...]]:
        self.views = look(self.live, self.views)
        return self.probe.find(self.views)

    def find(self) -> list[RunningWeights]:
        return [held.weights for held in self.held().get(7, ())]


@pytest.fixture
def lab() -> Lab:
    return Lab()


def test_mapped_weights_are_known_by_content_whatever_their_name(lab: Lab) -> None:
    lab.live.map(7, PATH)
    (found,) = lab.find()
    assert found == RunningWeights(
        evidence=(MAPPED,),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        path=PATH,
        size=len(CONTENT),
        format="gguf",
    )


def test_a_file_named_like_weights_is_none(lab: Lab) -> None:
    lab.machine.add_file(b"/home/ada/model.gguf", b"text" * 9000)
    lab.live.map(7, b"/home/ada/model.gguf")
    lab.live.open(7, b"/home/ada/model.gguf")
    assert lab.find() == []


def test_deleted_weights_are_what_is_mapped(lab: Lab) -> None:
    lab.live.map(7, PATH)
    lab.machine.remove(PATH)
    (found,) = lab.find()
    assert (found.sha256, found.deleted, found.replaced) == (hashlib.sha256(CONTENT).hexdigest(), True, False)


def test_deleted_weights_that_do_not_open_are_what_they_were(lab: Lab) -> None:
    lab.live.map(7, PATH)
    (before,) = lab.find()
    lab.machine.remove(PATH)
    lab.process.hidden = {"open_mapped"}
    lab.process.cpu_ticks += 1
    (found,) = lab.find()
    assert (found.sha256, found.deleted) == (before.sha256, True)
    lab.live.end(7)
    lab.process.started += 1
    lab.live.add(lab.process)
    assert lab.find() == []


@pytest.mark.parametrize("swapped", [True, False])
def test_other_bytes_at_a_named_path_are_not_taken_for_what_is_mapped(lab: Lab, swapped: bool) -> None:
    lab.process.command_line = (b"x", b"-m", PATH)
    lab.process.hidden = {"open_mapped"}
    lab.live.map(7, PATH)
    lab.machine.remove(PATH)
    if swapped:
        lab.machine.add_file(PATH, b"GGUF" + b"other" * 9000)
    lab.process.cpu_ticks += 1
    for _ in range(2):
        (found,) = lab.find()
        assert (found.sha256, found.evidence) == (None, (MAPPED, COMMAND_LINE))
        assert (found.deleted, found.replaced) == (True, swapped)
    assert lab.views[7].shortcomings() == ("content of mapped files: needs CAP_CHECKPOINT_RESTORE or root",)


def test_swapped_weights_are_what_is_mapped(lab: Lab) -> None:
    lab.live.map(7, PATH)
    lab.machine.add_file(PATH, b"GGUF" + b"other" * 9000)
    (found,) = lab.find()
    assert (found.sha256, found.replaced) == (hashlib.sha256(CONTENT).hexdigest(), True)


def test_a_swap_while_it_runs_is_seen_though_the_process_did_nothing(lab: Lab) -> None:
    lab.live.map(7, PATH)
    assert not lab.find()[0].replaced
    lab.machine.add_file(PATH, b"other")
    assert lab.find()[0].replaced


def test_open_weights_count_less_than_mapped_ones(lab: Lab) -> None:
    lab.machine.add_file(b"/home/ada/second", b"GGUF" + b"2" * 50_000)
    lab.live.open(7, b"/home/ada/second")
    lab.live.open(7, PATH)
    lab.live.map(7, PATH)
    assert [(one.path, one.evidence) for one in lab.find()] == [
        (PATH, (MAPPED, OPEN)),
        (b"/home/ada/second", (OPEN,)),
    ]


@pytest.mark.parametrize("named", [b"blob", b"/home/ada/blob", b"/home/ada/link"])
def test_weights_that_the_command_line_calls_a_model(lab: Lab, named: bytes) -> None:
    lab.machine.add_link(b"/home/ada/link", PATH)
    lab.process.command_line = (b"x", b"-m", named)
    (found,) = lab.find()
    assert found.evidence == (COMMAND_LINE,)


def test_a_folder_that_the_command_line_calls_a_model(lab: Lab) -> None:
    lab.machine.add_file(b"/models/one/a", CONTENT)
    lab.machine.add_file(b"/models/one/config.json", b"{}" * 9000)
    lab.process.command_line = (b"vllm", b"serve", b"/models/one")
    assert [one.path for one in lab.find()] == [b"/models/one/a"]


def test_who_only_names_weights_may_not_run_them(lab: Lab) -> None:
    lab.process.command_line = (b"cp", PATH, b"/backup")
    (held,) = lab.held()[7]
    assert not held.certain
    lab.process.command_line = (b"cp", b"--model", PATH)
    lab.process.cpu_ticks += 1
    (held,) = lab.held()[7]
    assert held.certain


def test_who_has_weights_open_may_only_copy_them(lab: Lab) -> None:
    lab.live.open(7, PATH)
    lab.process.command_line = (b"cp", PATH, b"/backup")
    (held,) = lab.held()[7]
    assert (held.weights.evidence, held.certain) == ((OPEN, COMMAND_LINE), False)
    lab.process.bytes_read = lab.process.resident_bytes = 1 << 20
    lab.process.cpu_ticks += 1
    (held,) = lab.held()[7]
    assert (held.weights.evidence, held.certain) == ((OPEN, COMMAND_LINE), True)


def test_who_names_weights_and_holds_as_much_in_memory_runs_them(lab: Lab) -> None:
    large = b"GGUF" + bytes(20 << 20)
    lab.machine.add_file(PATH, large)
    lab.process.command_line = (b"custom", PATH)
    lab.process.resident_bytes = lab.process.bytes_read = len(large)
    (found,) = lab.find()
    assert found.evidence == (READ, COMMAND_LINE)


def test_a_small_model_is_not_told_by_what_was_read(lab: Lab) -> None:
    lab.process.command_line = (b"x", b"-m", PATH)
    lab.process.resident_bytes = lab.process.bytes_read = 1 << 30
    assert lab.find()[0].evidence == (COMMAND_LINE,)


def test_libraries_are_not_read_but_a_program_with_weights_in_it_is(lab: Lab) -> None:
    lab.live.map(7, PATH, executable=True)
    assert lab.find() == []
    assert lab.judge.shown == []
    lab.live.map(7, PATH, executable=True, mapped_bytes=20 << 20)
    assert len(lab.find()) == 1


def test_weights_in_an_archive_count_where_it_is_the_program_or_called_a_model(lab: Lab) -> None:
    lab.machine.add_file(PATH, b"PK GGUF" + bytes(9000))
    lab.live.open(7, PATH)
    assert lab.find() == []
    lab.process.command_line = (b"x", b"--model", PATH)
    lab.process.cpu_ticks += 1
    assert [one.evidence for one in lab.find()] == [(COMMAND_LINE,)]
    lab.live.map(7, PATH, executable=True, mapped_bytes=20 << 20)
    lab.process.command_line = ()
    assert [one.evidence for one in lab.find()] == [(MAPPED,)]


def test_a_file_that_is_none_is_read_once(lab: Lab) -> None:
    lab.machine.add_file(b"/usr/share/locale-archive", b"x" * 9000)
    for pid in (7, 8):
        if pid == 8:
            lab.live.add(FakeProcess(pid=8))
        lab.live.map(pid, b"/usr/share/locale-archive")
    lab.find()
    lab.process.cpu_ticks += 1
    lab.find()
    assert lab.judge.shown == [b"/usr/share/locale-archive"]


def test_other_bytes_under_the_same_inode_are_read_again(lab: Lab) -> None:
    lab.machine.add_file(PATH, b"x" * 9000)
    lab.live.map(7, PATH)
    assert lab.find() == []
    lab.machine.change_file(PATH, CONTENT)
    lab.process.cpu_ticks += 1
    assert len(lab.find()) == 1


def test_what_is_hidden_is_said_and_the_command_line_still_counts(lab: Lab) -> None:
    lab.live.map(7, PATH)
    lab.process.command_line = (b"x", b"--model", PATH)
    lab.process.hidden = {"mapped_files", "open_files", "open_path", "list_folder", "bytes_read"}
    (found,) = lab.find()
    assert found.evidence == (COMMAND_LINE,)
    assert "mapped files: needs CAP_PERFMON, CAP_SYS_PTRACE or root" in lab.views[7].shortcomings()


def test_mapped_bytes_that_do_not_open_are_said(lab: Lab) -> None:
    lab.live.map(7, PATH)
    lab.process.hidden = {"open_mapped"}
    assert lab.find() == []
    assert lab.views[7].shortcomings() == ("content of mapped files: needs CAP_CHECKPOINT_RESTORE or root",)


def test_the_looker_itself_is_left_out(lab: Lab) -> None:
    lab.live.open(7, PATH)
    assert lab.probe.find(look(lab.live), own=frozenset({7})) == {}


def test_what_the_server_names_joins_what_is_held(lab: Lab) -> None:
    lab.live.map(7, PATH)
    lab.machine.add_file(b"/models/other", b"GGUF" + b"3" * 9000)
    (held,) = lab.held()[7]
    joined = lab.probe.served(lab.views[7], (held,), [PATH, b"/models/other", b"tiny", b"/models/none"])
    assert [(one.weights.path, one.weights.evidence) for one in joined] == [
        (PATH, (MAPPED, SERVER)),
        (b"/models/other", (SERVER,)),
    ]
    assert lab.probe.served(lab.views[7], (held,), [b"tiny"]) == (held,)


def test_a_file_that_changes_under_the_eyes_is_looked_at_again(lab: Lab) -> None:
    lab.machine.add_file(PATH, CONTENT)
    lab.live.map(7, PATH)
    lab.machine.change_on_read(PATH, b"GGUF" + b"n" * 9000, after_reads=0)
    assert lab.find() == []
    assert len(lab.find()) == 1


def test_a_process_that_ends_is_left_out(lab: Lab) -> None:
    lab.live.map(7, PATH)
    views = look(lab.live)
    lab.live.end(7)
    assert lab.probe.find(views) == {}


@pytest.mark.parametrize(("words", "count"), [((b"x", b"--lora", PATH), 1), ((b"x", PATH), 0)])
def test_an_adapter_is_weights_however_small_if_it_is_called_so(lab: Lab, words: tuple[bytes, ...], count: int) -> None:
    lab.machine.add_file(PATH, b"GGUF" + b"a" * 2000)
    lab.process.command_line = words
    assert len(lab.find()) == count


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def swap(lab: Lab, content: bytes = b"GGUF" + b"n" * 9000) -> str:
    """Put other weights at the path; return their digest."""
    lab.machine.remove(PATH)
    lab.machine.clock += timedelta(seconds=1)
    lab.machine.add_file(PATH, content, age=timedelta(0))
    return digest_of(content)


def test_a_swapped_file_is_not_said_to_be_what_a_process_read(lab: Lab) -> None:
    lab.process.command_line = (b"x", b"--model", PATH)
    there = swap(lab)
    (found,) = lab.find()
    assert (found.evidence, found.sha256, found.claimed_sha256) == ((COMMAND_LINE,), None, there)
    assert lab.views[7].shortcomings() == ("bytes as they were loaded: needs a look before their file changed",)


@pytest.mark.parametrize("gone", [False, True])
def test_what_was_seen_before_a_swap_stays_what_a_process_read(lab: Lab, *, gone: bool) -> None:
    lab.process.command_line = (b"x", b"--model", PATH)
    assert [one.sha256 for one in lab.find()] == [digest_of(CONTENT)]
    if gone:
        lab.machine.remove(PATH)
    else:
        swap(lab)
    lab.process.cpu_ticks += 1
    (found,) = lab.find()
    assert (found.sha256, found.deleted, found.replaced) == (digest_of(CONTENT), gone, not gone)


def test_what_its_server_calls_by_a_path_is_what_it_has_mapped_from_there(lab: Lab) -> None:
    lab.live.map(7, PATH)
    swap(lab)
    (held,) = lab.held()[7]
    (joined,) = lab.probe.served(lab.views[7], (held,), [PATH])
    assert (joined.weights.sha256, joined.weights.evidence) == (digest_of(CONTENT), (MAPPED, SERVER))
    assert joined.weights.replaced


def test_a_link_that_was_pointed_elsewhere_was_the_name_of_what_is_mapped(lab: Lab) -> None:
    lab.live.map(7, PATH)
    (held,) = lab.held()[7]
    lab.machine.clock += timedelta(seconds=1)
    lab.machine.add_file(b"/models/new", b"GGUF" + b"n" * 9000, age=timedelta(0))
    lab.machine.add_link(b"/models/link", b"/models/new")
    assert lab.probe.served(lab.views[7], (held,), [b"/models/link"]) == (held,)
    (claimed,) = lab.probe.served(lab.views[7], (), [b"/models/link"])
    assert (claimed.weights.sha256, claimed.weights.evidence) == (None, (SERVER,))


def test_that_the_file_behind_a_server_is_gone_is_said(lab: Lab) -> None:
    lab.views = look(lab.live)
    lab.machine.remove(PATH)
    assert lab.probe.served(lab.views[7], (), [PATH]) == ()
    assert lab.views[7].shortcomings() == ("bytes as they were loaded: needs a look before their file changed",)


def test_what_was_told_by_its_amount_is_what_the_server_names(lab: Lab) -> None:
    lab.views = look(lab.live)
    read = Held(RunningWeights(evidence=(READ,), claimed_sha256="ab", size=len(CONTENT)), ())
    (joined,) = lab.probe.served(lab.views[7], (read,), [PATH])
    assert (joined.weights.sha256, joined.weights.evidence) == (digest_of(CONTENT), (SERVER,))
    other = Held(RunningWeights(evidence=(READ,), claimed_sha256="ab", size=1 << 30), ())
    assert len(lab.probe.served(lab.views[7], (other,), [PATH])) == 2
