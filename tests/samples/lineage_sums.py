"""Models that are sums of others, with the true shares, and models that look like sums and are none."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.samples.lineage_cases import sketched
from tests.samples.lineage_models import as_gguf, as_safetensors, grafted, mixed, model, tuned, with_adapter
from weighbridge.lineage.likeness import likeness
from weighbridge.lineage.parents import mixture
from weighbridge.lineage.sketch import Sketch

CLOSE_ENOUGH = 0.05
"""Largest error of a share."""


@dataclass(frozen=True, kw_only=True)
class Sum:
    """A model, what it may be made from, and the shares that are right; none for a model that is no sum."""

    id: str
    child: Callable[[], bytes]
    candidates: tuple[Sketch, ...]
    shares: tuple[tuple[int, float], ...]

    def answer(self) -> dict[int, float]:
        """Return the share of each parent by its place among the candidates."""
        child = sketched(self.child())
        found = mixture(child, [(one, likeness(child, one)) for one in self.candidates])
        return {} if found is None else {parent.candidate: parent.share for parent in found.parents}

    def is_right(self, answer: dict[int, float]) -> bool:
        """Tell whether the same parents are named, with about the same shares."""
        wanted = dict(self.shares)
        return wanted.keys() == answer.keys() and all(
            abs(wanted[place] - share) <= CLOSE_ENOUGH for place, share in answer.items()
        )


def _sums(seed: int) -> Iterator[tuple[str, Callable[[], bytes], tuple[Sketch, ...], dict[int, float]]]:
    first, second, third, stranger = (model(seed + more) for more in (0, 1000, 2000, 3000))
    family = tuple(tuned(first, 0.1, seed * 10 + number) for number in range(3))

    def written(weights, kind="F16"):
        return lambda: as_gguf(weights, kind)

    def made(*models):
        return tuple(sketched(as_gguf(weights)) for weights in models)

    unrelated = made(first, second, third, stranger)
    related = made(first, *family)

    for share in (0.2, 0.5, 0.6):
        for kind in ("F16", "Q8_0", "Q4_0"):
            weights = mixed((share, first), (1 - share, second))
            yield f"two/{share}-{kind}", written(weights, kind), unrelated, {0: share, 1: 1 - share}
    weights = mixed((0.5, first), (0.3, second), (0.2, third))
    yield "three/F16", written(weights), unrelated, {0: 0.5, 1: 0.3, 2: 0.2}
    yield "three/Q4_K", written(weights, "Q4_K"), unrelated, {0: 0.5, 1: 0.3, 2: 0.2}
    published = lambda: as_safetensors(mixed((0.7, first), (0.3, second)))  # noqa: E731  (as the others)
    yield "two/across-formats", published, unrelated, {0: 0.7, 1: 0.3}
    weights = mixed((0.6, family[0]), (0.4, family[1]))
    yield "fine-tunes/F16", written(weights), related, {1: 0.6, 2: 0.4}
    yield "fine-tunes/Q8_0", written(weights, "Q8_0"), related, {1: 0.6, 2: 0.4}
    weights = mixed((0.4, family[0]), (0.3, family[1]), (0.3, family[2]))
    yield "fine-tunes/three", written(weights), related, {1: 0.4, 2: 0.3, 3: 0.3}
    held = 14 / 30
    yield "layers/half", written(grafted(first, second, range(2))), unrelated, {0: 1 - held, 1: held}
    middle = tuned(first, 0.1, seed * 10 + 5)
    for name, weights, candidates in (
        ("stranger", stranger, unrelated[:3]),
        ("tuned", tuned(first, 0.05, 7), related),
        ("tuned-twice", tuned(family[0], 0.05, 7), related),
        ("tuned-far", tuned(first, 1.0, 7), related),
        ("adapter", with_adapter(first), related),
        ("sibling", tuned(middle, 0.1, 8), (related[0], *made(tuned(middle, 0.1, 9)), related[1])),
        ("its-parent", first, (*made(mixed((0.6, first), (0.4, second))), unrelated[1])),
        ("its-copy", first, unrelated),
    ):
        yield f"no-sum/{name}", written(weights), candidates, {}


def sums() -> Iterator[Sum]:
    """Return every case, made from three families of weights."""
    for seed in (1, 2, 3):
        for name, child, candidates, shares in _sums(seed):
            yield Sum(id=f"{name}/{seed}", child=child, candidates=candidates, shares=tuple(shares.items()))
