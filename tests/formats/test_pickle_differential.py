"""Whatever CPython's C unpickler asks for, the symbolic machine has reported."""

import base64
import json
import pickle
import random
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.samples.pickle_assembly import call, name, stack_name, stream
from tests.samples.registry import EVASIONS
from tests.scanning import ROOT

from weighbridge.formats.pickle import read
from weighbridge.formats.pickle_names import python3_name
from weighbridge.formats.pickle_opcodes import NAMES
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Excess
from weighbridge.model.pickle_program import PickleComputedImport, PickleImport
from weighbridge.model.source import BytesSource, LimitReached

Ask = Callable[[bytes], list[tuple[str, str]]]

SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), st.binary(max_size=12))
DATA = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.text(max_size=4), inner, max_size=4),
        st.tuples(inner, inner),
        st.frozensets(st.integers(), max_size=3),
    ),
    max_leaves=12,
)
_PIECES = [
    b"(", b")", b"]", b"}", b"N", b"0", b"1", b"2", b"K\x05", b"t", b"l", b"d", b"s", b"u", b"a", b"e", b"b", b"R",
    b"o", b"\x81", b"\x85", b"\x86", b"\x87", b"\x8f", b"\x90", b"\x91", b"\x92", b"\x93", b"\x94", b"q\x00", b"q\x01",
    b"h\x00", b"h\x01", b"Q", b"Pid\n", b"\x80\x02", b"\x80\x04", b"I1\n", b"I0x1f\n", b"L7L\n", b"I01\n",
    b"iurllib\nquote\n", b"cos\nsystem\n", b"c__builtin__\neval\n", b"\x8c\x02os", b"\x8c\x06system", b"U\x02os",
    b"S'os'\n", b"Vos\n", b"p0\n", b"g0\n", b"T\x02\x00\x00\x00os", b"X\x02\x00\x00\x00os", b"\x97", b"\x98", b".",
]  # fmt: skip
STREAMS = st.lists(st.sampled_from(_PIECES), min_size=1, max_size=40).map(lambda pieces: b"".join(pieces) + b".")


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.samples.pickle_recording"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    talk_in, talk_out = child.stdin, child.stdout

    def answer(content: bytes) -> list[tuple[str, str]]:
        talk_in.write(base64.b64encode(content).decode() + "\n")
        talk_in.flush()
        return [(module, attribute) for module, attribute in json.loads(talk_out.readline())]

    yield answer
    talk_in.close()
    child.wait(60)
    talk_out.close()


def check(content: bytes, asked: list[tuple[str, str]]) -> None:
    """The names asked for are a subset of those reported, unless the reading says that it does not know them all."""
    try:
        observations = read(BytesSource(content), Budget()).observations
    except LimitReached:
        return
    if any(isinstance(noted, (PickleComputedImport, Excess)) for noted in observations):
        return
    reported = {(noted.module, noted.name) for noted in observations if isinstance(noted, PickleImport)}
    missing = [pair for pair in asked if pair not in reported and python3_name(*pair) not in reported]
    assert missing == [], content


@settings(max_examples=150, deadline=None)
@given(data=DATA, protocol=st.integers(0, 5))
def test_data(ask: Ask, data: object, protocol: int) -> None:
    content = pickle.dumps(data, protocol)
    check(content, ask(content))


@settings(max_examples=400, deadline=None)
@given(content=STREAMS)
def test_random_opcodes(ask: Ask, content: bytes) -> None:
    check(content, ask(content))


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 2**32), start=STREAMS)
def test_mutations(ask: Ask, seed: int, start: bytes) -> None:
    chance = random.Random(seed)
    content = bytearray(
        stream(call("collections", "OrderedDict") + stack_name("os", "getcwd") + name("a", "B")) + start
    )
    for _ in range(chance.randint(1, 6)):
        position = chance.randrange(len(content))
        choice = chance.random()
        if choice < 0.4:
            content[position] = chance.choice(list(NAMES))
        elif choice < 0.6:
            content[position] = chance.randrange(256)
        elif choice < 0.8:
            del content[position : position + chance.randint(1, 4)]
        else:
            content[position:position] = chance.choice(_PIECES)
        if not content:
            return
    check(bytes(content), ask(bytes(content)))


@pytest.mark.parametrize("case", [case for case in EVASIONS if case.id.startswith("pickle-")], ids=lambda case: case.id)
def test_evasions(ask: Ask, case: object) -> None:
    for content in case.build().values():  # type: ignore[attr-defined]
        if len(content) < 1 << 20:
            check(content, ask(content))
