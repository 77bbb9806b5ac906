"""What it costs to say which license a text is: `python -m bench.license_text`.

Processor time in one process, the median of five passes over the texts of the license corpus, by family; loading the
index is measured apart. Budget: 10 ms a text; hostile floods are bounded by the number of words that are looked at.
"""

import statistics
import time

from bench.paired import save
from tests.samples.license_registry import TEXTS

from weighbridge.licensing.identify_text import identify
from weighbridge.model.license import IdentifiedText, LicenseText

PASSES = 5


def _spent(text: str) -> float:
    start = time.process_time()
    answer: IdentifiedText = identify(LicenseText(source="LICENSE", text=text))
    assert answer.sha256
    return time.process_time() - start


def main() -> None:
    """Measure, print, save."""
    measured: dict[str, dict[str, float | int]] = {"index": {"texts": 1, "median": _spent("one"), "worst": 0.0}}
    families: dict[str, list[str]] = {}
    for case in TEXTS:
        families.setdefault(case.id.partition("/")[0], []).append(case.build())
    for family, texts in sorted(families.items()):
        passes = [[_spent(text) for text in texts] for _ in range(1 if family == "flood" else PASSES)]
        each = [statistics.median(times) for times in zip(*passes, strict=True)]
        measured[family] = {"texts": len(texts), "median": statistics.median(each), "worst": max(each)}
        print(family, measured[family], flush=True)
    save("license_text", {name: {key: round(value, 5) for key, value in row.items()} for name, row in measured.items()})


if __name__ == "__main__":
    main()
