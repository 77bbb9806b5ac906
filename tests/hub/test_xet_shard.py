"""Reading shards: whole, broken, hostile."""

import hashlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.hub.xet_writing import END, Xorb, shard

from weighbridge.hub import xet_shard
from weighbridge.hub.xet_hashes import range_hash
from weighbridge.hub.xet_shard import recipes
from weighbridge.model.errors import WeighbridgeError

XORB = Xorb([b"one", b"two!!", b"three"])
SHA = hashlib.sha256(b"one").hexdigest()
GOOD = shard([(SHA, [(XORB, 0, 1)]), ("ab" * 32, [(XORB, 1, 3), (XORB, 0, 2)])])


def test_files_and_their_parts():
    first, second = recipes(GOOD)
    assert (first.sha256, first.size) == (SHA, 3)
    assert (second.sha256, second.size) == ("ab" * 32, 18)
    assert [(term.xorb, term.start, term.end, term.size) for term in second.terms] == [
        (XORB.name, 1, 3, 10),
        (XORB.name, 0, 2, 8),
    ]
    assert second.terms[0].proof == range_hash(XORB.listed[1][0] + XORB.listed[2][0])


def test_no_files():
    assert recipes(shard([])) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        bytes(96),
        GOOD[:48],
        GOOD[:95],
        GOOD[:150],
        GOOD[: -len(END) * 2],
        GOOD[:32] + struct.pack("<Q", 3) + GOOD[40:],
        shard([(SHA, [(XORB, 0, 1)])], flags=1 << 31),
        shard([(SHA, [(XORB, 0, 1)])], flags=1 << 30),
        shard([(SHA, [])]),
        shard([(SHA, [(XORB, 1, 1)])]),
        shard([(SHA, [(XORB, 2, 1)])]),
        GOOD[:84] + struct.pack("<I", 0xFFFFFFFF) + GOOD[88:],
    ],
    ids=range(13),
)
def test_what_no_client_writes(body):
    with pytest.raises(WeighbridgeError) as wrong:
        recipes(body)
    assert wrong.value.code == "E-hub-xorb"


def test_too_many_parts(monkeypatch):
    monkeypatch.setattr(xet_shard, "MOST_TERMS", 2)
    with pytest.raises(WeighbridgeError):
        recipes(GOOD)


@given(st.integers(0, len(GOOD)), st.binary(max_size=60))
def test_whatever_comes_is_read_or_refused(at, noise):
    try:
        found = recipes(GOOD[:at] + noise + GOOD[at + len(noise) :])
    except WeighbridgeError as error:
        assert error.code == "E-hub-xorb"  # noqa: PT017  (one of two outcomes)
    else:
        assert all(term.start < term.end for one in found for term in one.terms)
