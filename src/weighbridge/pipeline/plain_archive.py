"""What remains to be said of a plain archive that holds no model.

Ordinary archives are odd in ordinary ways: a jar lists a file twice, a backup has links into `/usr`, an image of a
file system holds devices. Where no member is a model, whatever is in it, two readers that see different members see
no model either, so such oddities are dropped. What stays: members that overwrite files outside, names that only a
model has, attacks on the reader, and everything that could not be read.
"""

from collections.abc import Callable, Iterable

from weighbridge.model.observation import (
    ArchiveAnomaly,
    Damage,
    Escape,
    Malformed,
    Observation,
    OutsideReference,
    Unread,
)

_LINKS = frozenset({Escape.SYMBOLIC_LINK, Escape.DEVICE})


def without_models(observations: Iterable[Observation], names_a_model: Callable[[bytes], bool]) -> list[Observation]:
    """Return the observations on an archive that matter although no member is a model.

    Args:
        observations: on the archive itself.
        names_a_model: tells whether a file name is one that models have.
    """
    return [_as_gap(item) for item in observations if not _is_ordinary(item, names_a_model)]


def _is_ordinary(item: Observation, names_a_model: Callable[[bytes], bool]) -> bool:
    if isinstance(item, ArchiveAnomaly) or (isinstance(item, OutsideReference) and item.escape in _LINKS):
        return not names_a_model((item.member or "").encode("utf-8", "replace"))
    # Damage of a member matters only if the member could not be read, and then it says so itself.
    return isinstance(item, Malformed) and item.member is not None and item.damage is not Damage.TRUNCATED


def _as_gap(item: Observation) -> Observation:
    """Return damage as something that was not read: nobody accuses a broken archive of photographs."""
    if isinstance(item, Malformed):
        return Unread(what="content", reason=item.reason, offset=item.offset, member=item.member)
    return item
