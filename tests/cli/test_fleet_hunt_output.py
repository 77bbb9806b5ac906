"""Answers as text, whatever machines called things."""

from weighbridge.cli.fleet_hunt_ask import Pieces
from weighbridge.cli.fleet_hunt_output import caught, moment, rows, said_of

HOSTILE = "\x1b[31m\u202egpj.exe\r\n=1+1" + "W" * 5000
RECORD = {
    "received_at": 1_790_000_000_000,
    "endpoint_name": HOSTILE,
    "owner": HOSTILE,
    "kind": "process",
    "process": HOSTILE,
    "user": "ada",
    "path": HOSTILE,
    "data": {"x": 1},
}
CAUGHT = {
    "rows": [
        {
            "asked": "1a" * 6,
            "sha256": "1a" * 32,
            "artifact": {"assessment": HOSTILE, "format": HOSTILE},
            "spread": {"endpoints": 1, "gone": 2, "running": 3, "decision": HOSTILE, "path": HOSTILE},
            "whereabouts": [
                {
                    "endpoint_id": "a" * 16,
                    "endpoint_name": HOSTILE,
                    "owner": HOSTILE,
                    "group": HOSTILE,
                    "path": HOSTILE,
                    "places": 0,
                    "first_at": 1_790_000_000_000,
                    "last_at": 10**30,
                    "runs": [HOSTILE],
                }
            ],
            "is_more": True,
        }
    ],
    "not_looked_for": [],
    "passed_over": 0,
}


def test_nothing_that_a_machine_said_reaches_the_terminal():
    for format_name in ("table", "csv", "json", "jsonl"):
        for text in (
            rows("records", Pieces([RECORD], False, None), format_name, 100),
            caught(CAUGHT, format_name, 100),
        ):
            assert set(text) - set("\r\n") <= {one for one in text if one.isprintable()}, format_name
            assert "\x1b" not in text


def test_a_table_is_as_wide_as_the_screen():
    text = rows("records", Pieces([RECORD] * 3, False, None), "table", 120)
    assert all(len(line) <= 160 for line in text.splitlines())
    assert len(text.splitlines()) == 4


def test_what_was_not_looked_at_is_said():
    assert (
        "looked back to 2026-09-21"
        in {b: a for a, b in said_of("records", Pieces([], True, 1_790_000_000_000))}["warning"]
    )
    assert [text for text, _ in said_of("records", Pieces([{}], True, None))] == [
        "· the first 1 record",
        "· --limit shows more",
    ]


def test_a_time_that_is_none_is_a_dash():
    assert [moment(one) for one in (None, 0, 10**30, "x")] == ["—"] * 4
