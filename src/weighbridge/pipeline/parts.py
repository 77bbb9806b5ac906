"""Files that belong to an artifact: external tensor data, the weights beside a graph."""

from weighbridge.formats.reader import HEAD_BYTES
from weighbridge.host.machine import Machine
from weighbridge.host.survey import is_file
from weighbridge.model.artifact import Part
from weighbridge.model.source import LimitReached
from weighbridge.pipeline.assemble import Sighting


def find_parts(machine: Machine, sighting: Sighting) -> None:
    """Set `parts` and `missing_parts` of `sighting`; looks only at names below the file's own folder."""
    wanted = {
        name: required
        for piece in sighting.outcome.examined
        if piece.member is None
        for name, required in piece.parts_wanted
    }
    parts, missing = [], []
    for name, required in wanted.items():
        part = _beside(machine, sighting, name)
        if part is not None:
            parts.append(part)
        elif required:
            missing.append(name)
    sighting.parts, sighting.missing_parts = tuple(parts), tuple(missing)


def _beside(machine: Machine, sighting: Sighting, name: str) -> Part | None:
    steps = name.split("/")
    if any(step in ("", ".", "..") or "\\" in step or "\0" in step for step in steps):
        return None
    separator = b"\\" if machine.platform == "windows" else b"/"
    for place in (sighting.path, *(link.path for link in sighting.links)):
        folder = place.rpartition(separator)[0]
        path = separator.join([folder, *(step.encode("utf-8", "surrogateescape") for step in steps)])
        try:
            path = machine.resolve(path)
            status = machine.stat(path)
        except OSError:
            continue
        # A link that leads elsewhere hands a file to the model that its author only guessed at (CVE-2026-34447).
        if not path.startswith((folder + separator, sighting.path.rpartition(separator)[0] + separator)):
            continue
        if is_file(status) and not _is_pointer(machine, path, status.st_size):
            return Part(path=path, size=status.st_size)
    return None


def _is_pointer(machine: Machine, path: bytes, size: int) -> bool:
    """Tell whether a Git LFS pointer stands where the data should."""
    if not 0 < size <= HEAD_BYTES:
        return False
    from weighbridge.formats.stand_in import is_pointer  # regular expressions, for files too small to be data

    try:
        return is_pointer(machine.read_file(path, HEAD_BYTES))
    except (OSError, LimitReached):
        return False
