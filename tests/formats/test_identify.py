"""Which readers are asked about which bytes."""

import gzip
import io
import random
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.formats.codec import expand_gzip, stream
from weighbridge.formats.entries import ENTRIES
from weighbridge.formats.entry import Entry
from weighbridge.formats.identify import Index, head_of, tail_of
from weighbridge.formats.reader import HEAD_BYTES, Reader
from weighbridge.formats.registry import READERS
from weighbridge.model.budget import Budget
from weighbridge.model.source import BytesSource

GATED = [reader for reader in READERS if reader.begins is not None]
OTHERS = {reader.id: bytes(sorted(set(range(256)) - set(reader.begins or b""))) for reader in GATED}
TELLING = (
    b'{"weight_map": {}, "nodes": [], "op": 1, "inputs": 2, "itemInfoEntries": 3, "odelIdentifier": 4}',
    b"---\nlicense: mit\n---\n",
    b"{% for m in messages %}{{ bos_token }}",
    b'[{"idx": 0, "type": "a", "path": "b"}]',
    b'<?xml version="1.0"?><net/><PMML/>',
    b"\x08\x07\x12\x02ab\x1a\x01x\x3a\x01x\x42\x01y",
    b"saved_model_schema_version: 1\nmeta_graphs { graph_def { node {",
    b"\x78\x9c" + bytes(30),
    b"\x5d\x00\x00\x80\x00" + b"\xff" * 8 + bytes(20),
    b"\x81\xa6params" + bytes(20),
)


@pytest.mark.parametrize("reader", GATED, ids=lambda reader: reader.id)
def test_a_reader_is_never_right_about_bytes_that_it_is_not_asked_about(reader: Reader) -> None:
    assert reader.could_be is not None
    noise = random.Random(7)
    for first in OTHERS[reader.id]:
        for rest in (*TELLING, noise.randbytes(200), bytes(200), b"{" * 80, b"<" * 80):
            assert not reader.could_be(bytes([first]) + rest)
            assert not reader.could_be(bytes([first]) + rest[1:])


@given(st.data(), st.binary(max_size=200))
def test_whatever_follows(data: st.DataObject, rest: bytes) -> None:
    reader = data.draw(st.sampled_from(GATED))
    first = data.draw(st.sampled_from(OTHERS[reader.id]))
    assert reader.could_be is not None
    assert not reader.could_be(bytes([first]) + rest)


ASKED: list[bytes] = []


def could_be(head: bytes) -> bool:
    ASKED.append(head)
    return True


def test_each_test_runs_for_its_first_bytes_only() -> None:
    ASKED.clear()
    entry = Entry(id="x", could_be=f"{__name__}:could_be", begins=b"ab", needs=b"c")
    index = Index([entry])
    assert index.candidates(b"abc", b"") == [entry]
    assert index.candidates(b"cab", b"") == []
    assert index.candidates(b"abd", b"") == []
    assert ASKED == [b"abc"]


def test_formats_that_share_a_test_share_its_cost() -> None:
    ASKED.clear()
    entries = [Entry(id=name, could_be=f"{__name__}:could_be", begins=b"a") for name in ("x", "y")]
    assert Index(entries).candidates(b"abc", b"") == entries
    assert ASKED == [b"abc"]


NEEDY = [reader for reader in READERS if reader.needs]


@pytest.mark.parametrize("reader", NEEDY, ids=lambda reader: reader.id)
def test_what_a_reader_needs_is_what_its_test_asks_for(reader: Reader) -> None:
    assert reader.could_be is not None
    telling = reader.needs + b"\nTEMPLATE x\n" + reader.needs
    assert reader.could_be(telling)
    assert not reader.could_be(telling.replace(reader.needs, reader.needs[1:]))


def test_nothing_is_asked_about_nothing() -> None:
    assert Index(ENTRIES).candidates(b"", b"") == []


def test_head_and_tail() -> None:
    source = BytesSource(bytes(range(256)) * 64)
    assert head_of(source) == source.read(0, HEAD_BYTES)
    assert tail_of(source) == bytes(range(192, 256))


def test_a_broken_archive_is_not_every_kind_of_model_that_comes_in_archives() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo("picture")
        entry.size = 200_000
        archive.addfile(entry, io.BytesIO(random.Random(1).randbytes(200_000)))
    packed = gzip.compress(buffer.getvalue())
    source = stream(BytesSource(packed[: len(packed) // 2]), expand_gzip, Budget())
    index = Index(ENTRIES)
    assert [reader.id for reader in index.recognized(source, head_of(source), tail_of(source))] == ["tar"]
    nemo = next(entry for entry in ENTRIES if entry.id == "nemo").reader()
    owned = index.recognized(source, head_of(source), tail_of(source), [nemo])
    assert [reader.id for reader in owned] == ["nemo"]
