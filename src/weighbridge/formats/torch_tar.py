"""PyTorch files in tar form (before version 0.1.10), still accepted by `torch.load`.

Source: PyTorch `torch/serialization.py` (`legacy_load`): the members `storages` and `tensors` begin with a count as a
pickle and go on with a pickle and raw bytes per item; `sys_info` and `pickle` are one pickle each.
"""

from weighbridge.formats.pickle_streams import read_streams
from weighbridge.formats.pickle_tensors import ELEMENT_BYTES
from weighbridge.formats.pickle_values import Container, Import
from weighbridge.formats.reader import Child, Reader, Reading, Role, Signature
from weighbridge.formats.tar import read_members
from weighbridge.formats.tar_header import could_be_header, parse_header
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.observation import Observation, Unread
from weighbridge.model.source import ByteSource, SliceSource

_RECORDS = frozenset({"storages", "tensors"})
_NEEDED = frozenset({"pickle", "storages"})
_HEADERS_SEEN = 12
_BLOCK = 512
_ITEMS_LIMIT = 200_000


def recognize(source: ByteSource, _head: bytes) -> bool:
    """Tell whether the first members are those of a PyTorch tar file."""
    found: set[str] = set()
    position = 0
    for _ in range(_HEADERS_SEEN):
        header = parse_header(source.read(position, _BLOCK))
        if header is None:
            break
        found.add(_plain(header.name.decode("utf-8", "replace")))
        if found >= _NEEDED:
            return True
        position += _BLOCK + (max(0, header.size) + _BLOCK - 1) // _BLOCK * _BLOCK
    return False


def read(source: ByteSource, budget: Budget) -> Reading:
    """Follow the pickles of `storages` and `tensors`; hand every other member on.

    Raises:
        LimitReached: a budget of the artifact is spent.
        SourceError: the archive cannot be read.
    """
    members, noted = read_members(source, budget)
    observations: list[Observation] = list(noted)
    children: list[Child] = []
    for member in members:
        if not member.is_regular or member.size < 1:
            continue
        content = member.source(source)
        name = _plain(member.name)
        if name in _RECORDS:
            observations += _records(content, name, budget)
        expect = "pickle" if name in ("pickle", "sys_info") else None
        if name not in _RECORDS:
            children.append(Child(member=member.name, source=content, role=Role.PART, expect=expect))
    return Reading(
        format="torch-tar",
        holds_model=True,
        facts=(Fact(name="framework", value="torch", grade=Grade.MEASURED, source="members of the archive"),),
        observations=tuple(observations),
        children=tuple(children),
        skipped=("tensor data: holds no code",),
    )


def _plain(name: str) -> str:
    return name.removeprefix("./").rstrip("/")


def _records(content: ByteSource, name: str, budget: Budget) -> list[Observation]:
    """Return what the pickles between the raw bytes of one member do."""
    noted: list[Observation] = []
    first = read_streams(content, budget, most=1)
    noted += first.observations()
    count = first.values[0] if first.values else None
    if type(count) is not int or not 0 <= count <= _ITEMS_LIMIT:
        return [*noted, Unread(what=name, reason="the number of items is not known", member=name)]
    position = first.end
    for _ in range(count):
        item = read_streams(SliceSource(content, position, content.size - position), budget, most=1)
        noted += item.observations()
        if item.faulty or not item.values:
            noted.append(Unread(what=name, reason="an item cannot be read", member=name))
            break
        position += item.end
        raw = _raw_bytes(name, item.values[0], content, position)
        if raw is None or position + raw > content.size:
            noted.append(Unread(what=name, reason="the length of an item is not known", member=name))
            break
        position += raw
    return noted


def _raw_bytes(name: str, value: object, content: ByteSource, position: int) -> int | None:
    if name == "tensors":
        dimensions = int.from_bytes(content.read(position, 4), "little")
        return 8 + 16 * dimensions + 8 if dimensions <= 64 else None
    parts = value.items if isinstance(value, Container) and value.items else []
    kind = parts[2] if len(parts) > 2 else None
    size = ELEMENT_BYTES.get(kind.name) if isinstance(kind, Import) else None
    elements = int.from_bytes(content.read(position, 8), "little")
    return None if size is None else 8 + elements * size


READER = Reader(
    id="torch-tar",
    title="PyTorch (tar)",
    recognize=recognize,
    read=read,
    signatures=(Signature(magic=b"ustar", offset=257),),
    could_be=could_be_header,
)
