"""What is recognized as a pickle, and what is left alone."""

import pickle
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.samples.pickle_assembly import SYSTEM, stream

from weighbridge.formats.pickle_scout import is_pickle
from weighbridge.model.source import BytesSource


def scout(content: bytes) -> bool:
    return is_pickle(BytesSource(content), content[:4096])


@pytest.mark.parametrize(
    "content",
    [
        stream(SYSTEM)[:-1],
        stream(SYSTEM) + b"\xfe" * 50,
        b"cos\nsystem\n(S'true'\ntR.",
        b"cos\nsystem\n(S'true'\ntR and then text",
        b"N.N.cos\nsystem\n(S'true'\ntR.",
        pickle.dumps(list(range(100)), 4)[:-20],
        pickle.dumps({"a": 1}, 0),
    ],
)
def test_acting_cut_and_plain(content: bytes) -> None:
    assert scout(content)


@pytest.mark.parametrize(
    "content",
    [
        b"N. Smith wrote this.",
        b"CTEST_TRIGGER_SITE" + b"-" * 68 + b".\n",
        b"I1\nthis is a list\n",
        b"Copyright (c) 2026\nAll rights reserved.\n",
        b"config\nvalue\nother\n",
        b"]]]]]]]]]]]]]]]] text",
        b"\x80\x02\xff\xff\xff\xff",
        b".",
        b"",
    ],
)
def test_text_and_other_binaries(content: bytes) -> None:
    assert not scout(content)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=9, max_codepoint=126), min_size=40, max_size=400))
def test_ordinary_text(text: str) -> None:
    assert not scout(("The " + text).encode())


def test_random_bytes_are_hardly_ever_pickles() -> None:
    chance = random.Random(7)
    assert sum(scout(chance.randbytes(200)) for _ in range(3000)) <= 3
