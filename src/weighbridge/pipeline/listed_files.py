"""Whether the files at a path are those that a bill of materials names, and whether models were added.

In: a machine, a path, the entries of a document. Out: a `Verification`. Opens no socket; writes nothing. What would be
listed is found as a scan finds it, by content, so that a model under any name, or inside an archive, is seen.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from weighbridge.bom.text import clean
from weighbridge.host.machine import Machine
from weighbridge.model.events import silent
from weighbridge.model.finding import Unexamined
from weighbridge.model.place import display
from weighbridge.pipeline.assemble import assemble
from weighbridge.pipeline.digests import measure
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.parts import find_parts
from weighbridge.pipeline.sight import see
from weighbridge.pipeline.signed_files import list_files
from weighbridge.signing.verification import Kind, Outcome, Problem, Verification, compare

if TYPE_CHECKING:
    from weighbridge.bom.read import Entry
    from weighbridge.model.artifact import Artifact

_MEMBER = "!/"
_LONGEST = 4096


def verify_against_bom(
    machine: Machine, path: bytes, entries: "Iterable[Entry]", unexamined: Collection[str] = ()
) -> Verification:
    """Return whether the files at `path` are those that a bill of materials names.

    Files that the document names count, and others that are artifacts by their content or have an ending that the
    document names: a bill of materials of models does not list every text beside them.

    Args:
        machine: where.
        path: a file or a folder, absolute.
        entries: what the document names.
        unexamined: paths of which the document itself says that they were not examined.
    """
    wanted: dict[str, str] = {}
    for entry in entries:
        wanted.setdefault(entry.path, entry.sha256)
    if not wanted:
        reason = "the bill of materials names no file with a SHA-256"
        return Verification(
            outcome=Outcome.UNVERIFIABLE, method="bom", problems=(Problem(kind=Kind.SIGNATURE, path="", reason=reason),)
        )
    listed = list_files(machine, path, (), follow_links=True, listed=wanted)
    names = {clean(name, _LONGEST): at for name, at in listed.files.items()}
    found = _Found(machine, machine.resolve(path), single=listed.single)
    endings = {_ending(name) for name in wanted if _MEMBER not in name} - {""}
    rest = {
        name: at
        for name, at in names.items()
        if name not in found.digests and (name in wanted or _ending(name) in endings)
    }
    found.hash_others(rest)
    problems = [
        Problem(kind=Kind.UNREADABLE, path=name, reason=reason)
        for name, reason in found.unread.items()
        if name in wanted or name not in unexamined
    ]
    unread = {problem.path for problem in problems}
    measured = {name: digest for name, digest in found.digests.items() if not _inside_listed(name, wanted)}
    problems += [
        replace(problem, reason=problem.reason.replace("signed", "listed"))
        for problem in compare(wanted, measured)
        if problem.path not in unread
    ]
    return Verification(
        outcome=Outcome.FAILED if problems else Outcome.VERIFIED,
        method="bom",
        problems=tuple(sorted(problems, key=lambda problem: problem.path)),
        files=len(measured),
        size=sum(found.sizes.get(name, 0) for name in measured),
    )


def _inside_listed(name: str, wanted: Collection[str]) -> bool:
    """Tell whether a member needs no entry because the archive around it has one: its bytes are compared as a whole."""
    return _MEMBER in name and name not in wanted and name.partition(_MEMBER)[0] in wanted


class _Found:
    """What lies at a path, by the names that documents give."""

    def __init__(self, machine: Machine, root: bytes, *, single: bool) -> None:
        self._machine, self._root, self._single = machine, root, single
        self.digests: dict[str, str] = {}
        self.sizes: dict[str, int] = {}
        self.unread: dict[str, str] = {}
        artifacts, unexamined = _artifacts(machine, root)
        for artifact in artifacts:
            for place in artifact.places:
                self._add(self._name(place.path, place.member), artifact.sha256, artifact.size)
            for part in artifact.parts:
                self._add(self._name(part.path), part.sha256, part.size)
        for item in unexamined:
            name = self._name(item.path, item.member)
            if name is not None:
                self.unread.setdefault(name, f"was not examined: {clean(item.reason)}")

    def hash_others(self, files: dict[str, bytes]) -> None:
        """Add the digests of files that are no artifacts."""
        for at, result in self._machine.digest(list(dict.fromkeys(files.values()))):
            for name in (name for name, path in files.items() if path == at):
                if isinstance(result, OSError):
                    self.unread[name] = f"cannot be read: {(result.strerror or str(result)).lower()}"
                else:
                    self._add(name, result.sha256, result.size)

    def _add(self, name: str | None, sha256: str | None, size: int) -> None:
        if name is None:
            return
        if sha256 is None:
            self.unread.setdefault(name, "could not be hashed")
        else:
            self.digests[name] = sha256
            self.sizes[name] = size

    def _name(self, path: bytes, member: str | None = None) -> str | None:
        """Return a path relative to the root, as documents have it; None outside, where links lead."""
        separator = b"\\" if self._machine.platform == "windows" else b"/"
        if self._single:
            name = path.rsplit(separator, 1)[-1] if path == self._root else None
        else:
            start = self._root.rstrip(separator) + separator
            name = path.removeprefix(start).replace(separator, b"/") if path.startswith(start) else None
        if name is None:
            return None
        shown = clean(display(name), _LONGEST)
        return shown if member is None else f"{shown}{_MEMBER}{clean(member, _LONGEST)}"


def _artifacts(machine: Machine, root: bytes) -> "tuple[tuple[Artifact, ...], Iterator[Unexamined]]":
    """Return everything that a scan would list, with measured digests, and what it could not look at."""
    options = Options(roots=(root,), cache=False)
    seen = see(machine, options, None, silent)
    for sighting in seen.sightings.values():
        find_parts(machine, sighting)
    digests = measure(machine, options, None, seen, silent)
    if seen.interrupted:
        raise KeyboardInterrupt
    return assemble(seen.sightings.values(), digests), iter(seen.unexamined)


def _ending(name: str) -> str:
    base = name.rpartition("/")[2]
    return base.rpartition(".")[2].lower() if "." in base else ""
