"""The model card: `README.md` with a YAML front matter that declares license, base model and data.

Below it, and in what the Hub shows before a download, cards state limits to use in prose.
Sources: Hub documentation "Model Cards" and "Gated models" (keys of the front matter); huggingface_hub `repocard.py`.
"""

import re

from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.reader import Reader
from weighbridge.formats.stated_limits import limits
from weighbridge.model.budget import Budget
from weighbridge.model.source import ByteSource

OPENING = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,64}---[ \t]*\r?\n")
CLOSING = re.compile(rb"\n---[ \t]*(?:\r?\n|$)")
TELLING = re.compile(rb"\n(?:license|license_name|base_model|library_name|pipeline_tag|model-index|datasets)[ \t]*:")
FACTS: dict[str, str] = {
    "license": "license",
    "license_name": "license.name",
    "license_link": "license.link",
    "base_model": "base_model",
    "base_model_relation": "base_model.relation",
    "datasets": "dataset",
    "tags": "tags",
    "language": "languages",
    "library_name": "framework",
    "pipeline_tag": "task",
    "model_name": "name",
    "model_creator": "author",
    "quantized_by": "quantized_by",
}
LIMIT_FACT = "license.limit"
GATE = "extra_gated_"
LONGEST = 256 << 10
MOST_ITEMS = 64
MORE = "more values than are read"
"""Stands for what a list holds beyond that."""
DEEPEST = 6
LONGEST_TEXT = 500
MERGED = "<<"
BROKEN = re.compile(rb"(?m)^[ \t]{0,40}[\"']?(licen[cs]e(?:_name)?)[\"']?[ \t]*:[ \t]*([^\r\n]{1,200})", re.IGNORECASE)
"""Lines that name a license, for a front matter that is no YAML."""


def could_be(head: bytes) -> bool:
    """Tell whether the first bytes are a front matter with a key that model cards have."""
    return b"---" in head[:72] and OPENING.match(head) is not None and TELLING.search(head) is not None


def recognize(_source: ByteSource, head: bytes) -> bool:
    """Tell whether the first bytes are a front matter with a key that model cards have."""
    return could_be(head)


def _read(source: ByteSource, _budget: Budget, gathering: Gathering) -> None:
    from weighbridge.formats.yaml_events import YamlError, scalars  # costs 20 ms, and most scans meet no YAML

    text = source.read(0, min(source.size, LONGEST))
    opening = OPENING.match(text)
    closing = CLOSING.search(text, opening.end() - 1) if opening else None
    if opening is None or closing is None:
        _limits(gathering, text.decode("utf-8", "replace"), "text of the card")
        return
    values: dict[str, list[str]] = {}
    gate: list[str] = []
    try:
        for scalar in scalars(text[opening.end() : closing.start() + 1]):
            path = tuple(part for part in scalar.path if part != MERGED)
            key = path[0].lower() if path and isinstance(path[0], str) else ""  # people read `License` as `license`
            if key in FACTS and scalar.value and len(path) <= (DEEPEST if key.startswith("license") else 2):
                _add(values.setdefault(key, []), scalar.value[:LONGEST_TEXT], key)
            elif key.startswith(GATE):
                gate += [*(part for part in path[1:] if isinstance(part, str)), scalar.value, ". "]
    except YamlError:
        gathering.skipped.append("front matter: not plain YAML to its end")
        _lines(values, text, opening.end(), closing.start() + 1)
        gate.append(text[opening.end() : closing.start()].decode("utf-8", "replace"))
    start = closing.end()
    if (again := OPENING.match(text, start)) is not None and (end := CLOSING.search(text, again.end() - 1)) is not None:
        _lines(values, text, again.end(), end.start() + 1)  # a second document holds as the first does
    for key, items in values.items():
        value = items[0] if len(items) == 1 else tuple(items)
        gathering.fact(FACTS[key], value, f"model card front matter {key}")
    _limits(gathering, " ".join(gate), "what the card shows before a download")
    _limits(gathering, text[start:].decode("utf-8", "replace"), "text of the card")


def _limits(gathering: Gathering, text: str, source: str) -> None:
    found = tuple(limits(text))
    if found:
        gathering.fact(LIMIT_FACT, found[0] if len(found) == 1 else found, source)


def _lines(values: dict[str, list[str]], text: bytes, start: int, end: int) -> None:
    """Take the lines that name a license from what is not parsed."""
    for line in BROKEN.finditer(text, start, end):
        value = line[2].decode("utf-8", "replace").strip(" \t\"'[]{},")
        if value:
            key = line[1].decode().lower().replace("licenc", "licens")
            _add(values.setdefault(key, []), value, key)


def _add(items: list[str], value: str, key: str) -> None:
    """Keep every value once; of licenses, say where there are more than are kept."""
    if value not in items and len(items) < MOST_ITEMS:
        last = len(items) == MOST_ITEMS - 1 and key.startswith("license")
        items.append(MORE if last else value)


READER = Reader(
    id="model-card",
    title="Model card",
    recognize=recognize,
    read=gathered("model-card", _read, holds_model=False),
    could_be=could_be,
    begins=b"- \t\n\r\x0b\x0c\xef",
)
