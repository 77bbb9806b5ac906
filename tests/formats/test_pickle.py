"""The reader: form, facts, storages of PyTorch's first format, and no exception whatever the bytes."""

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.samples.inspection import assessments
from tests.samples.pickle_assembly import SYSTEM, stream
from tests.samples.torch_files import OLD_DATA, STATE_DICT, legacy

from weighbridge.formats.pickle import READER, read
from weighbridge.model.budget import Budget, Limits
from weighbridge.model.fact import Grade
from weighbridge.model.observation import Malformed
from weighbridge.model.source import BytesSource, LimitReached

SEEDS = (
    stream(STATE_DICT, 2),
    legacy(OLD_DATA),
    pickle.dumps({"a": [1, "b"]}, 4),
    stream(SYSTEM),
    pickle.dumps([1.5], 0),
)


def test_facts_of_a_state_dict() -> None:
    facts = {fact.name: fact for fact in read(BytesSource(stream(STATE_DICT, 2)), Budget()).facts}
    assert facts["parameters"].value == 6
    assert facts["parameters"].grade is Grade.MEASURED
    assert facts["framework"].value == "torch"
    assert "tensor_table.sha256" in facts


def test_storages_of_the_first_format() -> None:
    whole = legacy(OLD_DATA)
    reading = read(BytesSource(whole), Budget())
    assert (reading.format, reading.observations[-1:]) != ("pickle", ())
    assert reading.format == "torch-legacy"
    assert not [item for item in reading.observations if isinstance(item, Malformed)]
    cut = read(BytesSource(whole[:-3]), Budget())
    assert [item for item in cut.observations if isinstance(item, Malformed)]


def test_an_ordinary_file_costs_two_reads_at_most() -> None:
    class Counting(BytesSource):
        reads = 0

        def read(self, offset: int, length: int) -> bytes:
            self.reads += 1
            return super().read(offset, length)

    source = Counting(b"Copyright 2026, a text file\n" * 500)
    head = source.read(0, 4096)
    READER.recognize(source, head)
    assert source.reads <= 2


@settings(max_examples=300, deadline=None)
@given(
    seed=st.sampled_from(SEEDS),
    cuts=st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=6), st.integers(0, 6)), max_size=5),
)
def test_mutations_raise_nothing_else(seed: bytes, cuts: list[tuple[int, bytes, int]]) -> None:
    content = bytearray(seed)
    for position, replacement, removed in cuts:
        content[position : position + removed] = replacement
    source = BytesSource(bytes(content))
    READER.recognize(source, bytes(content[:4096]))
    try:
        read(source, Budget(Limits(opcodes=100_000)))
    except LimitReached:
        pass


@pytest.mark.parametrize(
    "text",
    [
        b"hello world\n",
        b"(a) list\n",
        b"import os\nprint(1)\n",
        b"Nothing here. Really.\n",
        b"I am a text\n",
        b'{"a": 1}',
        bytes(3000),
        b"# comment\n",
    ],
)
def test_what_no_loader_starts_is_a_gap(text: bytes) -> None:
    assert assessments(text, "x.pkl") == {None: "incomplete"}


@pytest.mark.parametrize("broken", [b"\xff", b"\x80\x09", b"v"])
def test_what_breaks_after_a_deed_stays_hard(broken: bytes) -> None:
    assert assessments(SYSTEM + broken, "x.pkl") == {None: "malicious"}
    assert assessments(b"cos\nsystem\n" + broken, "x.pkl") == {None: "malicious"}
