"""Batches survive the way through a message, and what is no batch is refused."""

import pytest
from tests.ledger.test_batch import NEW, log_of, sent, taken

from weighbridge.sync.carrying import batch_of, entry_texts, hashes
from weighbridge.sync.envelope import packed, unpacked
from weighbridge.sync.messages import Sync, to_text


def message(count: int, **other: object) -> Sync:
    disk, _log = log_of(count)
    batch = sent(disk, NEW)
    fields = {
        "batch": "b",
        "size": batch.size,
        "cosigned": batch.cosigned,
        "checkpoint": batch.note.decode(),
        "continues": hashes(batch.continues),
        "first": batch.first,
        "skipped": hashes(batch.skipped),
        "entries": entry_texts(batch),
        "covers": hashes(batch.covers),
    }
    return Sync(**fields | other)  # type: ignore[arg-type]  (the fields of a message, by name)


@pytest.mark.parametrize("count", [0, 1, 300])
def test_a_batch_is_the_same_after_the_way(count: int) -> None:
    disk, _log = log_of(count)
    arrived = batch_of(unpacked(packed(message(count)), Sync))
    assert arrived == sent(disk, NEW)
    assert len(taken(arrived, NEW).entries) == count


def test_what_no_batch_could_have_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        batch_of(message(1, covers=("*" * 44,)))
    with pytest.raises(ValueError, match="too long"):
        batch_of(message(1, entries=("é" * 40_000,)))
    assert to_text(b"") == ""
