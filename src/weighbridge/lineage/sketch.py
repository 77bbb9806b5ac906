"""A sketch of weights: a few kilobytes that tell whether two models have an ancestor in common.

It holds a digest of the shapes, short digests of the norms, and sampled values of every matrix. The same positions are
sampled in every file, whatever its quantization: three windows of 256 values a matrix, so that a block of any type is
read whole and nothing else is. Norms are exact: converters keep them in 32-bit floats (llama.cpp
`convert_hf_to_gguf.py`, rule for one dimension), so they are equal between quantizations and after merging an adapter
that leaves them alone.
Limits: 16 KB a sketch, `MOST_MATRICES` matrices, `MOST_NORMS` norms.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from weighbridge.lineage.dequantize import block, numbers
from weighbridge.lineage.names import EMBEDDINGS, canonical
from weighbridge.lineage.tensors import Located, Table, locate
from weighbridge.model.record import record
from weighbridge.model.source import ByteSource, LimitReached, SourceError

MOST_MATRICES = 312
MOST_NORMS = 320
MOST_VALUES = 5_000
"""Sampled values in all; each takes two bytes."""
MOST_EACH = 64
SMALLEST_MATRIX = 1024
"""Values: fewer say too little."""
LONGEST_NORM = 65_536
WINDOW = 256
WINDOWS = 3
MOST_NORM_READS = 640
LONGEST_NAME = 64
"""A longer name is kept as its digest."""
MOST_REASONS = 8
LARGEST = 16_384
"""Bytes that a sketch may take when it is kept."""
_ROOM = 600
"""Bytes of that for everything but names, sizes, norms and numbers."""
EMBEDDING_ROWS = 256
"""Rows of a vocabulary that are sampled from: it may grow or be cut at its end."""


@record
class Sketch:
    """What is kept of one model's weights."""

    container: str
    architecture: str
    shapes: str
    """Digest of canonical names and shapes: 16 hex digits."""
    names: tuple[str, ...]
    """Canonical names of the sampled matrices, sorted."""
    dtypes: tuple[str, ...]
    dimensions: tuple[tuple[int, int], ...]
    """Rows and columns of each."""
    each: int
    """Sampled values of each matrix."""
    values: bytes
    """16-bit floats, `each` a matrix, as shares of the largest."""
    scales: bytes
    """32-bit floats: the largest value of each matrix."""
    norms: tuple[tuple[str, str], ...] = ()
    """Canonical name and digest (8 hex digits) of every norm that is not constant."""
    sorted_norms: str = ""
    """Digest of all norms with their values sorted: equal after a permutation of the neurons."""
    left_out: tuple[str, ...] = ()
    """What could not be compared and why."""


def sketch(sources: Sequence[ByteSource]) -> Sketch:
    """Return the sketch of a model in one file, or in several parts. Raises `NoTable`."""
    return of_table(locate(sources))


