import json

from hypothesis import given
from tests.export.event_samples import EVENTS, all_events

from weighbridge.export.ai_tools import COLUMNS, line, row
from weighbridge.export.event import Event

TYPES = {"mcp_server", "ide_plugins", "agents", "apps", "sockets", "agent_instruction"}
NUMBERS = {"running", "pid", "port"}


def test_rows_have_the_columns_of_the_table() -> None:
    rows = [row(event) for event in all_events() if event.kind == "process"]
    assert rows
    for one in rows:
        assert tuple(one) == COLUMNS
        assert one["type"] in TYPES
        assert all(isinstance(one[name], int) or one[name] is None for name in NUMBERS)
        assert all(isinstance(value, str) for name, value in one.items() if name not in NUMBERS)


def test_a_server_is_a_socket_with_the_digest_of_its_weights() -> None:
    (server,) = [row(event) for event in all_events() if event.kind == "process" and event.pid == 4711]
    assert (server["type"], server["running"], server["sha256"]) == ("sockets", 1, "3f9a" + "0" * 60)
    assert json.loads(server["detail"])["decision"] == "deny"


def test_files_and_findings_are_no_rows() -> None:
    assert [line(event) for event in all_events() if event.kind in ("artifact", "finding")].count(None) == sum(
        event.kind in ("artifact", "finding") for event in all_events()
    )


@given(EVENTS)
def test_hostile_text_stays_one_line_of_json(event: Event) -> None:
    text = line(event)
    assert text is None or ("\n" not in text and tuple(json.loads(text)) == COLUMNS)
