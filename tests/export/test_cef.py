r"""CEF is read back by a reader of its grammar: unescaped `|` end header fields, ` key=` begins a value."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from tests.export.event_samples import EVENTS, all_events

from weighbridge.bom.text import clean
from weighbridge.export.cef import line
from weighbridge.export.event import Address, Event

SEEN = Event(kind="record", id="1", at="", machine="m", tool_version="1", message="x")
KEYS = {
    *("rt", "externalId", "dvchost", "act", "reason", "fname", "filePath", "fsize", "fileHash", "fileType", "spid"),
    *("sproc", "suser", "src", "spt", "c6a2", "c6a2Label", "msg"),
    *(f"cs{number}{suffix}" for number in range(1, 7) for suffix in ("", "Label")),
}


def read(text: str) -> tuple[list[str], dict[str, str]]:
    """Return the header fields and the extension of one CEF line."""
    parts = _hidden(text).split("|", 7)
    assert len(parts) == 8
    head = [_shown(part) for part in parts[:7]]
    found = {}
    for match in re.finditer(r"(?:^| )(\w+)=(.*?)(?= \w+=|$)", parts[7]):
        found[match[1]] = _shown(match[2])
    return head, found


def _hidden(text: str) -> str:
    """Replace escapes by private characters, so that what is left is syntax."""
    return text.replace("\\\\", "\ue000").replace("\\|", "\ue001").replace("\\=", "\ue002")


def _shown(text: str) -> str:
    return text.replace("\ue000", "\\").replace("\ue001", "|").replace("\ue002", "=")


def test_a_known_line() -> None:
    (server,) = [line(event) for event in all_events() if event.kind == "process" and event.pid == 4711]
    head, found = read(server)
    assert head[:3] == ["CEF:0", "Weighbridge", "weighbridge"]
    assert head[4] == "process:deny"
    assert head[6] in ("8", "10")
    assert found["act"] == "deny"
    assert found["fileHash"] == "3f9a" + "0" * 60
    assert found["cs1Label"] == "policyRule"


@given(EVENTS)
def test_every_value_comes_back_whatever_it_holds(event: Event) -> None:
    text = line(event)
    assert "\n" not in text
    assert "\r" not in text
    head, found = read(text)
    assert head[5] == clean(event.message, 512)
    assert found.keys() <= KEYS
    for key, value in (("reason", event.reason), ("filePath", event.path), ("suser", event.user)):
        assert found.get(key, "") == clean(value, 1023).strip(" ") or value.startswith(" ") or value.endswith(" ")


@pytest.mark.parametrize(
    ("address", "key"), [("0.0.0.0", "src"), ("::", "c6a2"), ("/run/llama.sock", None), ("*", None)]
)
def test_an_address_stands_where_its_type_fits(address: str, key: str | None) -> None:
    event = replace(SEEN, listeners=(Address(address=address, port=8080),))
    _, found = read(line(event))
    assert found.keys() & {"src", "c6a2"} == ({key} if key else set())
    assert found["spt"] == "8080"


def test_what_has_no_key_stands_in_the_message() -> None:
    two = (Address(address="127.0.0.1", port=1), Address(address="::", port=2))
    _, found = read(line(replace(SEEN, listeners=two, license="mit", not_visible=("maps", "sockets"))))
    assert found["msg"] == "listens on: [::]:2; license: mit; not visible: maps, sockets"


def test_values_are_as_long_as_their_keys_allow() -> None:
    limits = {"externalId": 40, "dvchost": 100, "act": 63, "reason": 1023, "cs1": 4000, "msg": 1023}
    long = "x" * 5000
    _, found = read(line(replace(SEEN, id=long, machine=long, decision=long, reason=long, rule=long, original=long)))
    assert {key: len(found[key]) for key in limits} == limits


@pytest.mark.parametrize("at", ["yesterday", "", "9999-12-31T23:59:59+00:00x"])
def test_a_time_that_is_none_is_left_out(at: str) -> None:
    event = replace(SEEN, at=at)
    assert " rt=" not in line(event).replace("|rt=", " rt=")
