"""The section of the scorecard about lineage: every pair of tests/samples/lineage_cases.py, counted by family."""

from tests.samples.lineage_cases import RELATED, pairs
from tests.samples.lineage_sums import sums

HEAD = """
## Lineage

Pairs of small synthetic models with seeded random weights, compared as `wb lineage` does. *Related* pairs should be
recognized, strangers should not; *right answer* means that the kind of relation is told as well. Limits:
[lineage](../explanation/lineage.md).

| Family | Pairs | Related | Called related | Right answer |
|---|--:|--:|--:|--:|
"""
SUMS = """
Sums of models, against two to four candidates: parents that should be named, with shares within 0.05 of the true ones.
*no-sum* are models that look like sums and are none.

| Family | Cases | Parents named | A wrong parent | Shares right |
|---|--:|--:|--:|--:|
"""


def section() -> str:
    """Return the section."""
    families: dict[str, list[int]] = {}
    for pair in pairs():
        answer = pair.answer()
        for name in (pair.id.partition("/")[0], "**all**"):
            counts = families.setdefault(name, [0, 0, 0, 0])
            for at, true in enumerate((True, pair.related, answer in RELATED, answer in pair.right)):
                counts[at] += true
    rows = sorted(families.items(), key=lambda item: (item[0] == "**all**", item[0]))
    pairs_table = "".join(f"| {name} | {' | '.join(map(str, counts))} |\n" for name, counts in rows)
    return HEAD + pairs_table + _sums()


def _sums() -> str:
    families: dict[str, list[int]] = {}
    for case in sums():
        answer = case.answer()
        parents = set(dict(case.shares))
        right = (True, answer.keys() >= parents, bool(answer.keys() - parents), case.is_right(answer))
        for name in (case.id.partition("/")[0], "**all**"):
            counts = families.setdefault(name, [0, 0, 0, 0])
            for at, true in enumerate(right):
                counts[at] += true
    rows = sorted(families.items(), key=lambda item: (item[0] == "**all**", item[0]))
    return SUMS + "".join(f"| {name} | {' | '.join(map(str, counts))} |\n" for name, counts in rows)
