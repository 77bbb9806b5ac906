"""numpy archives: a ZIP whose members are npy files.

Source: numpy `numpy/lib/_npyio_impl.py` (`NpzFile`): members that are no npy file are returned as bytes.
"""

from dataclasses import replace

from weighbridge.formats.npy import ARRAYS_LIMIT
from weighbridge.formats.reader import Reader, Reading, Role, Signature
from weighbridge.formats.zip_children import children_of, packing
from weighbridge.formats.zip_directory import names, parse
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.observation import Excess
from weighbridge.model.source import ByteSource


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether every member of the archive is named as an array, or the archive itself as one of arrays.

    numpy asks for `PK` at the start, so a program with an archive behind it is none.
    """
    if not head.startswith(b"PK"):
        return False
    members = [name for name in names(source) if not name.endswith("/")]
    return bool(members) and (
        all(name.lower().endswith(".npy") for name in members) or source.name.lower().endswith(b".npz")
    )


def _is_array(name: str) -> bool:
    # numpy looks at the first bytes of a member and not at its name.
    return name.lower().endswith(".npy") or "." not in name.rpartition("/")[2]


def read(source: ByteSource, budget: Budget) -> Reading:
    """Hand on every member as an array.

    Raises:
        LimitReached: a budget of the artifact is spent.
        SourceError: the archive cannot be read.
    """
    directory = parse(source, budget)
    children, unread = children_of(source, directory, budget, Role.PART)
    excess = (Excess(what="arrays", limit=ARRAYS_LIMIT),) if len(children) > ARRAYS_LIMIT else ()
    return Reading(
        format="npz",
        holds_model=True,
        facts=(
            Fact(name="framework", value="numpy", grade=Grade.MEASURED, source="members of the archive"),
            Fact(name="arrays", value=len(children), grade=Grade.MEASURED, source="members of the archive"),
        ),
        observations=(*directory.observations, *packing(directory, budget), *unread, *excess),
        children=tuple(
            replace(child, expect="npy") if _is_array(child.member) else child for child in children[:ARRAYS_LIMIT]
        ),
    )


READER = Reader(
    id="npz",
    title="NumPy archive",
    recognize=recognize,
    read=read,
    signatures=(Signature(magic=b"PK"),),
    suffixes=(".npz",),
)
