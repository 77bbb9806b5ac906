import pytest
from tests.samples.inspection import kinds
from tests.samples.packing import Member, zip_bytes

from weighbridge.formats.zip_directory import parse
from weighbridge.model.budget import Budget
from weighbridge.model.source import BytesSource


def found(*names: bytes) -> set[str]:
    content = zip_bytes([Member(name=name, content=b"xy") for name in names])
    return kinds(parse(BytesSource(content), Budget()).observations)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (b"../x", "parent-path"),
        (b"a/../../x", "parent-path"),
        (b"..\\x", "parent-path"),
        (b"/x", "absolute-path"),
        (b"\\\\host\\x", "absolute-path"),
        (b"c:x", "absolute-path"),
    ],
)
def test_names_that_leave(name, kind):
    assert found(name) == {kind}


@pytest.mark.parametrize("name", [b"a/../b", b"..a", b"a..b/c", b"a/b.c", "größe".encode()])
def test_names_that_stay(name):
    assert found(name) == set()


@pytest.mark.parametrize(
    ("pair", "kind"),
    [
        ((b"a", b"a"), "duplicate-member"),
        ((b"a", b"A"), "case-duplicate"),
        (("é".encode(), "e\u0301".encode()), "path-duplicate"),
        ((b"a/b", b"a\\b"), "path-duplicate"),
        ((b"a/b", b"a/x/../b"), "path-duplicate"),
        ((b"a/b", b"a//b"), "path-duplicate"),
    ],
)
def test_names_that_become_one_file(pair, kind):
    assert kind in found(*pair)
