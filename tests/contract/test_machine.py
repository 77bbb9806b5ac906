"""One suite for both machines: what the rest of Weighbridge may rely on."""

import hashlib
import os

import blake3
import pytest

from weighbridge.host.fake import FakeMachine
from weighbridge.host.machine import Digests, IsolationError, Machine
from weighbridge.host.real import RealMachine
from weighbridge.model.source import LimitReached, SourceError


class Lab:
    """A machine and a way to put things on it."""

    def __init__(self, machine: Machine, root: bytes) -> None:
        self.machine = machine
        self.root = root

    def path(self, name: bytes) -> bytes:
        return self.root + b"/" + name


class RealLab(Lab):
    def file(self, name: bytes, content: bytes = b"") -> bytes:
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "wb") as out:
            out.write(content)
        return self.path(name)

    def link(self, name: bytes, target: bytes) -> bytes:
        os.symlink(target, self.path(name))
        return self.path(name)

    def hard_link(self, name: bytes, existing: bytes) -> bytes:
        os.link(self.path(existing), self.path(name))
        return self.path(name)

    def pipe(self, name: bytes) -> bytes:
        os.mkfifo(self.path(name))
        return self.path(name)

    def change(self, name: bytes, content: bytes) -> None:
        with open(self.path(name), "r+b") as out:
            out.write(content)
            out.truncate(len(content))


class FakeLab(Lab):
    machine: FakeMachine

    def file(self, name: bytes, content: bytes = b"") -> bytes:
        self.machine.add_file(self.path(name), content)
        return self.path(name)

    def link(self, name: bytes, target: bytes) -> bytes:
        self.machine.add_link(self.path(name), target)
        return self.path(name)

    def hard_link(self, name: bytes, existing: bytes) -> bytes:
        self.machine.add_hard_link(self.path(name), self.path(existing))
        return self.path(name)

    def pipe(self, name: bytes) -> bytes:
        self.machine.add_other(self.path(name))
        return self.path(name)

    def change(self, name: bytes, content: bytes) -> None:
        self.machine.change_file(self.path(name), content)


@pytest.fixture(params=["real", "fake"])
def lab(request, tmp_path):
    if request.param == "fake":
        machine = FakeMachine()
        machine.add_directory(b"/srv/lab")
        return FakeLab(machine, b"/srv/lab")
    if os.name != "posix":
        pytest.skip("links and pipes of this suite need POSIX")
    return RealLab(RealMachine(), os.path.realpath(os.fsencode(tmp_path)))


def test_a_directory_is_listed_in_byte_order_with_kinds_and_stats(lab):
    lab.file(b"b", b"12345")
    lab.file(b"a/inner")
    lab.file(b"\xff\xfe", b"not UTF-8")
    lab.link(b"c", b"b")
    lab.pipe(b"d")
    entries = lab.machine.list_directory(lab.root)
    assert [(entry.name, entry.kind) for entry in entries] == [
        (b"a", "directory"),
        (b"b", "file"),
        (b"c", "link"),
        (b"d", "other"),
        (b"\xff\xfe", "file"),
    ]
    assert entries[1].stat is not None
    assert entries[1].stat.st_size == 5


def test_hard_links_have_one_identity(lab):
    lab.file(b"one", b"same")
    lab.hard_link(b"two", b"one")
    first, second = (lab.machine.stat(lab.path(name)) for name in (b"one", b"two"))
    assert (first.st_dev, first.st_ino) == (second.st_dev, second.st_ino)


def test_stat_follows_only_when_asked(lab):
    lab.file(b"target", b"1234567")
    link = lab.link(b"link", b"target")
    assert lab.machine.stat(link, follow=True).st_size == 7
    assert lab.machine.stat(link).st_mode & 0o170000 == 0o120000
    assert lab.machine.read_link(link) == b"target"
    assert lab.machine.resolve(link) == lab.path(b"target")


def test_resolve_follows_links_on_the_way(lab):
    lab.file(b"store/blobs/one", b"x")
    lab.file(b"store/refs/main", b"x")
    lab.link(b"alias", b"store")
    link = lab.link(b"store/refs/link", b"../blobs/one")
    assert lab.machine.resolve(lab.path(b"alias/refs/link")) == lab.path(b"store/blobs/one")
    assert lab.machine.resolve(link) == lab.path(b"store/blobs/one")


@pytest.mark.parametrize("call", ["list_directory", "stat", "open", "resolve", "read_link"])
def test_what_is_not_there_is_an_os_error(lab, call):
    with pytest.raises(OSError):
        getattr(lab.machine, call)(lab.path(b"missing"))


def test_link_loops_are_an_os_error(lab):
    loop = lab.link(b"loop", b"loop")
    with pytest.raises(OSError):
        lab.machine.resolve(loop)
    with pytest.raises(OSError):
        lab.machine.stat(loop, follow=True)


