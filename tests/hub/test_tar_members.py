"""Heads of members are read within bounds, whatever they say."""

import io
import tarfile

import pytest

from weighbridge.hub.tar_members import LARGEST_HEAD, MOST_FIELDS, BoundedMember


class Counting(io.BytesIO):
    """Bytes that say how many of them were read."""

    count = 0

    def read(self, size: int | None = -1) -> bytes:
        found = super().read(size)
        self.count += len(found)
        return found


def member(kind: bytes, size: int, content: bytes = b"") -> bytes:
    info = tarfile.TarInfo("a.txt")
    info.type, info.size = kind, size
    return info.tobuf(tarfile.GNU_FORMAT) + content


def names(content: bytes | io.BytesIO) -> list[str]:
    source = content if isinstance(content, io.BytesIO) else io.BytesIO(content)
    with tarfile.open(fileobj=source, mode="r|", tarinfo=BoundedMember) as archive:
        return [one.name for one in archive]


def written(form: int, name: str, **fields: str) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=form, pax_headers=fields) as archive:
        info = tarfile.TarInfo(name)
        info.size = 3
        archive.addfile(info, io.BytesIO(b"abc"))
    return made.getvalue()


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_long_names_are_read(form):
    name = "ü/" + "long/" * 150 + "a.txt"
    assert names(written(form, name)) == [name]


@pytest.mark.parametrize("kind", [b"L", b"K", b"x", b"g", b"X"])
def test_a_head_that_is_too_long_is_refused_unread(kind):
    bomb = Counting(member(kind, 64 << 20, b"\0" * (64 << 20)))
    with pytest.raises(tarfile.ReadError, match="too long"):
        names(bomb)
    assert bomb.count <= LARGEST_HEAD


def test_sparse_files_are_refused():
    with pytest.raises(tarfile.ReadError, match="sparse"):
        names(member(b"S", 512, b"\0" * 1024))
    with pytest.raises(tarfile.ReadError, match="sparse"):
        names(written(tarfile.PAX_FORMAT, "a", **{"GNU.sparse.major": "1", "GNU.sparse.minor": "0"}))


def test_what_stands_for_all_members_is_bounded():
    few = {f"note{number}": "1" for number in range(10)}
    assert names(written(tarfile.PAX_FORMAT, "a", **few)) == ["a"]
    many = {f"note{number}": "1" for number in range(MOST_FIELDS + 1)}
    with pytest.raises(tarfile.ReadError, match="too much"):
        names(written(tarfile.PAX_FORMAT, "a", **many))
