"""Reading commits, whole and broken."""

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.hub.uploading import before, lines, within

from weighbridge.fleet.problem import RefusedError
from weighbridge.hub import hf_commit_lines
from weighbridge.hub.hf_commit_lines import File, Head, LargeFile, Removed, commit_lines

GOOD = lines(
    within("a.txt", b"hello"),
    before("b.bin", b"large"),
    {"key": "deletedFile", "value": {"path": "c"}},
    {"key": "deletedFolder", "value": {"path": "d/"}},
    parentCommit="f" * 40,
)


def read(body: bytes, size: int = 7):
    """Read a commit that comes in pieces of some bytes."""

    async def pieces():
        for at in range(0, len(body), size):
            yield body[at : at + size]

    async def work():
        return [part async for part in commit_lines(pieces())]

    return asyncio.run(work())


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_what_a_commit_says(size):
    head, small, large, file, folder = read(GOOD, size)
    assert head == Head(summary="upload", parent_commit="f" * 40)
    assert (isinstance(small, File), small.path, small.body()) == (True, "a.txt", b"hello")
    assert isinstance(large, LargeFile)
    assert (file, folder) == (Removed(path="c"), Removed(path="d/", is_folder=True))


def test_a_last_line_without_its_end_and_empty_lines():
    assert len(read(b"\n" + GOOD.rstrip() + b"\n\n")) == 5
    assert len(read(GOOD.rstrip())) == 5


def test_text_as_it_is():
    line = {"key": "file", "value": {"path": "a", "content": "grüß", "encoding": "utf-8"}}
    assert read(lines(line))[1].body() == "grüß".encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\n\n",
        b"{}",
        b"x",
        lines() + lines(),
        lines({"key": "rename", "value": {}}),
        lines({"key": "file", "value": {"content": "AA=="}}),
        lines({"key": "file", "value": []}),
        lines({"key": "lfsFile", "value": {"path": "a", "oid": 3}}),
        lines({"key": "deletedFile", "value": {"path": None}}),
        lines() + b'{"key":"file","value":{"path":"\\ud800","content":""}}\n',
        lines() + b'{"key":"file","value":{"path":"\xff","content":""}}\n',
        lines() + b"[" * 50_000,
        json.dumps(within("a", b"x")).encode(),
    ],
)
def test_no_commit(body):
    with pytest.raises(RefusedError) as refused:
        read(body, 1_000)
    assert refused.value.status == 400


@pytest.mark.parametrize("content", ["A", "!!!!", "AA=", "AAAA\u00e9", "AA==AA=="])
def test_no_base64(content):
    parts = read(lines({"key": "file", "value": {"path": "a", "content": content, "encoding": "base64"}}))
    with pytest.raises(RefusedError) as refused:
        parts[1].body()
    assert refused.value.status == 400


def test_too_much(monkeypatch):
    monkeypatch.setattr(hf_commit_lines, "LONGEST_LINE", 1_000)
    with pytest.raises(RefusedError) as refused:
        read(lines() + b"x" * 5_000, 100)
    assert refused.value.status == 413
    monkeypatch.setattr(hf_commit_lines, "MOST_LINES", 3)
    with pytest.raises(RefusedError) as refused:
        read(lines(*[within(str(number), b"") for number in range(4)]))
    assert refused.value.status == 413


@given(st.binary(max_size=300), st.integers(0, len(GOOD)), st.integers(1, 50))
def test_whatever_comes_is_read_or_refused(noise, at, size):
    status = 400
    try:
        for part in read(GOOD[:at] + noise + GOOD[at:], size):
            if isinstance(part, File):
                part.body()
    except RefusedError as error:
        status = error.status
    assert 400 <= status < 500
