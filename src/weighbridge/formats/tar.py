"""Plain tar archives: every regular member is a file of its own.

Sources: POSIX.1-2017 `pax`; GNU tar manual; the tar-slip class (CVE-2007-4559, CVE-2025-4517, CVE-2025-23360).
"""

from weighbridge.formats.listing import Listing
from weighbridge.formats.reader import Child, Reader, Reading, Role, Signature
from weighbridge.formats.tar_escapes import escapes_of
from weighbridge.formats.tar_header import could_be_header, parse_header
from weighbridge.formats.tar_passing import passing
from weighbridge.formats.tar_walk import TarMember, walk
from weighbridge.model.budget import Budget
from weighbridge.model.observation import ArchiveAnomaly, Observation
from weighbridge.model.source import ByteSource

SMALLEST = 2
_MOST = 20

_last: tuple[ByteSource | None, list[TarMember], list[Observation]] = (None, [], [])


def _recognize(_source: ByteSource, head: bytes) -> bool:
    return parse_header(head[:512]) is not None


def read_members(source: ByteSource, budget: Budget) -> tuple[list[TarMember], list[Observation]]:
    """Return the members of a tar archive and what is odd about them, for this reader and for bundles.

    The answer for the source at hand is kept, because every tar-based reader asks for it in turn.
    """
    global _last
    if _last[0] is not source:
        observations: list[Observation] = []
        walked = walk(source, budget, observations)
        members = list(passing(source, walked) if getattr(source, "expanded", False) else walked)
        _last = (source, members, [*observations, *escapes_of(members)])
    return _last[1], _last[2]


def _read(source: ByteSource, budget: Budget) -> Reading:
    members, observations = read_members(source, budget)
    return Reading(
        format="tar",
        holds_model=False,
        observations=(*observations, *_repeated(members)),
        children=tuple(
            Child(member=member.name, source=member.source(source), role=Role.MEMBER)
            for member in members
            if member.is_regular and member.size >= SMALLEST
        ),
        listing=Listing(member.name for member in members if member.names_content),
    )


def _repeated(members: list[TarMember]) -> list[Observation]:
    """Return the members that a later one of the same name replaces: `tar -r` does that, and so does smuggling."""
    seen: set[str] = set()
    observations: list[Observation] = []
    for member in members:
        if member.is_regular:
            if member.name in seen and len(observations) < _MOST:
                detail = "extraction keeps the last, a stream reader sees the first"
                observations.append(
                    ArchiveAnomaly(kind="repeated-member", detail=detail, member=member.name, offset=member.offset)
                )
            seen.add(member.name)
    return observations


READER = Reader(
    id="tar",
    title="tar archive",
    recognize=_recognize,
    read=_read,
    signatures=(Signature(magic=b"ustar", offset=257),),
    could_be=could_be_header,
    general=True,
)
