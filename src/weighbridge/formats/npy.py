"""numpy array files. Arrays of objects are a pickle behind the header.

Source: NEP 1 and numpy `numpy/lib/format.py`.
"""

from math import prod

from weighbridge.formats.npy_header import (
    HEADER_LIMIT,
    MAGIC,
    HeaderError,
    NpyHeader,
    holds_objects,
    item_bytes,
    parse_header,
)
from weighbridge.formats.reader import Child, Reader, Reading, Role, Signature
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.observation import Damage, Malformed, Observation, Unread
from weighbridge.model.pickle_program import PickleTrailing
from weighbridge.model.source import ByteSource, SliceSource

ARRAYS_LIMIT = 10_000
"""Most arrays in one file or archive."""


def read(source: ByteSource, budget: Budget) -> Reading:
    """Read the header of every array in the file; numbers are stepped over, objects handed on as a pickle.

    Raises:
        LimitReached: more arrays than any honest file has.
    """
    observations: list[Observation] = []
    children: list[Child] = []
    if source.read(0, len(MAGIC)) != MAGIC:
        # numpy takes other content for a pickle, if it is asked to.
        whole = SliceSource(source, 0, source.size)
        gap = Unread(what="content", reason="it is no npy file", offset=0)
        child = Child(member="content", source=whole, role=Role.PART, expect="pickle")
        return Reading(format="npy", holds_model=True, observations=(gap,), children=(child,))
    headers: list[NpyHeader] = []
    position = 0
    data_bytes = 0
    while position < source.size:
        head = source.read(position, 4096)
        if headers and not head.startswith(MAGIC):
            blank = not head.strip(b"\0")
            observations.append(PickleTrailing(length=source.size - position, blank=blank, offset=position))
            tail = SliceSource(source, position, source.size - position)
            children.append(Child(member=f"trailing-{position}", source=tail, role=Role.PART))
            break
        budget.spend("arrays", 1, ARRAYS_LIMIT)
        try:
            if len(head) == 4096:
                head = source.read(position, HEADER_LIMIT + 12) if _is_long(head) else head
            header = parse_header(head)
        except HeaderError as error:
            observations.append(Malformed(damage=Damage.INVALID, reason=str(error), offset=position))
            rest = SliceSource(source, position, source.size - position)
            children.append(Child(member=f"rest-{position}", source=rest, role=Role.PART))
            break
        headers.append(header)
        start = position + header.length
        if holds_objects(header.descr):
            rest = SliceSource(source, start, source.size - start)
            children.append(Child(member=f"objects-{start}", source=rest, role=Role.PART, expect="pickle"))
            break
        size = item_bytes(header.descr)
        if size is None:
            observations.append(
                Malformed(damage=Damage.INVALID, reason="the item type is not known", offset=position, key="descr")
            )
            break
        length = prod(header.shape) * size
        if start + length > source.size:
            reason = f"{length} bytes of items are announced, {max(0, source.size - start)} are there"
            observations.append(Malformed(damage=Damage.TRUNCATED, reason=reason, offset=start))
            break
        data_bytes += length
        position = start + length
    return Reading(
        format="npy",
        holds_model=True,
        facts=_facts(headers),
        observations=tuple(observations),
        children=tuple(children),
        skipped=(f"array data, {data_bytes} bytes: holds no code",) if data_bytes else (),
    )


def _is_long(head: bytes) -> bool:
    wide = head[6] > 1
    return int.from_bytes(head[8 : 12 if wide else 10], "little") + 12 > len(head)


def _facts(headers: list[NpyHeader]) -> tuple[Fact, ...]:
    if not headers:
        return ()
    first = headers[0]
    total = sum(prod(header.shape) for header in headers)
    shape = "x".join(map(str, first.shape))
    return (
        Fact(name="framework", value="numpy", grade=Grade.MEASURED, source="npy header"),
        Fact(name="parameters", value=total, grade=Grade.MEASURED, source="npy header shape"),
        Fact(name="array.shape", value=shape, grade=Grade.MEASURED, source="npy header shape"),
        Fact(name="array.type", value=str(first.descr)[:200], grade=Grade.MEASURED, source="npy header descr"),
    )


READER = Reader(
    id="npy",
    title="NumPy array",
    recognize=lambda _source, head: head.startswith(MAGIC),
    read=read,
    signatures=(Signature(magic=MAGIC),),
    suffixes=(".npy",),
)
