"""Pairs of models of which we know how they are related, and what a good answer is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from tests.samples.lineage_models import (
    as_gguf,
    as_safetensors,
    channels_permuted,
    grafted,
    in_parts,
    layers_from,
    mixed,
    model,
    neurons_permuted,
    resized_vocabulary,
    tuned,
    with_adapter,
)
from weighbridge.lineage.likeness import RELATIONS, Answer
from weighbridge.lineage.sketch import Sketch, sketch
from weighbridge.model.source import BytesSource

QUANTIZATIONS = ("Q8_0", "Q6_K", "Q5_1", "Q5_0", "Q4_K", "Q4_1", "Q4_0", "IQ4_NL", "Q2_K")
CLOSE = frozenset({Answer.SAME, Answer.QUANTIZED, Answer.ADAPTER, Answer.FINE_TUNED})
RELATED = frozenset(RELATIONS)
STRANGERS = frozenset({Answer.NONE, Answer.OTHER_ARCHITECTURE})


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two models, each one file or several parts, and the answers that are right."""

    id: str
    first: Callable[[], bytes | tuple[bytes, ...]]
    second: Callable[[], bytes | tuple[bytes, ...]]
    right: frozenset[Answer]

    @property
    def related(self) -> bool:
        """Whether one was made from the other."""
        return not self.right & STRANGERS

    def answer(self) -> Answer:
        """Return what is said about the pair."""
        from weighbridge.lineage.likeness import likeness

        return likeness(sketched(self.first()), self.sketch_of_second()).answer

    def sketch_of_second(self) -> Sketch:
        """Return the sketch of the second model."""
        return _second(self.second)


@lru_cache(2)
def _second(write: Callable[[], bytes | tuple[bytes, ...]]) -> Sketch:
    """Return a sketch that is made once: most pairs of a family have one of two models as their second."""
    return sketched(write())


def sketched(content: bytes | tuple[bytes, ...]) -> Sketch:
    """Return the sketch of a model in one file or in several parts."""
    return sketch([BytesSource(part) for part in (content if isinstance(content, tuple) else (content,))])


def _pairs(seed: int) -> Iterator[tuple[str, Callable[[], bytes], Callable[[], bytes], frozenset[Answer]]]:
    base, other, third = model(seed), model(seed + 1000), model(seed + 2000)

    def original() -> bytes:
        return as_gguf(base)

    def published() -> bytes:
        return as_safetensors(base)

    def pair(name, weights, right, against=original, write=as_gguf):
        return name, lambda: write(weights), against, frozenset(right)

    for kind in QUANTIZATIONS:
        yield f"quantized/{kind}", (lambda kind=kind: as_gguf(base, kind)), original, frozenset({Answer.QUANTIZED})
        converted = lambda kind=kind: as_gguf(base, kind, permute=True)  # noqa: E731  (a pair of its own each time)
        yield f"across-formats/{kind}", converted, published, frozenset({Answer.QUANTIZED})
    yield "same/container", (lambda: as_gguf(base, permute=True)), published, frozenset({Answer.SAME})
    yield "same/bf16", (lambda: as_safetensors(base, "BF16")), published, CLOSE
    adapter = with_adapter(base)
    yield pair("adapter/f16", adapter, {Answer.ADAPTER})
    yield "adapter/q4", (lambda: as_gguf(adapter, "Q4_0")), original, CLOSE
    yield "adapter/across", (lambda: as_gguf(adapter, "Q8_0", permute=True)), published, CLOSE
    for share in (0.01, 0.05, 0.3):
        yield pair(f"fine-tuned/{share}", tuned(base, share), {Answer.FINE_TUNED})
        yield f"fine-tuned/{share}-q4", (lambda share=share: as_gguf(tuned(base, share), "Q4_K")), original, CLOSE
    yield pair("trained-far/1.0", tuned(base, 1.0), {Answer.MERGED})
    yield pair("merged/50-50", mixed((0.5, base), (0.5, other)), {Answer.MERGED})
    yield pair("merged/80-20", mixed((0.8, base), (0.2, other)), {Answer.MERGED, Answer.FINE_TUNED})
    yield pair("merged/20-80", mixed((0.2, base), (0.8, other)), {Answer.MERGED})
    yield pair("merged/three", mixed((0.34, base), (0.33, other), (0.33, third)), {Answer.MERGED})
    yield pair("grafted/half", grafted(base, other, range(2)), {Answer.GRAFTED})
    yield pair("grafted/one", grafted(base, other, range(1)), {Answer.GRAFTED})
    yield pair("grafted/three", grafted(base, other, range(3)), {Answer.GRAFTED})
    repeated = layers_from(*((base, number) for number in (0, 1, 2, 3, 2, 3)))
    yield pair("grafted/repeated-layers", repeated, {Answer.GRAFTED})
    stacked = layers_from((other, 0), (other, 1), *((base, number) for number in range(4)))
    yield pair("grafted/at-other-places", stacked, {Answer.GRAFTED})
    yield pair("grafted/pruned", layers_from((base, 0), (base, 1), (base, 3)), RELATED)
    yield "set/parts", (lambda: in_parts(base, 3)), published, frozenset({Answer.SAME})
    split = lambda: in_parts(base, 4, lambda part: as_gguf(part, "Q8_0"))  # noqa: E731  (a pair of its own)
    yield "set/split-gguf", split, original, frozenset({Answer.QUANTIZED})
    yield "set/stranger", (lambda: in_parts(other, 3)), published, frozenset({Answer.NONE})
    yield pair("permuted/layers", layers_from(*((base, number) for number in (3, 1, 0, 2))), {Answer.PERMUTED})
    yield pair("permuted/neurons", neurons_permuted(base), RELATED)
    yield pair("permuted/channels", channels_permuted(base), {Answer.PERMUTED})
    yield pair("rescaled/all", {name: value * 3 for name, value in base.items()}, RELATED)
    renamed = lambda: as_safetensors(base, names=lambda name: f"x{hash_of(name)}")  # noqa: E731  (as above)
    yield "renamed/all", renamed, published, RELATED
    yield pair("vocabulary/extended", resized_vocabulary(base, 400), RELATED)
    yield pair("vocabulary/cut", resized_vocabulary(base, 288), RELATED)
    for number in range(6):
        yield pair(f"stranger/same-shape-{number}", model(seed + 5000 + number), {Answer.NONE})
    yield pair("stranger/q4", other, {Answer.NONE}, write=lambda weights: as_gguf(weights, "Q4_0"))
    yield pair("stranger/across", other, {Answer.NONE}, published)
    yield pair("stranger/other-shape", model(seed, hidden=512), {Answer.OTHER_ARCHITECTURE, Answer.NONE})
    yield pair("stranger/more-layers", model(seed + 3000, layers=6), {Answer.NONE})
    yield pair("stranger/mixture", mixed((0.5, other), (0.5, third)), {Answer.NONE})
    yield pair("stranger/tuned", tuned(other, 0.3), {Answer.NONE})


def hash_of(name: str) -> str:
    """Return a name that tells nothing about `name`."""
    import hashlib

    return hashlib.sha256(name.encode()).hexdigest()[:12]


def pairs(families: tuple[int, ...] = (1, 2, 3)) -> Iterator[Pair]:
    """Return every pair, made from three families of weights."""
    for seed in families:
        for name, first, second, right in _pairs(seed):
            yield Pair(id=f"{name}/{seed}", first=first, second=second, right=right)
