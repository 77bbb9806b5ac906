"""Members of a ZIP archive as children, and what of it could not be read.

Used by the plain archive and by bundles whose files stand for themselves.
"""

from collections.abc import Iterable

from weighbridge.formats.member_path import link_escapes
from weighbridge.formats.reader import Child, Role
from weighbridge.formats.zip_directory import ZipDirectory
from weighbridge.formats.zip_entry import ZipEntry
from weighbridge.model.budget import Budget
from weighbridge.model.observation import ArchiveAnomaly, Escape, Excess, Observation, OutsideReference, Unread
from weighbridge.model.source import ByteSource, LimitReached, SourceError

SMALLEST = 2
"""A shorter member cannot be a model in any format."""

_LONGEST_LINK = 4096
_MOST = 50
_PACKAGE_FILES = (".dist-info/WHEEL", "/PKG-INFO")


def children_of(
    archive: ByteSource, directory: ZipDirectory, budget: Budget, role: Role = Role.MEMBER
) -> tuple[tuple[Child, ...], tuple[Observation, ...]]:
    """Return every readable member, hidden ones included, and observations on the others.

    Members that begin where an earlier one begins are passed over: the overlap is an observation already, and to
    read shared bytes again and again is what a bomb of that kind wants.
    """
    children: list[Child] = []
    observations: list[Observation] = []
    seen: set[int] = set()
    for entry in _all(directory):
        if entry.is_directory or max(entry.size, entry.compressed_size) < SMALLEST or entry.header_offset in seen:
            continue
        seen.add(entry.header_offset)
        observation = _unread(entry)
        if observation is not None:
            if len(observations) < _MOST:
                observations.append(observation)
            if not _maybe_plain(entry):
                continue
        if entry.is_link:
            # Its content is the target, but readers that ignore attributes take it for the file itself.
            observations += _link(entry, archive, budget)
        children.append(Child(member=entry.name, source=entry.source(archive, budget), role=role))
    return tuple(children), tuple(observations)


def is_package(directory: ZipDirectory) -> bool:
    """Tell whether this is a Python package (wheel, egg, sdist), which an installer unpacks to disk.

    One whose members share bytes is none: that is how a bomb passes the ratio of deflate.
    """
    shared = any(isinstance(item, ArchiveAnomaly) and item.kind == "overlap" for item in directory.observations)
    return not shared and any(entry.name.endswith(_PACKAGE_FILES) for entry in directory.entries)


def packing(directory: ZipDirectory, budget: Budget, *, package: bool = False) -> tuple[Observation, ...]:
    """Return an observation if the members are declared to expand to more than the budget could ever allow.

    Args:
        directory: of the archive.
        budget: with the limits.
        package: whether the limits for packed archives hold.
    """
    packed = sum(entry.compressed_size for entry in directory.entries)
    expanded = sum(entry.size for entry in directory.entries)
    limits = budget.limits
    if package:
        if expanded <= max(limits.expanded_bytes, limits.archive_ratio * packed):
            return ()
        return (Excess(what=f"{packed} compressed bytes that become {expanded}", limit=limits.archive_ratio * packed),)
    if expanded > limits.expanded_bytes // 2 and expanded > packed * limits.expansion_ratio:
        return (Excess(what=f"{packed} compressed bytes that become {expanded}", limit=limits.expanded_bytes // 2),)
    return ()


def _all(directory: ZipDirectory) -> Iterable[ZipEntry]:
    yield from directory.entries
    yield from directory.hidden


def _unread(entry: ZipEntry) -> Observation | None:
    if entry.encrypted:
        return Unread(what=entry.name, reason="the member is encrypted", member=entry.name)
    if not entry.readable:
        reason = f"compressed with {entry.method_name}" if entry.data_offset else "no valid local header"
        return Unread(what=entry.name, reason=reason, member=entry.name)
    return None


def _maybe_plain(entry: ZipEntry) -> bool:
    """Tell whether an encrypted member may be plain after all: loaders that ignore the flag would read it."""
    return entry.encrypted and entry.readable


def _link(entry: ZipEntry, archive: ByteSource, budget: Budget) -> list[Observation]:
    try:
        target = entry.source(archive, budget).read(0, _LONGEST_LINK).decode("utf-8", "replace")
    except (SourceError, LimitReached):
        return []
    if not link_escapes(entry.name, target):
        return []
    return [OutsideReference(escape=Escape.SYMBOLIC_LINK, target=target[:200], member=entry.name)]
