"""GGUF: the format of llama.cpp, Ollama, LM Studio and most local runtimes. Versions 1 to 3, both byte orders.

Only the header is read: key-value pairs and tensor table. Its length does not depend on the size of the weights.
Facts: what the keys declare (`gguf_facts`), and measured from the table: parameters, census of tensor types, the
quantization that this census amounts to, digests of tokenizer, chat templates and tensor table.
Observations: whatever contradicts the format; declared and measured quantization that disagree. Every chat template is
handed to the isolated Jinja parser: llama-cpp-python rendered it unconfined once (CVE-2024-34359).
Source: ggml `docs/gguf.md`; ggml `gguf.cpp`.
"""

from weighbridge.formats.gguf_facts import header_facts
from weighbridge.formats.gguf_header import MAGIC, VERSIONS, Broken, Header, HeaderReader
from weighbridge.formats.gguf_tensors import DEFAULT_ALIGNMENT, Entry, check_layout, read_table
from weighbridge.formats.gguf_types import FILE_TYPES, file_type_bits
from weighbridge.formats.quantization import bits_per_value, mix_name
from weighbridge.formats.reader import IsolatedRequest, Reader, Reading, Signature
from weighbridge.formats.tensor_table import Tensor, census, facts, shares
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.observation import Damage, Malformed, Observation, stopped
from weighbridge.model.source import ByteSource, LimitReached
from weighbridge.model.weights import QuantizationMismatch

NEWEST_PLAUSIBLE_VERSION = 0xFFFF
LARGEST_ALIGNMENT = 1 << 30


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether `source` is GGUF: the magic and a version number that is not ordinary text."""
    if not head.startswith(MAGIC):
        return False
    if len(head) < 8:
        return source.size < 8
    version = head[4:8]
    return min(int.from_bytes(version, "little"), int.from_bytes(version, "big")) <= NEWEST_PLAUSIBLE_VERSION


def read(source: ByteSource, budget: Budget) -> Reading:
    """Return facts and observations of the header; raises `SourceError` only.

    A header that breaks off or passes a limit still yields what was read before.
    """
    reader = HeaderReader(source, budget)
    entries: list[Entry] = []
    observations: list[Observation] = []
    skipped: tuple[str, ...] = ()
    complete = False
    try:
        reader.read()
        header = reader.header
        observations += read_table(reader.cursor, header.tensor_count, header.version, budget, entries)
        alignment = header.integer("general.alignment") or DEFAULT_ALIGNMENT
        if header.values.get("general.alignment") == 0 or alignment & (alignment - 1) or alignment < 1:
            raise Broken(Damage.INVALID, "the alignment is not a power of two", 0, "general.alignment")
        if alignment > LARGEST_ALIGNMENT:
            raise Broken(Damage.INVALID, f"the alignment is {alignment}", 0, "general.alignment")
        data_start = -(-reader.cursor.position // alignment) * alignment
        observations += check_layout(source, entries, data_start, alignment)
        complete = True
        if entries:
            skipped = (f"tensor data, {max(0, source.size - data_start)} bytes: holds no code",)
    except Broken as broken:
        observations.append(broken.observation)
    except LimitReached as reached:
        observations.append(stopped(reached))
    header = reader.header
    tensors = [entry.tensor for entry in entries]
    measured, mismatch = _weights(header, tensors) if complete and tensors else ([], [])
    return Reading(
        format="gguf",
        holds_model=True,
        facts=(
            *header_facts(header),
            *measured,
            Fact(name="format_version", value=_version(header), grade=Grade.MEASURED, source="header"),
        ),
        observations=(*header.observations, *_split(header), *observations, *mismatch),
        requests=tuple(IsolatedRequest(parser="jinja", payload=text, key=key) for key, _, text in header.templates),
        skipped=skipped,
    )


def _version(header: Header) -> str:
    order = " big-endian" if header.order == ">" else ""
    return f"{header.version}{order}" if header.version in VERSIONS else "unknown"


def _weights(header: Header, tensors: list[Tensor]) -> tuple[list[Fact], list[Observation]]:
    measured = list(facts(tensors, "tensor table"))
    name = mix_name(tensors)
    if name is None:
        return measured, []
    kinds = shares(census(tensors))
    measured.append(Fact(name="quantization", value=name, grade=Grade.MEASURED, source=f"tensor table: {kinds}"))
    bits = bits_per_value(tensors)
    if bits is not None:
        measured.append(Fact(name="bits_per_value", value=round(bits, 2), grade=Grade.MEASURED, source="tensor table"))
    file_type = header.integer("general.file_type")
    declared = FILE_TYPES.get(file_type) if file_type is not None else None
    declared_bits = file_type_bits(declared) if declared is not None else None
    whole_model = header.text("general.type") in (None, "model") and "split.count" not in header.values
    if declared is None or declared_bits is None or bits is None or not whole_model or declared == name:
        return measured, []
    mismatch = QuantizationMismatch(
        declared=declared,
        measured=f"{name} ({kinds})",
        declared_bits=declared_bits,
        measured_bits=round(bits, 2),
        key="general.file_type",
    )
    return measured, [mismatch]


def _split(header: Header) -> list[Observation]:
    number, count = header.integer("split.no"), header.integer("split.count")
    total = header.integer("split.tensors.count")
    reasons = []
    if number is not None and count is not None and count and number >= count:
        reasons.append(("split.no", f"part {number + 1} of {count} cannot be"))
    if total is not None and 0 <= total < header.tensor_count:
        reasons.append(("split.tensors.count", f"{header.tensor_count} tensors here, {total} in all parts"))
    return [Malformed(damage=Damage.CONTRADICTION, reason=reason, key=key) for key, reason in reasons]


READER = Reader(
    id="gguf",
    title="GGUF",
    recognize=recognize,
    read=read,
    signatures=(Signature(magic=MAGIC),),
    suffixes=(".gguf",),
)
