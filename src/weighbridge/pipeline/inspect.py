"""One file to everything that its bytes say: recognition, reading, nested members, isolated parsers."""

import json
from collections.abc import Callable
from dataclasses import field, replace

from weighbridge.formats.entries import ENTRIES
from weighbridge.formats.entry import Entry
from weighbridge.formats.identify import READER_FAILURES, Index, tail_of
from weighbridge.formats.license_names import is_license_name
from weighbridge.formats.listing import Listing
from weighbridge.formats.reader import HEAD_BYTES, Child, IsolatedRequest, PartWanted, Reader, Reading, Role
from weighbridge.host.machine import IsolationError
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Fact
from weighbridge.model.observation import (
    Damage,
    Malformed,
    NameMismatch,
    Observation,
    Polyglot,
    PythonProgram,
    TemplateProgram,
    Unread,
    stopped,
)
from weighbridge.model.record import draft
from weighbridge.model.source import ByteSource, LimitReached, SourceError
from weighbridge.model.stream_source import StreamSource
from weighbridge.pipeline.inner_parts import Absent, absent, plain
from weighbridge.pipeline.plain_archive import without_models

Isolate = Callable[[str, bytes], bytes]
"""Runs a named parser on bytes in a child process: `Machine.isolated`."""

INDEX = Index(ENTRIES)
_BY_ID = {entry.id: entry for entry in ENTRIES}
_BY_SUFFIX: dict[bytes, tuple[Entry, ...]] = {}
for _entry in ENTRIES:
    for _suffix in _entry.suffixes:
        _BY_SUFFIX[_suffix.encode()] = (*_BY_SUFFIX.get(_suffix.encode(), ()), _entry)
_BY_NAME = {_name.encode(): _entry for _entry in ENTRIES for _name in _entry.names}
_ANSWERS: dict[str, Callable[..., TemplateProgram | PythonProgram]] = {
    "jinja": TemplateProgram,
    "python": PythonProgram,
}
MEMBER_SEPARATOR = "!/"
LICENSE_TEXT = "license-text"
LARGEST_DOCUMENT = 8 << 20
_COMPRESSED = frozenset({"bzip2", "gzip", "lz4", "lzma", "xz", "zlib", "zstd"})
_USUAL_DEPTH = 2
_DEEP_WEIGHT = 64
"""Members of archives in archives in archives count as many: nested bombs multiply at every level."""


@draft
class Inspected:
    """One artifact (or archive, or configuration file) as its bytes describe it; not yet judged."""

    source: ByteSource
    member: str | None
    format: str = ""
    holds_model: bool = False
    facts: list[Fact] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    parts_wanted: list[PartWanted] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    members_read: int = 0
    absent: list[Absent] = field(default_factory=list)
    """Parts that the archive around it lacks."""
    base: str | None = None
    """What its members are named after: its own member, or that of the compressed file around it."""
    listing: Listing | None = None
    documents: dict[str, ByteSource] = field(default_factory=dict)
    """Members that say what an image is made of."""


