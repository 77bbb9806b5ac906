from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.ledger.entry import KINDS, decode, encode, moment, timestamp

AT = datetime(2026, 11, 21, 8, 0, 0, 123456, tzinfo=UTC)


def written(kind: str, data: dict[str, object]) -> bytes:
    return encode(7, kind, data, at=AT, monotonic=12.5, boot="b", network="offline")


def test_a_record_is_canonical_json() -> None:
    assert written("sighting", {"path": "/models/é", "count": 1}).decode() == (
        '{"at":"2026-11-21T08:00:00.123Z","boot":"b","data":{"count":1,"path":"/models/é"},"kind":"sighting",'
        '"monotonic":12.5,"network":"offline","schema":"weighbridge.record/1","sequence":7}'
    )


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_is_read(kind: str) -> None:
    found = decode(written(kind, {"a": [1]}))
    assert found is not None
    assert (found.sequence, found.kind, found.monotonic, found.boot, found.network) == (7, kind, 12.5, "b", "offline")
    assert (moment(found.at), found.data) == (AT.replace(microsecond=123000), {"a": [1]})


def test_an_unknown_kind_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="no kind"):
        written("sigthing", {})


def test_data_that_is_too_long_is_replaced_by_its_digest() -> None:
    entry = written("agent", {"text": "é" * 40_000})
    found = decode(entry)
    assert found is not None
    assert len(entry) < 1000
    assert found.data["omitted"]["bytes"] == 80_011  # type: ignore[index]
    assert decode(written("agent", {"text": "x" * 65_000})).data["text"] == "x" * 65_000  # type: ignore[union-attr]


@given(st.binary(max_size=200))
def test_any_bytes_are_a_record_or_none(content: bytes) -> None:
    assert decode(content) is None


def test_fields_of_another_type_are_empty() -> None:
    found = decode(b'{"schema":"weighbridge.record/1","sequence":true,"kind":"../x","data":[],"at":1,"monotonic":"x"}')
    assert found is not None
    assert (found.sequence, found.kind, found.at, found.monotonic, found.data) == (-1, "", "", 0.0, {})
    assert decode(b'{"schema":"other/1"}') is None


def test_times_are_utc() -> None:
    assert timestamp(AT.astimezone(timezone(timedelta(hours=2)))) == "2026-11-21T08:00:00.123Z"
    assert moment("2026-11-21T08:00:00") is None
    assert moment("yesterday") is None
