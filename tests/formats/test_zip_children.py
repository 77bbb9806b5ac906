from tests.samples.inspection import kinds
from tests.samples.packing import PAYLOAD, Member, zip_bytes

from weighbridge.formats.reader import Role
from weighbridge.formats.zip_children import children_of, packing
from weighbridge.formats.zip_directory import parse
from weighbridge.model.budget import Budget
from weighbridge.model.source import BytesSource


def children(*members: Member):
    source = BytesSource(zip_bytes(members))
    return children_of(source, parse(source, Budget()), Budget())


def test_files_are_members_and_hidden_ones_too():
    found, observations = children(
        Member(name=b"a", content=b"xy"), Member(name=b"d/"), Member(name=b"h", content=PAYLOAD, listed=False)
    )
    assert [(child.member, child.role) for child in found] == [("a", Role.MEMBER), ("h", Role.MEMBER)]
    assert observations == ()


def test_what_cannot_be_read_is_said():
    _, observations = children(Member(name=b"a", content=b"xy", method=98), Member(name=b"b", content=b"xy", flags=1))
    assert [item.member for item in observations] == ["a", "b"]


def test_links_are_judged_by_their_target_and_read_as_files_too():
    link = 0o120777 << 16
    found, observations = children(
        Member(name=b"a/in", content=b"../b", attributes=link), Member(name=b"out", content=b"../b", attributes=link)
    )
    assert [child.member for child in found] == ["a/in", "out"]
    assert [(item.member, item.target) for item in observations] == [("out", "../b")]


def test_shared_bytes_are_read_once():
    found, _ = children(
        Member(name=b"a", content=PAYLOAD), Member(name=b"b", central={"offset": 0, "size": 30, "packed": 30})
    )
    assert [child.member for child in found] == ["a"]


def test_declared_bombs_are_not_expanded():
    bomb = Member(name=b"a", content=b"xy", central={"size": 1 << 30}, local={"size": 1 << 30}, method=8)
    directory = parse(BytesSource(zip_bytes([bomb])), Budget())
    assert kinds(packing(directory, Budget())) == {"Excess"}
    plain = parse(BytesSource(zip_bytes([Member(name=b"a", content=b"xy")])), Budget())
    assert packing(plain, Budget()) == ()