class CountingSource:
    """Passes reads on and counts the bytes, for the coverage statement."""

    __slots__ = ("_budget", "_inner", "name", "size")

    def __init__(self, inner: ByteSource, budget: Budget) -> None:
        self._inner = inner
        self._budget = budget
        self.size = inner.size
        self.name = inner.name

    def read(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes at `offset`."""
        content = self._inner.read(offset, length)
        self._budget.bytes_read += len(content)
        return content


def suffix_readers(name: bytes) -> tuple[Reader, ...]:
    """Return the readers whose formats own the ending of `name`."""
    dot = name.rfind(b".")
    return tuple(entry.reader() for entry in _BY_SUFFIX.get(name[dot:].lower(), ())) if dot >= 0 else ()


def named_reader(name: bytes) -> Reader | None:
    """Return the reader of the files that loaders open under exactly this name, if there is one."""
    entry = _BY_NAME.get(name.rsplit(b"/", 1)[-1])
    return None if entry is None else entry.reader()


def inspect(source: ByteSource, isolate: Isolate, budget: Budget, expect: str | None = None) -> list[Inspected]:
    """Return `source` and every member that is a file of its own; nothing if no reader knows it.

    Args:
        source: the file.
        isolate: runs the parsers that are not ours.
        budget: limits, and the count of bytes read.
        expect: id of a reader that looks at it in any case.
    """
    results: list[Inspected] = []
    _inspect(CountingSource(source, budget), None, expect, isolate, budget, 0, results)
    return results


def _inspect(
    source: ByteSource,
    member: str | None,
    expect: str | None,
    isolate: Isolate,
    budget: Budget,
    depth: int,
    results: list[Inspected],
    around: Inspected | None = None,
) -> Inspected:
    subject = Inspected(source=source, member=member)
    first = len(results)
    children = _read_into(subject, source, None, expect, isolate, budget, depth)
    # A compressed tar is one archive for everybody who looks into it: its members are named without the tar between.
    unwrapped = around is not None and around.format in _COMPRESSED and subject.format == "tar"
    base = around.member if around is not None and unwrapped else member
    subject.base = base
    if subject.format:
        results.append(subject)
        budget.count("models in one file", int(subject.holds_model))
    there: dict[str, ByteSource] = {}
    for child in children:
        if depth >= budget.limits.depth:
            subject.observations.append(
                Unread(what=child.member, reason=f"nested deeper than {budget.limits.depth} archives")
            )
            break
        try:
            budget.spend("members", 1 if depth <= _USUAL_DEPTH else _DEEP_WEIGHT, budget.limits.members)
            budget.spend("models in one file", 0, budget.limits.models)
        except LimitReached as reached:
            subject.observations.append(Unread(what=child.member, reason=f"{reached.what}: more than {reached.limit}"))
            break
        if subject.listing is not None and _is_document(child):
            subject.documents[child.member] = child.source
        nested = child.member if base is None else base + MEMBER_SEPARATOR + child.member
        expect_inside = child.expect or (LICENSE_TEXT if is_license_name(_last(child.member)) else None)
        inner = _inspect(child.source, nested, expect_inside, isolate, budget, depth + 1, results, subject)
        if inner.holds_model and inner.parts_wanted and subject.format not in _COMPRESSED:
            there = there or {plain(each.member): each.source for each in children}
            inner.absent = absent(child.member, inner.parts_wanted, there)
        if not inner.format:
            # Content that broke off before it could be recognized is a gap in this archive.
            subject.observations += [_within(observation, child.member) for observation in inner.observations]
            if isinstance(child.source, StreamSource):
                child.source.shed()
    if subject.format and not subject.holds_model and not any(item.holds_model for item in results[first:]):
        subject.observations = without_models(subject.observations, lambda name: bool(suffix_readers(name)))
    return subject


def _is_document(child: Child) -> bool:
    """Tell whether a member may be an index or a manifest of an image."""
    name = child.member.removeprefix("./")
    return child.source.size <= LARGEST_DOCUMENT and name.startswith(("manifest.json", "index.json", "blobs/"))


def _last(member: str) -> bytes:
    """Return the last component of a member's path."""
    return member.rpartition("/")[2].encode("utf-8", "surrogateescape")


def _read_into(
    subject: Inspected,
    source: ByteSource,
    part: str | None,
    expect: str | None,
    isolate: Isolate,
    budget: Budget,
    depth: int,
) -> list[Child]:
    """Read `source` into `subject`; parts recursively, members returned for the caller."""
    owners = suffix_readers(source.name) if part is None else ()
    try:
        head = source.read(0, HEAD_BYTES)
        readers = INDEX.recognized(source, head, tail_of(source), owners)
    except SourceError as error:
        subject.format = subject.format or expect or "unreadable"
        subject.observations.append(Unread(what=part or "content", reason=str(error), member=part))
        return []
    except LimitReached as reached:
        subject.format = subject.format or expect or "unreadable"
        subject.observations.append(stopped(reached, member=part))
        return []
    if owners and not head:
        # Its name promises a model, so that somebody will miss one: it is not passed over like other empty files.
        subject.format = owners[0].id
        subject.holds_model = True
        subject.observations.append(Unread(what="the model", reason="the file is empty; its copy or download failed"))
        return []
    if owners and head and not any(reader in owners for reader in readers):
        actual = readers[0].id if readers else "unknown"
        mismatch = NameMismatch(
            name_suffix=source.name[-40:].decode("utf-8", "backslashreplace"),
            expected=tuple(reader.id for reader in owners),
            actual=actual,
        )
        subject.observations.append(mismatch)
        if not readers:
            readers = [owners[0]]
            subject.holds_model = True
    named = named_reader(source.name) if part is None and not readers else None
    if named is not None:
        readers = [named]
    if expect is not None and all(reader.id != expect for reader in readers):
        readers = [_BY_ID[expect].reader(), *readers]
    models = []
    members: list[Child] = []
    for reader in readers:
        reading = _run(reader, source, budget)
        if part is None and (not subject.format or (reading.holds_model and not subject.holds_model)):
            subject.format = reading.format
        if part is None:
            subject.holds_model = subject.holds_model or reading.holds_model
        if reading.holds_model:
            models.append(reading.format)
        members += _absorb(subject, reading, part, isolate, budget, depth)
    if len(models) > 1:
        subject.observations.append(Polyglot(formats=tuple(sorted(models)), member=part))
    if isinstance(source, StreamSource) and source.damage is not None and (readers or len(head) < HEAD_BYTES):
        subject.observations.append(Malformed(damage=Damage.TRUNCATED, reason=source.damage, member=part))
    return members


def _run(reader: Reader, source: ByteSource, budget: Budget) -> Reading:
    try:
        return reader.read(source, budget)
    except LimitReached as reached:
        observation: Observation = stopped(reached)
    except SourceError as error:
        observation = Unread(what="content", reason=str(error))
    except READER_FAILURES as error:
        observation = Unread(what="content", reason=f"the {reader.id} reader failed: {type(error).__name__}")
    return Reading(format=reader.id, holds_model=not reader.general, observations=(observation,))


def _absorb(
    subject: Inspected, reading: Reading, part: str | None, isolate: Isolate, budget: Budget, depth: int
) -> list[Child]:
    subject.facts += reading.facts
    subject.parts_wanted += reading.parts_wanted
    subject.skipped += reading.skipped
    if part is None and reading.listing is not None:
        subject.listing = reading.listing
    subject.observations += [_within(observation, part) for observation in reading.observations]
    for request in reading.requests:
        subject.observations.append(_within(_answer(request, isolate), part))
    members = []
    for child in reading.children:
        if child.role is Role.MEMBER:
            members.append(child)
            continue
        inside = child.member if part is None else part + MEMBER_SEPARATOR + child.member
        if depth >= budget.limits.depth:
            subject.observations.append(Unread(what=inside, reason=f"nested deeper than {budget.limits.depth} levels"))
            continue
        _read_part(subject, child.source, inside, child.expect, isolate, budget, depth + 1)
    return members


def _read_part(
    subject: Inspected,
    source: ByteSource,
    part: str,
    expect: str | None,
    isolate: Isolate,
    budget: Budget,
    depth: int,
) -> None:
    """Read a part, and what travels inside of it as parts too: none of them has an identity of its own."""
    subject.members_read += 1
    for inner in _read_into(subject, source, part, expect, isolate, budget, depth):
        name = part + MEMBER_SEPARATOR + inner.member
        if depth >= budget.limits.depth:
            reason = f"nested deeper than {budget.limits.depth} levels"
            subject.observations.append(Unread(what=name, reason=reason))
            return
        try:
            budget.spend("members", 1, budget.limits.members)
        except LimitReached as reached:
            subject.observations.append(Unread(what=name, reason=f"{reached.what}: more than {reached.limit}"))
            return
        _read_part(subject, inner.source, name, inner.expect, isolate, budget, depth + 1)


def _within(observation: Observation, part: str | None) -> Observation:
    if part is None:
        return observation
    inner = observation.member
    return replace(observation, member=part if inner is None else part + MEMBER_SEPARATOR + inner)


def _answer(request: IsolatedRequest, isolate: Isolate) -> Observation:
    kind = _ANSWERS[request.parser]
    try:
        answer = json.loads(isolate(request.parser, request.payload))
        values = {name: tuple(value) if isinstance(value, list) else value for name, value in answer.items()}
        return kind(**values, key=request.key, member=request.member)
    except (IsolationError, ValueError, TypeError, AttributeError) as error:
        # The child reads hostile input, so its answer is not trusted to have the right form.
        return Unread(what=request.key or request.parser, reason=str(error), member=request.member, key=request.key)
