"""The files of llama.cpp, whisper.cpp and their kin before GGUF: `ggml`, `ggmf`, `ggjt` 1 to 3, and `ggla` adapters.

There is no table: every tensor follows its own small header, so the walk goes from header to header and seeks over the
data. What stands between magic and first tensor differs by program; it is walked for the llama layout (which `ggmf`,
`ggjt` and `ggla` are) and taken as unknown for the others.
Sources: llama.cpp at `dadbed9` (last version before GGUF) `llama.cpp` (`llama_file_loader`), `llama-util.h`;
`convert-lora-to-ggml.py` for adapters; ggml `ggml.h` for block sizes.
"""

import struct

from weighbridge.formats.gathering import Gathering, StructureError, gathered
from weighbridge.formats.gguf_types import FILE_TYPES, TENSOR_TYPES, TensorType
from weighbridge.formats.quantization import mix_name
from weighbridge.formats.reader import Reader, Signature
from weighbridge.formats.tensor_table import Tensor, census, facts, shares
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Grade
from weighbridge.model.observation import Damage, Unread
from weighbridge.model.source import ByteSource

MAGICS: dict[bytes, str] = {b"lmgg": "ggml", b"fmgg": "ggmf", b"tjgg": "ggjt", b"algg": "ggla"}
"""As they stand in a file: the four letters, lowest byte first."""
VERSIONS: dict[str, tuple[int, ...]] = {"ggmf": (1,), "ggjt": (1, 2, 3), "ggla": (1,)}
TYPES: dict[int, TensorType] = {
    number: TENSOR_TYPES[number] for number in (0, 1, 2, 3, 6, 7, 8, 10, 11, 12, 13, 14, 15)
} | {4: TensorType("Q4_2", 16, 10), 5: TensorType("Q4_3", 16, 12)}
OLD_SIZES: dict[int, TensorType] = {
    2: TensorType("Q4_0", 32, 20),
    3: TensorType("Q4_1", 32, 24),
    8: TensorType("Q8_0", 32, 36),
}
"""Blocks held 32-bit scales up to `ggjt` 2."""
LARGEST_VOCABULARY = 1_000_000
LONGEST_TOKEN = 4096
LONGEST_NAME = 1024
MOST_TENSORS = 20_000
ALIGNMENT = 32
LAYOUTS = (
    (11, True, True),
    (6, False, True),
    (7, False, True),
    (7, False, False),
    (8, False, False),
    (8, False, True),
    (6, False, False),
    (9, False, False),
    (10, False, False),
)
"""Files with the magic `ggml`: how many numbers follow it (the first is the vocabulary), whether mel filters follow
those (whisper.cpp), and whether the vocabulary is counted once more (examples `gpt-2`, `gpt-j`, `mpt`, `dolly-v2`,
`starcoder` of ggml, or not: LLaMA, `gpt-neox`)."""
CHUNK = 256 << 10


