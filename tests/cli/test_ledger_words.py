from datetime import UTC, datetime

import pytest

from weighbridge.cli.ledger_words import fits, line, since, summary
from weighbridge.ledger.entry import KINDS, Record, decode, encode

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
DIGEST = "0123456789ab" + "cd" * 26


def record(kind: str, **data: object) -> Record:
    found = decode(encode(7, kind, data, at=NOW, monotonic=1, boot="b", network="offline"))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("kind", "data", "text"),
    [
        ("start", {"before": "new"}, "a new ledger"),
        ("start", {"before": "stopped"}, ""),
        ("start", {"before": "killed"}, "the recording before did not end in good order"),
        ("clock-step", {"seconds": -3600.0}, "by -3600 s"),
        ("clock-step", {"seconds": "x"}, ""),
        ("artifact", {"artifact": DIGEST, "format": "gguf", "license": None}, "0123456789ab  gguf"),
        ("sighting", {"path": "/home/ada/m.gguf", "artifact": DIGEST}, "~/m.gguf  0123456789ab"),
        ("sighting-end", {"path": "/srv/m.gguf"}, "/srv/m.gguf"),
        ("finding", {"severity": "high", "message": "It runs\x1b[2J code."}, "high  It runs\\x1b[2J code."),
        (
            "process",
            {"pid": 5, "name": "x", "weights": [{"path": "/a"}, {"name": "b"}, {}]},
            "pid 5  x  /a, b, and 1 more",
        ),
        ("process", {"pid": 5, "verdict": {"decision": "deny"}}, "pid 5  deny"),
        ("listener", {"address": "0.0.0.0", "port": 8080}, "0.0.0.0  8080"),
        ("network", {"connectivity": "offline", "reasons": ["no route"]}, "offline  no route"),
        ("shred", {"why": "asked for"}, "asked for"),
    ],
)
def test_a_record_in_a_few_words(kind: str, data: dict[str, object], text: str) -> None:
    assert summary(record(kind, **data), "/home/ada") == text


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_line_whatever_its_data(kind: str) -> None:
    for value in (None, 1, [], [[[]]], {"a": {}}, "x" * 9000, True):
        data = dict.fromkeys(("path", "name", "artifact", "weights", "before", "seconds", "reasons", "message"), value)
        assert line(record(kind, **data), "").startswith("      7  2026-11-21 08:00:00  ")
        assert len(line(record(kind, **data), "")) < 600


def test_since_takes_spans_days_and_times() -> None:
    assert (NOW - since("2h", NOW)).total_seconds() == 7200
    assert (NOW - since("1w", NOW)).days == 7
    assert since("2026-11-20", NOW) == datetime(2026, 11, 20, tzinfo=UTC)
    with pytest.raises(ValueError):
        since("soon", NOW)


def test_filters() -> None:
    one = record("sighting", path="/a")
    assert fits(one, b"", frozenset(), None, b"")
    assert not fits(one, b"", frozenset({"artifact"}), None, b"")
    assert not fits(one, b"abc", frozenset(), None, b"abd")
    assert fits(one, b"abc", frozenset(), NOW, b"abc")
    assert not fits(one, b"", frozenset(), since("2026-11-22", NOW), b"")
