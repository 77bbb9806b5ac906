"""The section of the scorecard about lineage: every pair of tests/samples/lineage_cases.py, counted by family."""

from tests.samples.lineage_cases import RELATED, pairs

HEAD = """
## Lineage

Pairs of small synthetic models with seeded random weights, compared as `wb lineage` does. *Related* pairs should be
recognized, strangers should not; *right answer* means that the kind of relation is told as well. Limits:
[lineage](../explanation/lineage.md).

| Family | Pairs | Related | Called related | Right answer |
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
    return HEAD + "".join(f"| {name} | {' | '.join(map(str, counts))} |\n" for name, counts in rows)