def of_table(table: Table) -> Sketch:
    """Return the sketch of the tensors in `table`."""
    named = {_bounded(canonical(tensor.name)): tensor for tensor in table.tensors}
    reasons: dict[str, int] = {}
    matrices = _chosen(((name, one) for name, one in named.items() if _is_matrix(one)), MOST_MATRICES, reasons)
    each = max(16, min(MOST_EACH, MOST_VALUES // max(1, len(matrices))))
    kept: list[tuple[str, Located]] = []
    rows: list[NDArray[np.float32]] = []
    for name, tensor in matrices:
        sampled = _sampled(name, tensor, each)
        if isinstance(sampled, str):
            reasons[sampled] = reasons.get(sampled, 0) + 1
        else:
            kept.append((name, tensor))
            rows.append(sampled)
    values = np.array(rows, dtype=np.float32).reshape(len(rows), each)
    scales = np.abs(values).max(axis=1, initial=0) if rows else np.zeros(0, dtype=np.float32)
    shares = (values / scales[:, None]).astype("<f2") if rows else values
    norms, in_order = _norms(named)
    said = [f"{count} of {len(matrices)} matrices: {reason}" for reason, count in sorted(reasons.items())]
    if len(said) > MOST_REASONS:
        said[MOST_REASONS:] = [f"more, for {len(said) - MOST_REASONS} other reasons"]
    made = Sketch(
        container=table.container,
        architecture=table.architecture,
        shapes=_shapes(named),
        names=tuple(name for name, _ in kept),
        dtypes=tuple(tensor.dtype for _, tensor in kept),
        dimensions=tuple(_dimensions(tensor) for _, tensor in kept),
        each=each,
        values=shares.tobytes(),
        scales=scales.astype("<f4").tobytes(),
        norms=norms,
        sorted_norms=in_order,
        left_out=tuple(said),
    )
    return _fitting(made)


def _bounded(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else _digest(name)


def _digest(name: str) -> str:
    return "#" + hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:8]


def _fitting(sketch: Sketch) -> Sketch:
    """Return `sketch` with short names, fewer norms, then fewer matrices, until it takes no more than `LARGEST`."""
    if _room(sketch) <= LARGEST:
        return sketch
    sketch = replace(
        sketch,
        names=tuple(map(_digest, sketch.names)),
        norms=tuple((_digest(name), digest) for name, digest in sketch.norms),
    )
    while _room(sketch) > LARGEST and sketch.norms:
        sketch = replace(sketch, norms=sketch.norms[: len(sketch.norms) * 3 // 4])
    count = len(sketch.names)
    while _room(sketch) > LARGEST and count:
        count = count * 3 // 4
        sketch = replace(
            sketch,
            names=sketch.names[:count],
            dtypes=sketch.dtypes[:count],
            dimensions=sketch.dimensions[:count],
            values=sketch.values[: 2 * sketch.each * count],
            scales=sketch.scales[: 4 * count],
        )
    return replace(sketch, left_out=(*sketch.left_out, "names and norms that no sketch has room for"))


def _room(sketch: Sketch) -> int:
    """Return how many bytes `sketch` takes when it is kept, at most."""
    words = json.dumps([sketch.names, sketch.dtypes, sketch.dimensions, sketch.norms], separators=(",", ":"))
    return len(zlib.compress(words.encode("ascii"), 9)) + len(sketch.values) + len(sketch.scales) + _ROOM


def _is_matrix(tensor: Located) -> bool:
    return len(tensor.shape) >= 2 and _count(tensor.shape) >= SMALLEST_MATRIX


def _count(shape: Iterable[int]) -> int:
    count = 1
    for one in shape:
        count *= one
    return count


def _chosen(tensors: Iterable[tuple[str, Located]], most: int, reasons: dict[str, int]) -> list[tuple[str, Located]]:
    """Return at most `most` tensors sorted by name: the same ones of every file with these names."""
    found = sorted(tensors, key=lambda item: hashlib.sha256(item[0].encode("utf-8", "replace")).digest())
    if len(found) > most:
        reasons[f"only {most} of {len(found)} are sampled"] = len(found) - most
    return sorted(found[:most], key=lambda item: item[0])


def _dimensions(tensor: Located) -> tuple[int, int]:
    """Return rows and columns; of a stack of experts, those of the first."""
    shape = tensor.shape
    if len(shape) == 3:
        return shape[1], shape[2]
    return shape[0], _count(shape[1:])


def _sampled(name: str, tensor: Located, each: int) -> NDArray[np.float32] | str:
    """Return `each` values of a matrix, or why there are none."""
    kind = block(tensor.dtype)
    if kind is None:
        return f"numbers of type {tensor.dtype} cannot be compared"
    length, size = kind
    rows, columns = _dimensions(tensor)
    if columns % length:
        return "rows are not whole blocks"
    if name in EMBEDDINGS:
        rows = min(rows, EMBEDDING_ROWS)
    windows = []
    for row, column in _positions(rows, columns):
        at = (row * columns + column) // length * size
        wanted = -(-min(WINDOW, columns - column) // length) * size
        try:
            raw = tensor.source.read(tensor.offset + at, wanted)
        except (SourceError, LimitReached):
            return "the bytes could not be read"
        if len(raw) < wanted:
            return "the file ends before them"
        windows.append(numbers(tensor.dtype, raw))
    picked = np.arange(each)
    # Steps of 11 are coprime to the window, so that no value comes twice among 64.
    values = np.stack([window[np.arange(-(-each // WINDOWS)) * 11 % len(window)] for window in windows])
    chosen = values[picked % WINDOWS, picked // WINDOWS]
    if not np.isfinite(chosen).all():
        return "they hold values that are no numbers"
    if float(np.ptp(chosen)) <= 1e-30:
        return "they are constant"
    return chosen


def _positions(rows: int, columns: int) -> list[tuple[int, int]]:
    """Return row and column of each window. They depend on the size alone, so a renamed tensor is sampled alike."""
    positions = []
    for number in range(WINDOWS):
        seed = hashlib.sha256(b"%d" % number).digest()
        row = int.from_bytes(seed[:8], "little") % rows
        places = max(1, columns // WINDOW)
        positions.append((row, int.from_bytes(seed[8:16], "little") % places * WINDOW))
    return positions


def _norms(named: dict[str, Located]) -> tuple[tuple[tuple[str, str], ...], str]:
    found: list[tuple[str, str]] = []
    together = hashlib.sha256()
    reads = 0
    for name in sorted(named)[: MOST_NORMS * 40]:
        tensor = named[name]
        kind = block(tensor.dtype)
        if len(tensor.shape) != 1 or kind is None or kind[0] != 1 or not name.endswith("norm.weight"):
            continue
        if not 16 <= tensor.shape[0] <= LONGEST_NORM or len(found) >= MOST_NORMS or reads >= MOST_NORM_READS:
            continue
        reads += 1
        try:
            raw = tensor.source.read(tensor.offset, tensor.size)
        except (SourceError, LimitReached):
            continue
        values = numbers(tensor.dtype, raw)
        if len(values) < tensor.shape[0] or not np.isfinite(values).all() or len(np.unique(values)) < 8:
            continue
        found.append((name, hashlib.sha256(values.tobytes()).hexdigest()[:8]))
        together.update(np.sort(values).tobytes())
    return tuple(found), together.hexdigest()[:16] if found else ""


def _shapes(named: dict[str, Located]) -> str:
    hashed = hashlib.sha256()
    for name in sorted(named):
        hashed.update(f"{name}|{named[name].shape}\n".encode("utf-8", "replace"))
    return hashed.hexdigest()[:16]
