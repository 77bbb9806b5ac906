"""Bundles that are a ZIP or a tar with known names in it: one view of both.

Packed tar bundles need nothing here: the compressed file is read first, its content is the tar.
"""

from collections.abc import Callable

from weighbridge.formats.gathering import Gathering
from weighbridge.formats.reader import Child, Role
from weighbridge.formats.tar import read_members
from weighbridge.formats.tar_header import parse_header
from weighbridge.formats.zip_children import children_of, packing
from weighbridge.formats.zip_directory import looks_like_zip, names, parse
from weighbridge.model.budget import Budget
from weighbridge.model.observation import ArchiveAnomaly, Unread
from weighbridge.model.source import ByteSource, SourceError

LONGEST_TEXT = 1 << 20
"""Longest configuration or program text that is read from a bundle."""


def is_tar(head: bytes) -> bool:
    """Tell whether `head` begins with a valid tar header."""
    return parse_header(head[:512]) is not None


def tar_names(source: ByteSource) -> tuple[str, ...]:
    """Return the names in a tar archive, for recognition."""
    members, _ = read_members(source, Budget())
    return tuple(member.name.removeprefix("./") for member in members)


def member_names(source: ByteSource, head: bytes) -> tuple[str, ...]:
    """Return the member names of a ZIP or tar archive, nothing for anything else."""
    if is_tar(head):
        return tar_names(source)
    return names(source) if looks_like_zip(source, head) else ()


def bundle_children(source: ByteSource, budget: Budget, gathering: Gathering) -> tuple[Child, ...]:
    """Return all files of the bundle as parts; what is odd about the archive goes to the gathering."""
    if is_tar(source.read(0, 512)):
        members, observations = read_members(source, budget)
        seen: set[str] = set()
        children = []
        for member in members:
            name = member.name.removeprefix("./")
            if not member.is_regular or member.size < 1:
                continue
            if name in seen:
                detail = "the same name stands in the archive twice"
                gathering.observe(
                    ArchiveAnomaly(kind="duplicate-member", detail=detail, member=name, offset=member.offset)
                )
            seen.add(name)
            children.append(Child(member=name, source=member.source(source), role=Role.PART))
        for observation in observations:
            gathering.observe(observation)
        return tuple(children)
    directory = parse(source, budget)
    excess = packing(directory, budget)
    for observation in (*directory.observations, *excess):
        gathering.observe(observation)
    if excess:
        return ()
    parts, unread = children_of(source, directory, budget, Role.PART)
    for observation in unread:
        gathering.observe(observation)
    return parts


def text_of(child: Child, gathering: Gathering) -> bytes | None:
    """Return the text of a small member, None with an observation if it is too long or cannot be read."""
    try:
        content = child.source.read(0, LONGEST_TEXT + 1)
    except SourceError as error:
        gathering.observe(Unread(what=child.member, reason=str(error), member=child.member))
        return None
    if len(content) > LONGEST_TEXT:
        gathering.observe(Unread(what=child.member, reason="longer than any text of its kind", member=child.member))
        return None
    return content


def ends_with_any(*endings: str) -> Callable[[str], bool]:
    """Return a test of member names that ignores case."""
    return lambda name: name.lower().endswith(endings)
