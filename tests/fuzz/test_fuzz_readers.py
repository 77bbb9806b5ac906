"""Every registered reader on damaged samples and on noise: it may give up, it may not crash, hang or swell."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz.corpus import seeds
from tests.fuzz.looking import look
from tests.fuzz.mutations import mutate
from tests.fuzz.swelling import swelling

from weighbridge.formats.reader import TAIL_BYTES, Reader
from weighbridge.formats.registry import READERS
from weighbridge.model.budget import Budget
from weighbridge.model.source import BytesSource
from weighbridge.pipeline.inspect import INDEX, inspect
from weighbridge.pipeline.judge import judged

MOST_MEMORY = 128 << 20
"""An LZMA dictionary of 80 MB is within what a reader may take."""


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.id)
def test_damaged_samples_neither_crash_nor_swell(reader: Reader) -> None:
    samples = seeds()[reader.id]
    everything = [sample for found in seeds().values() for sample in found[:2]] or [b""]

    @given(st.randoms(use_true_random=False))
    def damaged(randomness: Random) -> None:
        seed = randomness.choice(samples) if samples else randomness.randbytes(200)
        look(reader, mutate(seed, randomness.choice(everything), randomness))

    with swelling() as peak:
        damaged()
    assert peak() < MOST_MEMORY


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.id)
@given(content=st.binary(max_size=300))
def test_noise_does_not_crash(reader: Reader, content: bytes) -> None:
    look(reader, content)
    for signature in reader.signatures[:2]:
        look(reader, bytes(signature.offset) + signature.magic + content)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.id)
def test_every_prefix_of_a_sample_is_survived(reader: Reader) -> None:
    for sample in seeds()[reader.id][:3]:
        for end in {*range(min(len(sample), 64)), *range(0, len(sample), max(1, len(sample) // 60))}:
            look(reader, sample[:end])


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.id)
def test_every_reader_has_a_sample(reader: Reader) -> None:
    assert seeds()[reader.id], f"no case of tests/samples is claimed by {reader.id}: its fuzzing starts from noise"


@given(st.randoms(use_true_random=False))
def test_whole_inspection_never_raises(randomness: Random) -> None:
    everything = [sample for found in seeds().values() for sample in found] or [b""]
    seed = randomness.choice(everything)
    content = mutate(seed, randomness.choice(everything), randomness)
    name = randomness.choice((b"", b"model.gguf", b"model.pt", b"a.safetensors", b"x.zip", b"m.keras", b"y.joblib"))
    for item in inspect(BytesSource(content, name), lambda _parser, _payload: b"{}", Budget()):
        findings, _assessment = judged(item)
        assert all(len(finding.message) < 2000 for finding in findings)


def test_the_index_takes_any_head() -> None:
    randomness = Random(3)
    for _ in range(300):
        head = randomness.randbytes(randomness.randint(0, 400))
        INDEX.candidates(head, head[-TAIL_BYTES:])


def test_swelling_would_be_seen() -> None:
    with swelling() as peak:
        b"x" * (2 * MOST_MEMORY)
    assert peak() > MOST_MEMORY
