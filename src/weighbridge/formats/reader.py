"""The contract of a format reader and what it returns."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from weighbridge.model.budget import Budget
from weighbridge.model.fact import Fact
from weighbridge.model.observation import Observation
from weighbridge.model.record import record
from weighbridge.model.source import ByteSource

if TYPE_CHECKING:
    from weighbridge.formats.listing import Listing

HEAD_BYTES = 4096
"""How much of every file is read to decide which readers look at it."""

TAIL_BYTES = 64
"""How much of the end of every file is read for the same purpose (a ZIP directory stands at the end)."""


@record
class Signature:
    """Fixed bytes at a fixed offset (within the head) without which a format cannot be."""

    magic: bytes
    offset: int = 0


class Role(StrEnum):
    """What a child of an artifact is to it."""

    PART = "part"
    """Belongs to the artifact: `data.pkl` in a PyTorch ZIP. Its observations become the artifact's."""
    MEMBER = "member"
    """A file of its own that merely travels in this archive. If it is a model it is its own artifact."""


@record
class Child:
    """Bytes inside an artifact or archive that must be looked at in turn."""

    member: str
    """Path inside the parent, for display and for `Place.member`."""
    source: ByteSource
    role: Role
    expect: str | None = None
    """Reader id that a loader would use whatever the bytes look like; it runs beside all that match."""


@record
class IsolatedRequest:
    """A piece of text that a parser which is not ours must read, in a resource-limited child process."""

    parser: str
    """`jinja` (-> TemplateProgram) or `python` (-> PythonProgram)."""
    payload: bytes
    key: str | None = None
    member: str | None = None


@record
class PartWanted:
    """A file beside this one that belongs to it, by relative path with `/` (ONNX external data)."""

    relative_path: str
    required: bool = True


@record
class Reading:
    """Everything one reader took from one source."""

    format: str
    """Reader id."""
    holds_model: bool
    """False for plain archives and configuration files, which become artifacts only through findings."""
    facts: tuple[Fact, ...] = ()
    observations: tuple[Observation, ...] = ()
    children: tuple[Child, ...] = ()
    requests: tuple[IsolatedRequest, ...] = ()
    parts_wanted: tuple[PartWanted, ...] = ()
    skipped: tuple[str, ...] = ()
    """What was passed over on purpose, and why, for the coverage statement."""
    listing: "Listing | None" = None
    """Names of all files of an archive, empty ones included, where they say something that the children do not."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reader:
    """One format.

    `recognize(source, head)` is cheap (a few small reads) and exact: True means that a loader of this
    format would take the file. It runs only if a signature matches, or, for a reader without signatures,
    if `could_be(head)` says so. `read` raises `LimitReached` and `SourceError` and nothing else; whatever
    else is wrong with the bytes is an observation. Both are pure.
    """

    id: str
    """The file name with dashes."""
    title: str
    """The format as its community writes it."""
    recognize: Callable[[ByteSource, bytes], bool]
    read: Callable[[ByteSource, Budget], Reading]
    signatures: tuple[Signature, ...] = ()
    could_be: Callable[[bytes], bool] | None = None
    """Very cheap test on the head alone, for formats without fixed bytes: a function that has a name in its module."""
    begins: bytes | None = None
    """First bytes of content for which `could_be` can say yes, so that it is not asked about other files; None: any."""
    needs: bytes = b""
    """Bytes that stand somewhere in every head for which `could_be` can say yes; empty: none in particular."""
    at_end: bytes | None = None
    """Bytes that occur in the last `TAIL_BYTES` of the file (the ZIP end record), for formats with a prefix."""
    suffixes: tuple[str, ...] = field(default=())
    """Name endings, one dot each, that practically only this format uses (`.gguf`, not `.bin`). Never used for
    recognition: a file so named that no reader recognizes is read by this reader all the same, and the mismatch
    is an observation."""
    names: tuple[str, ...] = ()
    """Whole file names under which a loader opens this file whatever it holds (`tokenizer_config.json`). A file so
    named that no reader recognizes is read by this reader; that its content is something else is no observation."""
    general: bool = False
    """True for plain containers (zip, tar, gz): they read only if no specific reader claimed the bytes."""
