"""Messages are read back by a reader of the grammar in RFC 5424, section 6."""

import re
from dataclasses import replace

from hypothesis import given
from tests.export.event_samples import EVENTS, all_events

from weighbridge.bom.text import clean
from weighbridge.export.event import Address, Event
from weighbridge.export.syslog import line

HEADER = re.compile(
    r"<(?P<priority>0|[1-9]\d{0,2})>1 "
    r"(?P<time>-|\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T"
    r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)) "
    r"(?P<host>[!-~]{1,255}) (?P<app>[!-~]{1,48}) (?P<process>[!-~]{1,128}) (?P<message_id>[!-~]{1,32}) ",
    re.ASCII,
)
PARAMETER = re.compile(r' ([!-<>-~]{1,32})="((?:[^"\\\]]|\\["\\\]])*)"')


def read(text: str) -> tuple[dict[str, str], dict[str, str], str]:
    """Return header, structured data and message."""
    header = HEADER.match(text)
    assert header is not None, text
    position = header.end()
    found = {}
    if text[position] == "[":
        name = re.compile(r"\[[!-<>-\\^-~]{1,32}").match(text, position)
        assert name is not None
        position = name.end()
        while parameter := PARAMETER.match(text, position):
            found[parameter[1]] = re.sub(r'\\(["\\\]])', r"\1", parameter[2])
            position = parameter.end()
        assert text[position] == "]", text[position:]
    else:
        assert text[position] == "-"
    assert text[position + 1 : position + 3] == " \ufeff"
    return header.groupdict(), found, text[position + 3 :]


def test_a_known_message() -> None:
    (server,) = [line(event) for event in all_events() if event.kind == "process" and event.pid == 4711]
    header, found, message = read(server)
    assert int(header["priority"]) // 8 == 13
    assert int(header["priority"]) % 8 in (2, 3)
    assert (found["decision"], found["pid"]) == ("deny", "4711")
    assert message.startswith("Process llama-server")


def test_every_listener_is_named_and_what_was_not_visible() -> None:
    two = (Address(address="127.0.0.1", port=1), Address(address="::", port=2))
    (server,) = [event for event in all_events() if event.kind == "process" and event.pid == 4711]
    _, found, _ = read(line(replace(server, listeners=two, not_visible=("maps", "sockets"))))
    assert (found["listeners"], found["notVisible"]) == ("127.0.0.1:1, [::]:2", "maps, sockets")


def test_names_of_parameters_stand_once_and_every_character_is_utf_8() -> None:
    for event in all_events():
        text = line(event)
        names = [parameter[1] for parameter in PARAMETER.finditer(text)]
        assert len(set(names)) == len(names)
        assert text.encode("utf-8").decode("utf-8") == text
        assert not [character for character in text if character < " " or character == "\x7f"]


@given(EVENTS)
def test_every_value_comes_back_whatever_it_holds(event: Event) -> None:
    text = line(event)
    assert "\n" not in text
    header, found, message = read(text)
    assert int(header["priority"]) <= 191
    assert message == clean(event.message, 2048)
    for key in ("reason", "path", "remedy", "executable"):
        assert found.get(key, "") == clean(getattr(event, key), 2048)
