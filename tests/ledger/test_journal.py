import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.ledger.journal import MARK, frame, read_journal

FRAMES = st.lists(st.lists(st.binary(max_size=100), min_size=1, max_size=5), max_size=5)


def written(groups: list[list[bytes]], first: int = 7) -> tuple[bytes, list[tuple[int, bytes]]]:
    content, entries = b"", []
    for group in groups:
        content += frame(first, group)
        entries += enumerate(group, first)
        first += len(group)
    return content, entries


@given(FRAMES)
def test_what_is_written_is_read(groups: list[list[bytes]]) -> None:
    content, entries = written(groups)
    journal = read_journal(content)
    assert (list(journal.entries), journal.good, journal.torn, journal.damaged) == (entries, len(content), 0, False)


@given(FRAMES, st.lists(st.binary(max_size=300), min_size=1, max_size=3), st.data())
def test_a_torn_end_loses_the_last_frame_only(
    groups: list[list[bytes]], last: list[bytes], data: st.DataObject
) -> None:
    content, entries = written(groups)
    torn = frame(7 + len(entries), last)
    torn = torn[: data.draw(st.integers(0, len(torn) - 1))]
    begin = data.draw(st.integers(0, len(torn)))
    zeroed = torn[:begin] + bytes(len(torn) - begin)
    for end in (torn, zeroed):
        journal = read_journal(content + end)
        assert list(journal.entries) == entries
        assert (journal.torn, journal.damaged) == (len(end), False)


@given(st.data())
def test_damage_before_the_last_frame_is_told_from_a_torn_end(data: st.DataObject) -> None:
    groups = [[b"a" * 50], [b"b" * 50], [b"c" * 50]]
    content, _ = written(groups)
    last = len(frame(0, groups[2]))
    at = data.draw(st.integers(0, len(content) - last - 1))
    changed = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
    assert read_journal(changed).damaged
    assert not read_journal(content[:-last] + bytes(last)).damaged


def test_no_text_can_look_like_a_frame() -> None:
    with pytest.raises(UnicodeDecodeError):
        MARK.decode()
    with pytest.raises(ValueError):
        frame(0, [b"x" * 65536])


@given(st.binary(max_size=200))
def test_any_bytes_are_read(content: bytes) -> None:
    assert read_journal(MARK + content).torn == len(content) + len(MARK)


def test_marks_that_lead_nowhere_are_tried_a_few_times_only() -> None:
    journal = read_journal(frame(0, [b"one"]) + (MARK + b"\0" * 8 + b"\0\1\0\0") * 5000 + bytes(70_000))
    assert (journal.damaged, len(journal.entries)) == (True, 1)
