import pytest
from tests.samples.inspection import assessments, look


@pytest.mark.parametrize(
    "content",
    [b"Rar!\x1a\x07\x00" + bytes(60), b"Rar!\x1a\x07\x01\x00" + bytes(60), bytes(7) + b"**ACE**" + bytes(60),
     b"LZIP\x01\x0c" + bytes(60), b"\x1f\x9d\x90" + bytes(60)],
)  # fmt: skip
def test_unread_kinds_are_gaps(content):
    assert assessments(content) == {None: "incomplete"}


@pytest.mark.parametrize("content", [b"Rar? no", b"\x1f\x9d\x01text", b"LZIPPER"])
def test_near_misses(content):
    assert look(content) == []
