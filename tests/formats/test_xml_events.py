"""XML events: no entity is resolved, every size is bounded."""

import pytest

from weighbridge.formats import xml_events
from weighbridge.formats.gathering import Gathering
from weighbridge.formats.xml_events import root_name, starts_xml, walk
from weighbridge.model.observation import Damage, Malformed, OutsideReference, Unread
from weighbridge.model.source import BytesSource, LimitReached


def walked(text: str | bytes) -> tuple[list[str], tuple]:
    gathering = Gathering("x")
    names: list[str] = []
    content = text.encode() if isinstance(text, str) else text
    walk(BytesSource(content), gathering, lambda name, _attributes, around: names.append("/".join((*around, name))))
    return names, gathering.reading().observations


def test_elements() -> None:
    assert walked("<a><p:b x='1'><c/></p:b></a>") == (["a", "a/b", "a/b/c"], ())


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE a [<!ENTITY e "x">]>', '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://e.example/x">]>', '<!DOCTYPE a SYSTEM "http://e.example/x.dtd">',
        '<!DOCTYPE a PUBLIC "p" "http://e.example/x.dtd">', "<?xml-stylesheet href='x'?>",
    ],
)  # fmt: skip
def test_everything_outside_is_noted(prolog: str) -> None:
    assert any(isinstance(o, OutsideReference) for o in walked(prolog + "<a/>")[1])


def test_damage() -> None:
    for text, damage in (("<a><b></a>", Damage.INVALID), ("<a><b>", Damage.TRUNCATED), ("<a", Damage.TRUNCATED)):
        (malformed,) = walked(text)[1]
        assert isinstance(malformed, Malformed)
        assert malformed.damage is damage


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LimitReached):
        walked("<a>" * 600)
    monkeypatch.setattr(xml_events, "MOST_ELEMENTS", 5)
    assert any(isinstance(o, Unread) for o in walked("<a>" + "<b/>" * 9 + "</a>")[1])
    monkeypatch.setattr(xml_events, "MOST_BYTES", 10)
    assert any(isinstance(o, Unread) for o in walked("<a>" + " " * (200 << 10) + "</a>")[1])


def test_roots() -> None:
    for text, root in (
        ("<?xml version='1.0'?><!-- <x> --><p:PMML/>", "PMML"), ("<html><br></html>", "html"), ("no", None),
        ("<!DOCTYPE n [<!ENTITY e SYSTEM 'x'>]><net name='&e;'/>", "net"),
    ):  # fmt: skip
        assert root_name(BytesSource(text.encode()), text.encode()) == root
    wide = "<?xml version='1.0' encoding='utf-16'?><net/>".encode("utf-16")
    assert starts_xml(wide)
    assert root_name(BytesSource(wide), wide) == "net"
    assert not starts_xml(b"text <a>")


@pytest.mark.parametrize("encoding", ["big5", "shift_jis", "euc-kr", "no-such-encoding"])
def test_an_encoding_that_the_parser_does_not_know_is_a_gap_and_no_failure(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n<net name="a"><b/></net>'.encode()
    assert root_name(BytesSource(text), text) == "net"
    gathering = Gathering("openvino")
    walk(BytesSource(text), gathering, lambda *_arguments: None)
    assert ["encoding" in item.reason for item in gathering.reading().observations] == [True]