class _Window:
    """Reads forward through a chunk."""

    __slots__ = ("_buffer", "_source", "_start", "position")

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self._buffer = b""
        self._start = 0
        self.position = 0

    def take(self, length: int) -> bytes:
        begin = self.position - self._start
        if begin < 0 or begin + length > len(self._buffer):
            self._buffer = self._source.read(self.position, max(length, CHUNK))
            self._start, begin = self.position, 0
        piece = self._buffer[begin : begin + length]
        if len(piece) < length:
            raise StructureError(Damage.TRUNCATED, "the file ends inside a header", self.position)
        self.position += length
        return piece

    def numbers(self, count: int) -> tuple[int, ...]:
        return struct.unpack(f"<{count}I", self.take(4 * count))


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether `source` begins with a magic and numbers that such a file can have."""
    family = MAGICS.get(head[:4])
    if family is None or len(head) < 12:
        return family is not None and source.size < 12 and len(head) > 4
    first = int.from_bytes(head[4:8], "little")
    return first < 0x1000000 if family == "ggml" else first <= 100


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    window = _Window(source)
    family = MAGICS.get(window.take(4))
    if family is None:
        raise StructureError(Damage.INVALID, "the magic is missing", 0)
    gathering.fact("family", family, "magic", Grade.MEASURED)
    version = 0
    if family in VERSIONS:
        (version,) = window.numbers(1)
        if version not in VERSIONS[family]:
            raise StructureError(Damage.INVALID, f"version {version} of {family} does not exist", 4)
        gathering.fact("format_version", f"{family} {version}", "header", Grade.MEASURED)
    if family == "ggml":
        # Whisper, GPT-2, GPT-J, LLaMA and others share this magic with layouts of their own: one of them must fit.
        tensors = _unversioned(source, budget)
        if tensors is None:
            gathering.observe(Unread(what="content", reason="no known layout of a file with this magic fits"))
            return
        _report(tensors, gathering)
        return
    if family == "ggla":
        rank, alpha = window.numbers(2)
        gathering.fact("type", "adapter", "magic", Grade.MEASURED)
        gathering.fact("adapter.rank", rank, "header")
        gathering.fact("adapter.alpha", alpha, "header")
    else:
        _llama_header(window, version, gathering, budget)
    _report(_tensors(source, window, family, version), gathering)


def _report(tensors: list[Tensor], gathering: Gathering) -> None:
    for fact in facts(tensors, "tensor headers"):
        gathering.fact(fact.name, fact.value, fact.source, fact.grade)
    name = mix_name(tensors)
    if name is not None:
        gathering.fact("quantization", name, f"tensor headers: {shares(census(tensors))}", Grade.MEASURED)
    gathering.skipped.append("tensor data: holds no code")


def _unversioned(source: ByteSource, budget: Budget) -> list[Tensor] | None:
    """Return the tensors of the first layout that fits the file to its last byte, None if none does."""
    for numbers, filters, counted in LAYOUTS:
        for version in (3, 1):
            window = _Window(source)
            window.position = 4
            try:
                (vocabulary, *_) = window.numbers(numbers)
                if filters:
                    rows, columns = window.numbers(2)
                    if rows * columns > LARGEST_VOCABULARY:
                        continue
                    window.take(4 * rows * columns)
                if counted:
                    (vocabulary,) = window.numbers(1)
                if vocabulary > LARGEST_VOCABULARY:
                    continue
                budget.spend("header items", vocabulary, budget.limits.items)
                for _ in range(vocabulary):
                    (length,) = window.numbers(1)
                    if length > LONGEST_TOKEN:
                        raise StructureError(Damage.INVALID, "no token", window.position)
                    window.take(length)
                tensors = _tensors(source, window, "ggjt" if version == 3 else "ggmf", version, aligned=False)
            except StructureError:
                continue
            if tensors:
                return tensors
    return None


def _llama_header(window: _Window, version: int, gathering: Gathering, budget: Budget) -> None:
    vocabulary, width, _, heads, layers, _, file_type = window.numbers(7)
    if vocabulary > LARGEST_VOCABULARY or not heads or width % max(heads, 1) or layers > 10_000:
        raise StructureError(Damage.CONTRADICTION, "the sizes of the model are impossible", 8)
    gathering.fact("architecture", "llama", "magic")
    gathering.fact("vocabulary", vocabulary, "header")
    gathering.fact("embedding_length", width, "header")
    gathering.fact("block_count", layers, "header")
    gathering.fact("quantization", FILE_TYPES.get(file_type % 1000, f"file type {file_type}"), "header")
    budget.spend("header items", vocabulary, budget.limits.items)
    for _ in range(vocabulary):
        (length,) = window.numbers(1)
        if length > LONGEST_TOKEN:
            raise StructureError(Damage.CONTRADICTION, f"a token claims {length} bytes", window.position)
        window.take(length + 4)


def _tensors(source: ByteSource, window: _Window, family: str, version: int, *, aligned: bool = True) -> list[Tensor]:
    tensors: list[Tensor] = []
    names: set[bytes] = set()
    types = TYPES | OLD_SIZES if family == "ggmf" or (family == "ggjt" and version < 3) else TYPES
    while window.position < source.size:
        at = window.position
        dimensions, length, number = window.numbers(3)
        if dimensions > 4 or length > LONGEST_NAME or len(tensors) >= MOST_TENSORS:
            raise StructureError(Damage.CONTRADICTION, "what follows is no tensor", at)
        shape = window.numbers(dimensions)[::-1]
        name = window.take(length)
        if name in names:
            raise StructureError(Damage.CONTRADICTION, "two tensors have the same name", at)
        names.add(name)
        tensor_type = types.get(number)
        if tensor_type is None:
            raise StructureError(Damage.INVALID, f"tensor type {number} does not exist", at)
        tensor = Tensor(name.decode("utf-8", "backslashreplace"), tensor_type.name, shape)
        if aligned and family in ("ggjt", "ggla"):
            window.position += -window.position % ALIGNMENT
        size = tensor.elements // tensor_type.block * tensor_type.size
        if window.position + size > source.size:
            damage = Damage.TRUNCATED if size < 1 << 40 else Damage.CONTRADICTION
            raise StructureError(damage, f"a tensor of {size} bytes does not fit into the file", at)
        window.position += size
        tensors.append(tensor)
    return tensors


READER = Reader(
    id="ggml",
    title="GGML (before GGUF)",
    recognize=recognize,
    read=gathered("ggml", _read),
    signatures=tuple(Signature(magic=magic) for magic in MAGICS),
)
