"""LightGBM models: text that begins with the line `tree`.

Source: `src/boosting/gbdt_model_text.cpp` of LightGBM (header keys, `tree_sizes`, `end of trees`).
"""

import re

from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.reader import Reader, Signature
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Damage
from weighbridge.model.source import ByteSource

_HEAD = 1 << 20
_TAIL = 64 << 10
_TREES = 4 << 20
"""This much of the trees is checked; more of the same says nothing new about the file."""
_FACTS = {"version": "format_version", "objective": "objective", "num_class": "classes", "max_feature_idx": "features"}


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether the text header of LightGBM stands here."""
    lines = head[:4096].replace(b"\r\n", b"\n")
    return lines.startswith(b"tree\n") and (b"\nversion=v" in lines or b"\nnum_class=" in lines)


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    header = source.read(0, _HEAD).replace(b"\r\n", b"\n").split(b"\n\n", 1)[0]
    gathering.fact("producer", "lightgbm", "format")
    gathering.fact("architecture", "gradient boosted trees", "format")
    for line in header.split(b"\n")[1:]:
        name, _, value = line.partition(b"=")
        key = name.decode("utf-8", "backslashreplace")
        if key in _FACTS:
            gathering.fact(_FACTS[key], value[:200].decode("utf-8", "backslashreplace"), key)
        elif key == "tree_sizes":
            _sizes(value, source, gathering)
    tail = source.read(max(0, source.size - _TAIL), _TAIL)
    if b"end of trees" not in tail and b"end of parameters" not in tail and b"pandas_categorical" not in tail:
        gathering.damaged(Damage.TRUNCATED, "the end of the trees is missing", source.size)
    _trees(source, header, budget, gathering)
    gathering.skipped.append("values of the trees: hold numbers only")


def _trees(source: ByteSource, header: bytes, budget: Budget, gathering: Gathering) -> None:
    """Check that children and features that the first trees name exist: the library uses them without looking."""
    features = _number(header, b"max_feature_idx")
    text = source.read(0, _TREES).replace(b"\r\n", b"\n")
    complete = source.size <= _TREES
    blocks = text.split(b"\nTree=")[1:]
    for index, block in enumerate(blocks if complete else blocks[:-1]):
        budget.spend("trees", 1, budget.limits.items)
        body = block.split(b"\n\n", 1)[0]
        leaves = _number(body, b"num_leaves")
        if leaves is None or not 1 <= leaves <= len(body):
            gathering.damaged(
                Damage.CONTRADICTION, f"tree {index} has an impossible number of leaves", key="num_leaves"
            )
            return
        bounds = {b"left_child": (-leaves, leaves - 2), b"right_child": (-leaves, leaves - 2)}
        if features is not None:
            bounds[b"split_feature"] = (0, features)
        for line in body.split(b"\n"):
            name, _, value = line.partition(b"=")
            if name in bounds and not _within(value, leaves - 1, *bounds[name]):
                reason = f"tree {index} names nodes or features that do not exist"
                gathering.damaged(Damage.CONTRADICTION, reason, key=name.decode())
                return


def _number(text: bytes, name: bytes) -> int | None:
    found = re.search(rb"(?m)^" + name + rb"=(-?[0-9]{1,12})$", text)
    return int(found[1]) if found is not None else None


def _within(value: bytes, count: int, least: int, most: int) -> bool:
    items = value.split()
    return len(items) == count and all(
        len(item) < 13 and item.removeprefix(b"-").isdigit() and least <= int(item) <= most for item in items
    )


def _sizes(value: bytes, source: ByteSource, gathering: Gathering) -> None:
    sizes = value.split()
    if any(not size.isdigit() or len(size) > 15 for size in sizes):
        gathering.damaged(Damage.INVALID, "a tree size is no number", key="tree_sizes")
        return
    gathering.fact("trees", len(sizes), "tree_sizes")
    if sum(int(size) for size in sizes) > source.size:
        gathering.damaged(Damage.TRUNCATED, "the trees are longer than the file", key="tree_sizes")


READER = Reader(
    id="lightgbm",
    title="LightGBM",
    recognize=recognize,
    read=gathered("lightgbm", _read),
    signatures=(Signature(magic=b"tree\n"), Signature(magic=b"tree\r\n")),
)