def test_an_open_file_is_a_source(lab):
    content = bytes(range(256)) * 1000
    source = lab.machine.open(lab.file(b"file", content))
    assert (source.size, source.name, source.stat.st_size) == (len(content), b"file", len(content))
    for offset, length in ((0, 10), (5, 70_000), (70_000, 4), (255_990, 100), (256_000, 1), (900_000, 9), (3, 0)):
        assert source.read(offset, length) == content[offset : offset + length]
    assert source.read(0, 1 << 50) == content
    source.close()
    source.close()


@pytest.mark.parametrize(("offset", "length"), [(-1, 5), (0, -5)])
def test_an_impossible_range_is_a_source_error(lab, offset, length):
    source = lab.machine.open(lab.file(b"file", b"content"))
    with pytest.raises(SourceError, match="impossible"):
        source.read(offset, length)
    source.close()


@pytest.mark.parametrize("content", [b"shorter", b"x" * 300_000, b"y" * 200_000])
def test_a_file_that_changes_while_it_is_read_is_a_source_error(lab, content):
    source = lab.machine.open(lab.file(b"file", b"x" * 200_000))
    assert source.read(0, 10) == b"x" * 10
    lab.change(b"file", content)
    with pytest.raises(SourceError, match="changed while read"):
        source.read(100_000, 100_000)
    source.close()


def test_only_regular_files_are_opened_and_pipes_do_not_block(lab):
    lab.file(b"folder/file")
    lab.link(b"link", b"folder/file")
    lab.pipe(b"pipe")
    for name in (b"folder", b"link", b"pipe"):
        with pytest.raises(OSError):
            lab.machine.open(lab.path(name))
        with pytest.raises(OSError):
            lab.machine.peek(lab.path(name), 10, 10)
        with pytest.raises(OSError):
            lab.machine.read_file(lab.path(name), 10)


@pytest.mark.parametrize("size", [0, 5, 64, 4096, 4097, 10_000])
def test_peek_gives_both_ends(lab, size):
    content = bytes(number % 251 for number in range(size))
    assert lab.machine.peek(lab.file(b"file", content), 4096, 64) == (content[:4096], content[-64:])


def test_read_file_is_bounded(lab):
    path = lab.file(b"small", b"12345")
    assert lab.machine.read_file(path, 5) == b"12345"
    with pytest.raises(LimitReached):
        lab.machine.read_file(path, 4)


def test_digests_are_measured_and_failures_are_values(lab):
    contents = {lab.file(b"f%d" % number, os.urandom(number * 700_000)): number for number in range(4)}
    missing = lab.path(b"missing")
    seen: list[int] = []
    answers = dict(lab.machine.digest([*contents, missing], progress=seen.append, with_blake3=True))
    assert isinstance(answers.pop(missing), OSError)
    for path in contents:
        content = lab.machine.open(path).read(0, 1 << 30)
        assert answers[path] == Digests(
            hashlib.sha256(content).hexdigest(), blake3.blake3(content).hexdigest(), len(content)
        )
    assert sum(seen) == sum(contents.values()) * 700_000
    assert {digests.blake3 for _, digests in lab.machine.digest(contents)} == {None}


def test_the_clock_is_utc_and_the_other_clock_never_steps_back(lab):
    assert lab.machine.now().utcoffset().total_seconds() == 0
    assert lab.machine.monotonic() <= lab.machine.monotonic()


def test_homes_mounts_and_state_folder_are_absolute_bytes(lab, monkeypatch):
    monkeypatch.delenv("WEIGHBRIDGE_STATE", raising=False)
    assert all(home.startswith(b"/") for home in lab.machine.homes())
    assert lab.machine.state_folder.endswith(b"/weighbridge")
    assert all(mount.path.startswith(b"/") for mount in lab.machine.mounts())
    assert lab.machine.environment("WEIGHBRIDGE_SURELY_NOT_SET") is None


def test_isolation_refuses_what_is_too_long(lab):
    with pytest.raises(IsolationError):
        lab.machine.isolated("python", b" " * (5 << 20))


def test_a_durable_folder_keeps_files_and_a_boot_has_one_id(lab, monkeypatch, tmp_path):
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    lab.machine.durable_folder("ledger").replace({"deep/one": b"1"})
    assert lab.machine.durable_folder("ledger").read("deep/one", 9) == b"1"
    assert lab.machine.durable_folder("other").names("") == []
    first, second = lab.machine.boot(), lab.machine.boot()
    assert first.id == second.id != ""
    assert first.seconds <= second.seconds


def test_what_is_in_the_state_folder_is_told_with_one_look(lab):
    name = "contract"
    assert not lab.machine.has_state(f"{name}/kept")
    lab.machine.durable_folder(name).replace({"kept": b"1"})
    assert lab.machine.has_state(f"{name}/kept")
    assert not lab.machine.has_state(f"{name}/other")
    lab.machine.durable_folder(name).remove(["kept"])
    assert not lab.machine.has_state(f"{name}/kept")
