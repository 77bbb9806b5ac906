import pytest

from weighbridge.host.fake import FakeMachine
from weighbridge.model.finding import Assessment
from weighbridge.model.place import Place
from weighbridge.pipeline.assemble import Sighting
from weighbridge.pipeline.examined import Examined, Outcome
from weighbridge.pipeline.parts import find_parts

HOME = b"/home/ada"


def wanting(*wanted: tuple[str, bool], path: bytes = HOME + b"/m.onnx", links: tuple[bytes, ...] = ()) -> Sighting:
    piece = Examined(
        member=None,
        format="onnx",
        size=1,
        holds_model=True,
        assessment=Assessment.CLEAN,
        parts_wanted=wanted,
    )
    return Sighting(
        path=path,
        identity=(1, 1),
        outcome=Outcome(examined=(piece,)),
        links=[Place(path=link, link=True) for link in links],
    )


def test_a_part_beside_the_file_is_found_with_its_size() -> None:
    machine = FakeMachine()
    machine.add_file(HOME + b"/data/w.bin", b"12345")
    sighting = wanting(("data/w.bin", True))
    find_parts(machine, sighting)
    assert [(part.path, part.size) for part in sighting.parts] == [(HOME + b"/data/w.bin", 5)]
    assert sighting.missing_parts == ()


def test_what_is_required_and_absent_is_missing_and_the_rest_is_not() -> None:
    sighting = wanting(("w.bin", True), ("maybe.bin", False))
    find_parts(FakeMachine(), sighting)
    assert sighting.missing_parts == ("w.bin",)


def test_a_part_beside_a_link_counts() -> None:
    machine = FakeMachine()
    machine.add_file(HOME + b"/blobs/aa", b"x")
    machine.add_file(HOME + b"/blobs/bb", b"yy")
    machine.add_link(HOME + b"/snap/m.onnx", b"../blobs/aa")
    machine.add_link(HOME + b"/snap/w.bin", b"../blobs/bb")
    sighting = wanting(("w.bin", True), path=HOME + b"/blobs/aa", links=(HOME + b"/snap/m.onnx",))
    find_parts(machine, sighting)
    assert [part.path for part in sighting.parts] == [HOME + b"/blobs/bb"]


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a/../../b", "a\\b", "", "a//b", "x\0"])
def test_nothing_outside_of_the_folder_is_looked_at(name: str) -> None:
    machine = FakeMachine()
    machine.add_file(b"/home/secret", b"x")
    before = len(machine.reads)
    sighting = wanting((name, True))
    find_parts(machine, sighting)
    assert sighting.missing_parts == (name,)
    assert machine.reads[before:] == []


def test_a_pointer_is_no_part() -> None:
    machine = FakeMachine()
    machine.add_file(HOME + b"/w.dat", b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"ab" * 32 + b"\n")
    sighting = wanting(("w.dat", True))
    find_parts(machine, sighting)
    assert (sighting.parts, sighting.missing_parts) == ((), ("w.dat",))
