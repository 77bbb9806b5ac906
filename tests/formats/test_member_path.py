import pytest

from weighbridge.formats.member_path import depth_reached, escape_of, link_escapes
from weighbridge.model.observation import Escape


@pytest.mark.parametrize(
    ("name", "escape"),
    [
        ("../x", Escape.PARENT_PATH),
        ("a/b/../../../x", Escape.PARENT_PATH),
        ("a\\..\\..\\x", Escape.PARENT_PATH),
        ("/x", Escape.ABSOLUTE_PATH),
        ("C:\\x", Escape.ABSOLUTE_PATH),
        ("\\x", Escape.ABSOLUTE_PATH),
        ("a/../x", None),
        ("..x/y..", None),
        ("", None),
    ],
)
def test_escape_of(name, escape):
    assert escape_of(name) is escape


@pytest.mark.parametrize(
    ("member", "target", "outside"),
    [
        ("a/b/link", "../../c", False),
        ("a/b/link", "../../../c", True),
        ("link", "c/../../d", True),
        ("link", "/etc/passwd", True),
        ("link", "C:/x", True),
        ("a/link", "b/c", False),
    ],
)
def test_link_escapes(member, target, outside):
    assert link_escapes(member, target) is outside


def test_depth_reached():
    assert depth_reached("a/./b//../c") == 0
    assert depth_reached("a/../../b") == -1
