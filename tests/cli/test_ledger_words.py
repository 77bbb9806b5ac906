from datetime import UTC, datetime, timedelta

import pytest

from weighbridge.cli.ledger_words import fits, line, since, summary, table
from weighbridge.ledger.entry import KINDS, Record, decode, encode

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
DIGEST = "0123456789ab" + "cd" * 26
REVOKED: dict[str, object] = {"step": "revoke", "release": "r1", "by": "rita", "why": "Withdrawn."}
REVOKED["detail"] = {"model": "acme/a", "commit": DIGEST}


def record(kind: str, **data: object) -> Record:
    found = decode(encode(7, kind, data, at=NOW, monotonic=1, boot="b", network="offline"))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("kind", "data", "text"),
    [
        ("start", {"before": "new"}, "a new ledger"),
        ("start", {"before": "stopped"}, "recording began"),
        ("start", {"before": "killed"}, "recording began; the one before did not end in good order"),
        ("stop", {}, "recording ended"),
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
        ("release", REVOKED, "revoke  acme/a@0123456789ab  by rita  Withdrawn."),
        ("release", {"step": "weigh", "release": "r1", "by": "hub", "detail": []}, "weigh  r1  by hub"),
    ],
)
def test_a_record_in_a_few_words(kind: str, data: dict[str, object], text: str) -> None:
    assert summary(record(kind, **data), "/home/ada") == text


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_line_whatever_its_data(kind: str) -> None:
    for value in (None, 1, [], [[[]]], {"a": {}}, "x" * 9000, True):
        data = dict.fromkeys(
            ("path", "name", "artifact", "weights", "before", "seconds", "reasons", "message", "by", "detail"), value
        )
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
    assert fits(one, b"", frozenset(), None, b"", since("2026-11-22", NOW))
    assert not fits(one, b"", frozenset(), None, b"", NOW)


def test_a_table_has_a_line_for_each_day_and_fits_the_terminal() -> None:
    records = [record("sighting", path="/home/ada/" + "deep/" * 40 + "model.gguf", artifact=DIGEST), record("stop")]
    tomorrow = NOW + timedelta(days=1)
    later = decode(encode(12, "clock-step", {"seconds": 5}, at=tomorrow, monotonic=1, boot="", network=""))
    assert later is not None
    lines = list(table([*records, later], "/home/ada", 80))
    assert lines == [
        "2026-11-21 UTC",
        "   7  08:00:00  sighting    ~/deep/deep/d…eep/deep/deep/model.gguf  0123456789ab",
        "   7  08:00:00  stop        recording ended",
        "2026-11-22 UTC",
        "  12  08:00:00  clock-step  by +5 s",
    ]
    for width in (20, 60, 200):
        assert max(map(len, table(records, "", width))) <= max(width, 45)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_row_whatever_its_data(kind: str) -> None:
    for value in (None, 1, [], [[[]]], {"a": {}}, "x" * 9000, "\x1b[31m" * 50, True):
        data = dict.fromkeys(
            ("path", "name", "artifact", "weights", "before", "seconds", "reasons", "message", "by", "detail"), value
        )
        (_, text) = table([record(kind, **data)], "", 80)
        assert len(text) <= 80
        assert text.isprintable()
