import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.samples.inspection import kinds
from tests.samples.packing import DATA, PAYLOAD, Member, stored, torch_members, zip_bytes

from weighbridge.formats.zip_directory import looks_like_zip, names, parse
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Damage, Malformed
from weighbridge.model.source import BytesSource, LimitReached, SourceError


def parsed(content: bytes):
    return parse(BytesSource(content), Budget())


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_reads_what_zipfile_writes(method):
    content = stored({"a/b.txt": b"hello" * 99, "c": b"x"}, method)
    directory = parsed(content)
    assert [entry.name for entry in directory.entries] == ["a/b.txt", "c"]
    assert directory.observations == ()
    assert directory.hidden == ()
    source = BytesSource(content)
    assert directory.entries[0].source(source, Budget()).read(0, 9999) == b"hello" * 99
    assert all(entry.crc_matches(source, Budget()) for entry in directory.entries)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"local": {"name": b"archive/other.p"}}, "name-mismatch"),
        ({"central": {"name": b"archive/x"}}, "name-mismatch"),
        ({"local": {"method": 8}}, "method-mismatch"),
        ({"local": {"flags": 1}}, "flag-mismatch"),
        ({"flags": 1}, "flag-mismatch"),
        ({"local": {"crc": 5}}, "crc-mismatch"),
        ({"central": {"size": 5}}, "size-mismatch"),
        ({"central": {"offset": 3}}, "no-local-header"),
        ({"name": b"archive/data.pkl\x00.txt"}, "nul-in-name"),
    ],
)
def test_disagreement_is_observed(changes, kind):
    members = torch_members()
    for name, value in changes.items():
        setattr(members[0], name, value)
    assert kind in kinds(parsed(zip_bytes(members)).observations)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (lambda: zip_bytes([*torch_members(), *torch_members(DATA)]), "duplicate-member"),
        (lambda: zip_bytes([Member(name=b"A"), Member(name=b"a")]), "case-duplicate"),
        (lambda: zip_bytes([Member(name=b"x/a"), Member(name=b"x/./a")]), "path-duplicate"),
        (lambda: zip_bytes(torch_members(), after=b"tail"), "trailing-data"),
        (lambda: zip_bytes(torch_members(), prefix=b"head"), "prefix-data"),
        (lambda: zip_bytes(torch_members(), prefix=b"head", shifted=False), "prefix-data"),
        (lambda: zip_bytes(torch_members(), count=9), "count-mismatch"),
        (lambda: zip_bytes([Member(name=b"a", content=PAYLOAD)], comment=stored({"b": b"x"})), "several-directories"),
    ],
)
def test_oddities_of_the_whole(content, kind):
    assert kind in kinds(parsed(content()).observations)


def test_members_that_no_directory_lists_are_found():
    directory = parsed(zip_bytes([Member(name=b"a", content=b"x"), Member(name=b"b", content=PAYLOAD, listed=False)]))
    assert [entry.name for entry in directory.hidden] == ["b"]
    assert "hidden-member" in kinds(directory.observations)


def test_a_nested_archive_is_no_second_directory():
    assert parsed(stored({"inner.zip": stored({"a": b"x"})})).observations == ()


def test_without_a_directory_local_headers_are_read():
    whole = stored({"a": b"hello"})
    directory = parsed(whole[: whole.index(b"PK\x01\x02")])
    assert [entry.name for entry in directory.hidden] == ["a"]
    assert any(isinstance(item, Malformed) and item.damage is Damage.TRUNCATED for item in directory.observations)


def test_64_bit_sizes():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, archive.open("w", "w", force_zip64=True) as member:
        member.write(b"hello")
    assert parsed(buffer.getvalue()).observations == ()


def test_names_are_listed_without_local_headers():
    source = BytesSource(stored({"a": b"x", "b": b"y"}))
    assert names(source) == ("a", "b") == names(source)
    assert names(BytesSource(b"nothing")) == ()


def test_recognition():
    content = stored({"a": b"x"})
    assert looks_like_zip(BytesSource(content), content[:4096])
    assert not looks_like_zip(BytesSource(b"PK\x05\x06 but no archive at all"), b"PK\x05\x06 but no")


@given(st.data())
def test_damage_never_raises_anything_else(data):
    content = bytearray(zip_bytes([*torch_members(), Member(name=b"z", content=b"z" * 50, method=8, descriptor=True)]))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    source = BytesSource(bytes(content[: data.draw(st.integers(0, len(content)))]))
    try:
        for entry in parse(source, Budget()).entries:
            entry.source(source, Budget()).read(0, 100)
    except (SourceError, LimitReached):
        pass
