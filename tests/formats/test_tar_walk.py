import io
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.samples import containers_tar
from tests.samples.inspection import kinds
from tests.samples.packing import DATA, TAR_END, tar_block, tar_bytes, tar_member

from weighbridge.formats.tar_walk import walk
from weighbridge.model.budget import Budget, Limits
from weighbridge.model.source import BytesSource, LimitReached, SourceError


def members(content: bytes, budget: Budget | None = None):
    observations = []
    source = BytesSource(content)
    found = list(walk(source, budget or Budget(), observations))
    return found, observations, source


@pytest.mark.parametrize("tar_format", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_reads_what_tarfile_writes(tar_format):
    files = {"a.txt": b"hello", "d/" + "n" * 80: b"x" * 2000, "empty": b""}
    if tar_format != tarfile.USTAR_FORMAT:
        files["ü" * 120] = b"long"
    found, observations, source = members(tar_bytes(files, tar_format=tar_format))
    assert observations == []
    assert {member.name: member.source(source).read(0, 9999) for member in found} == files


def test_links_folders_and_devices_have_no_content():
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, kind in (("d", tarfile.DIRTYPE), ("l", tarfile.SYMTYPE), ("p", tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "target"
            archive.addfile(info)
    found, observations, _ = members(buffer.getvalue())
    assert [(member.name, member.is_regular) for member in found] == [("d/", False), ("l", False), ("p", False)]
    assert observations == []


def test_sparse_members_are_filled_with_zeros():
    for build in (containers_tar._old_sparse, containers_tar._pax_sparse):
        found, _, source = members(build())
        content = found[0].source(source)
        assert found[0].name == "model.pkl"
        assert content.size in (1 << 20, 4096)
        assert content.read(0, len(containers_tar.PAYLOAD)) == containers_tar.PAYLOAD
        assert content.read(content.size - 10, 99) == bytes(10)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (tar_member(b"a", b"x" * 600, size=9000), "truncated"),
        (tar_member(b"a", b"x") + b"garbage" * 100, "invalid"),
        (tar_member(b"a", b"x") + TAR_END + tar_member(b"b", b"y"), "members-after-end"),
        (containers_tar._smuggled(), "size-mismatch"),
        (tar_block(b"pax", size=4 << 20, kind=b"x"), "invalid"),
    ],
)
def test_oddities(content, kind):
    assert kinds(members(content)[1]) == {kind}


def test_a_missing_end_mark_is_fine():
    found, observations, _ = members(tar_member(b"a", DATA))
    assert (len(found), observations) == (1, [])


def test_members_are_bounded():
    found, observations, _ = members(tar_member(b"a", b"x") * 9, Budget(Limits(members=5)))
    assert (len(found), kinds(observations)) == (5, {"Unread"})


@given(st.data())
def test_damage_never_raises_anything_else(data):
    content = bytearray(containers_tar._pax_sparse() + tar_bytes({"a" * 120: DATA}))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        found, _, source = members(bytes(content))
        for member in found:
            member.source(source).read(0, 5000)
    except (SourceError, LimitReached):
        pass
