from tests.samples.packing import DATA, stored, tar_bytes, tar_member

from weighbridge.formats.bundle import bundle_children, ends_with_any, is_tar, member_names, text_of
from weighbridge.formats.gathering import Gathering
from weighbridge.formats.reader import Role
from weighbridge.model.budget import Budget
from weighbridge.model.source import BytesSource

FILES = {"a.yaml": b"a: 1", "d/b.bin": DATA}


def test_zip_and_tar_look_alike():
    for content in (stored(FILES), tar_bytes(FILES)):
        source = BytesSource(content)
        assert set(member_names(source, content[:4096])) == set(FILES)
        children = bundle_children(source, Budget(), Gathering("x"))
        assert {(child.member, child.role) for child in children} == {(name, Role.PART) for name in FILES}
    assert member_names(BytesSource(b"plain"), b"plain") == ()


def test_repeated_names_in_a_tar_are_observed():
    gathering = Gathering("x")
    content = tar_member(b"./a", b"one") + tar_member(b"a", b"two")
    bundle_children(BytesSource(content), Budget(), gathering)
    assert [item.kind for item in gathering.reading().observations] == ["duplicate-member"]  # type: ignore[attr-defined]


def test_texts_are_bounded():
    gathering = Gathering("x")
    [child] = bundle_children(BytesSource(stored({"a.py": b"x" * (2 << 20)})), Budget(), gathering)
    assert text_of(child, gathering) is None
    assert len(gathering.reading().observations) == 1


def test_small_helpers():
    assert ends_with_any(".yaml")("A.YAML")
    assert not is_tar(bytes(512))
