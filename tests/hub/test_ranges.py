"""Parts of files: what RFC 9110 says of each way to ask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.hub.ranges import Part, names, part_of


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("", None),
        ("bytes=0-0", Part(0, 1)),
        ("bytes=2-5", Part(2, 6)),
        ("bytes=2-", Part(2, 10)),
        ("bytes=-3", Part(7, 10)),
        ("bytes=-30", Part(0, 10)),
        ("bytes=5-99", Part(5, 10)),
        ("Bytes = 0-1 ", Part(0, 2)),
        # What is no range, or several, is as if nothing had been asked for.
        ("bytes=5-2", None),
        ("bytes=0-1,3-4", None),
        ("bytes=-", None),
        ("lines=0-1", None),
        ("bytes=٣-٤", None),
        (f"bytes={'9' * 40}-", None),
    ],
)
def test_ranges(asked, part):
    assert part_of(asked, 10) == part


@pytest.mark.parametrize("asked", ["bytes=0-0", "bytes=0-", "bytes=-1", "bytes=-0", "bytes=7-9"])
def test_a_file_without_bytes_is_sent_whole(asked):
    assert part_of(asked, 0) is None


@pytest.mark.parametrize(("asked", "size"), [("bytes=10-", 10), ("bytes=99-100", 10), ("bytes=-0", 10)])
def test_what_lies_outside_cannot_be_sent(asked, size):
    with pytest.raises(ValueError):
        part_of(asked, size)


@given(st.text(max_size=40) | st.from_regex(r"bytes=[0-9]*-[0-9]*", fullmatch=True), st.integers(0, 1 << 50))
def test_whatever_is_asked_a_part_lies_within_the_file(asked, size):
    try:
        part = part_of(asked, size)
    except ValueError:
        return
    assert part is None or 0 <= part.start < part.end <= size


def test_entity_tags():
    assert names('"a"', '"a"')
    assert names('W/"a", "b"', '"b"')
    assert names("*", '"a"')
    assert not names('"ab"', '"a"')
    assert not names("", '"a"')
    assert not names("a", '"a"')
