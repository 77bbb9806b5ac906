import json

from weighbridge.fleet.logs import Log


def _lines(style, *events):
    lines = []
    log = Log(lines.append, style, lambda: 1_790_000_000_123)
    for level, event, fields in events:
        log.event(level, event, **fields)
    return lines


def test_text_is_for_people():
    (line,) = _lines("text", ("info", "request", {"path": "/a b", "status": 200, "seconds": 0.01234, "account": None}))
    assert line == '2026-09-21T14:13:20.123Z info    request path="/a b" status=200 seconds=0.012\n'


def test_json_is_for_programs():
    (line,) = _lines("json", ("error", "failed", {"path": "/a\nb", "status": 500}))
    told = json.loads(line)
    assert told == {
        "at": "2026-09-21T14:13:20.123Z",
        "level": "error",
        "event": "failed",
        "path": told["path"],
        "status": 500,
    }
    assert "\n" not in told["path"]


def test_no_value_starts_a_line_or_turns_text_around():
    for style in ("text", "json"):
        (line,) = _lines(style, ("info", "request", {"path": "a\nb\r\x1b[31m\u202e\x00" + "x" * 1_000}))
        assert line.count("\n") == 1
        assert not {"\r", "\x1b", "\u202e", "\x00"} & set(line)
        assert len(line) < 500
