import pytest
from tests.samples.inspection import kinds
from tests.samples.packing import TAR_END, tar_member

from weighbridge.formats.tar import read_members
from weighbridge.model.budget import Budget
from weighbridge.model.source import BytesSource


def found(*members: bytes) -> set[str]:
    return kinds(read_members(BytesSource(b"".join(members) + TAR_END), Budget())[1])


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ([tar_member(b"../a", b"x")], {"parent-path"}),
        ([tar_member(b"/a", b"x")], {"absolute-path"}),
        ([tar_member(b"l", kind=b"2", link=b"/etc")], {"symbolic-link"}),
        ([tar_member(b"l", kind=b"1", link=b"../x")], {"symbolic-link"}),
        ([tar_member(b"d", kind=b"3")], {"device"}),
        ([tar_member(b"l", kind=b"2", link=b"../x"), tar_member(b"l/a", b"x")], {"symbolic-link", "parent-path"}),
        ([tar_member(b"l", kind=b"2", link=b"/x"), tar_member(b"./l", b"x")], {"symbolic-link", "parent-path"}),
        ([tar_member(b"a/l", kind=b"2", link=b"../b"), tar_member(b"a/l/c", b"x")], set()),
        ([tar_member(b"l", kind=b"2", link=b"/x"), tar_member(b"l", kind=b"2", link=b"/x")], {"symbolic-link"}),
    ],
)
def test_escapes(members, expected):
    assert found(*members) == expected


def test_links_and_devices_of_a_root_file_system_belong_there():
    root = [tar_member(name + b"/", kind=b"5") for name in (b"bin", b"etc", b"usr", b"var")]
    assert found(*root, tar_member(b"l", kind=b"2", link=b"/etc"), tar_member(b"dev/null", kind=b"3")) == set()
    assert found(*root, tar_member(b"l", kind=b"2", link=b"/etc"), tar_member(b"l/x", b"x")) == {"parent-path"}
