"""Folders with weights: what else lies there is read, and the folder is judged as a whole.

Called once, after the sweep. Only folders that hold weights are listed; in a repository, Python, license texts and
programs are looked at too, whether or not the sweep found them plausible.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import field
from typing import TYPE_CHECKING, Any

from weighbridge.host.machine import IsolationError, Machine, Stat
from weighbridge.host.survey import is_file
from weighbridge.model.artifact import Repository
from weighbridge.model.finding import Unexamined
from weighbridge.model.observation import PythonProgram, Unread
from weighbridge.model.place import Place
from weighbridge.model.record import draft
from weighbridge.model.source import LimitReached
from weighbridge.pipeline.assemble import Sighting
from weighbridge.pipeline.beside_names import expected, is_data
from weighbridge.pipeline.examined import Outcome, decode, encode
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.repository import (
    LOADER_NAMES,
    RepositoryFile,
    code_wanted,
    examine_code,
    examine_link,
    examine_program,
    gather,
    is_repository,
    program_kind,
)
from weighbridge.pipeline.sight import Seen

if TYPE_CHECKING:
    from weighbridge.pipeline.cache import Cache

MOST_ENTRIES = 3_000
"""Files of a folder that are opened without a name that asks for it, to see whether they are programs."""
MOST_DATA = 500
"""Of those, files that are named as pictures, texts and the like; the others are not opened, and nothing is missed."""
MOST_NAMED = 20_000
MOST_FOLDERS = 5_000
MOST_CODE = 200
MOST_PLAIN = 60
"""Python files looked at although nothing names them, nearest first."""
MOST_PROGRAMS = 40
LONGEST_CODE = 2 << 20
HEAD_BYTES = 4096
ROOT_MARKERS = (b"model_index.json", b"modules.json")
"""Files whose folder loads the weights in the folders below it."""
DEEPEST = 4
"""Levels of folders below the weights in which programs and code are looked for."""
LEFT_OUT = frozenset({b"node_modules", b"__pycache__", b"site-packages", b"venv", b"env"})
_TAG = b"beside\n"
Look = Callable[[bytes, Stat], Outcome]
"""Reads the file at a path; the stat is the file's own."""


@draft
class _Folder:
    machine: Machine
    options: Options
    cache: "Cache | None"
    seen: Seen
    path: bytes
    separator: bytes
    known: dict[bytes, Sighting]
    """By relative path."""
    beside: dict[bytes, bytes] = field(default_factory=dict)
    """Other files: relative path to absolute."""
    links: dict[bytes, bytes] = field(default_factory=dict)
    """Symbolic links among all files: relative path to absolute."""
    counted: Counter[str] = field(default_factory=Counter)
    """Folders, and files by the limit that they fall under."""
    deeper: list[tuple[bytes, bytes]] = field(default_factory=list)
    """Folders that are listed only if this one is a repository: absolute path and relative path with `/`."""

    def files(self) -> list[RepositoryFile]:
        return [
            RepositoryFile(relative=relative, examined=piece)
            for relative, sighting in self.known.items()
            for piece in sighting.outcome.examined
            if piece.member is None
        ]


def judge_repositories(
    machine: Machine, options: Options, cache: "Cache | None", seen: Seen, repositories: list[Repository] | None = None
) -> list[Repository]:
    """Return `repositories` (a new list if None) with those among the folders that were seen.

    Adds to `seen`: facts of configurations to the weights beside them; configurations, license texts, code and programs
    that the sweep passed over; whatever could not be read.
    """
    repositories = repositories if repositories is not None else []
    for folder in _folders(machine, options, cache, seen):
        _list(folder, folder.path, b"")
        _configurations(folder)
        if not is_repository(folder.files(), folder.beside):
            continue
        while folder.deeper:
            _list(folder, *folder.deeper.pop(0))
        _code(folder)
        _programs(folder)
        _links(folder)
        gathered = gather(folder.path, folder.files())
        for sighting in folder.known.values():
            if any(piece.member is None and piece.holds_model for piece in sighting.outcome.examined):
                sighting.facts = (*sighting.facts, *gathered.facts)
        repositories.append(gathered.repository)
    return repositories


def _folders(machine: Machine, options: Options, cache: "Cache | None", seen: Seen) -> Iterator[_Folder]:
    separator = b"\\" if machine.platform == "windows" else b"/"
    by_folder: dict[bytes, dict[bytes, Sighting]] = {}
    for sighting in seen.sightings.values():
        for path in (sighting.path, *(link.path for link in sighting.links)):
            folder, _, name = path.rpartition(separator)
            by_folder.setdefault(folder, {})[name] = sighting
    roots = {folder for folder, names in by_folder.items() if any(marker in names for marker in ROOT_MARKERS)}
    for folder in sorted(by_folder):
        parent, _, name = folder.rpartition(separator)
        if parent in roots and folder not in roots:
            for below, sighting in by_folder[folder].items():
                by_folder[parent][name + b"/" + below] = sighting
            by_folder[folder] = {}
    for folder, known in sorted(by_folder.items()):
        pieces = [piece for sighting in known.values() for piece in sighting.outcome.examined if piece.member is None]
        if any(piece.holds_model or any(fact.name == "code.file" for fact in piece.facts) for piece in pieces):
            yield _Folder(
                machine=machine,
                options=options,
                cache=cache,
                seen=seen,
                path=folder,
                separator=separator,
                known=dict(known),
            )


def _list(folder: _Folder, path: bytes, prefix: bytes) -> None:
    """Note the files of one folder that are not known yet, and below it those of folders that may hold code."""
    if not _counts(folder, "folders", MOST_FOLDERS, path):
        return
    try:
        entries = folder.machine.list_directory(path)
    except OSError:
        return
    for entry in entries:
        relative = prefix + entry.name
        if entry.kind in ("file", "link"):
            if not _keeps(folder, relative, entry.kind, path):
                continue
            if entry.kind == "link":
                folder.links[relative] = path + folder.separator + entry.name
            if relative not in folder.known:
                folder.beside[relative] = path + folder.separator + entry.name
        elif entry.kind == "directory" and not _left_out(entry.name):
            below = path + folder.separator + entry.name
            if not prefix:
                _list(folder, below, relative + b"/")
            elif prefix.count(b"/") < DEEPEST:
                folder.deeper.append((below, relative + b"/"))


def _keeps(folder: _Folder, relative: bytes, kind: str, path: bytes) -> bool:
    """Tell whether a file is looked at; what matters by its name is, however many others lie there."""
    if relative in folder.known:
        return True
    if kind == "link" or relative.endswith(b".py") or expected(relative) is not None:
        return _counts(folder, "files with names of code, settings and terms", MOST_NAMED, path)
    if is_data(relative):
        folder.counted["data"] += 1
        return folder.counted["data"] <= MOST_DATA
    return _counts(folder, "files that may be programs", MOST_ENTRIES, path)


def _counts(folder: _Folder, what: str, most: int, path: bytes) -> bool:
    """Count one, and say once that there are more than `most`."""
    folder.counted[what] += 1
    if folder.counted[what] == most + 1:
        folder.seen.unexamined.append(Unexamined(path=path, reason=f"more than {most} {what} beside weights"))
    return folder.counted[what] <= most


def _left_out(name: bytes) -> bool:
    return name.startswith(b".") or name in LEFT_OUT


def _configurations(folder: _Folder) -> None:
    """Read configurations and license texts that the sweep had no reason to open."""
    for relative in sorted(folder.beside):
        expect = expected(relative)
        below = relative.count(b"/")
        if expect is None or (below and expect == "model-card") or (below > 1 and expect == "license-text"):
            continue

        def look(real: bytes, _stat: Stat, expect: str = expect) -> Outcome:
            from weighbridge.pipeline.examine import examine  # the readers load only where something has to be read

            return examine(folder.machine, real, digest_members=False, expect=expect)

        _take(folder, relative, expect.encode(), look)


def _code(folder: _Folder) -> None:
    named = {relative for relative in folder.beside if LOADER_NAMES.fullmatch(relative)}
    taken = 0
    waiting = sorted(named | code_wanted(folder.files()))
    plain = sorted(
        (relative for relative in folder.beside if relative.endswith(b".py")), key=lambda each: (each.count(b"/"), each)
    )[:MOST_PLAIN]
    while waiting or plain:
        is_named = bool(waiting)
        relative = waiting.pop(0) if waiting else plain.pop(0)
        if relative not in folder.beside:
            continue
        taken += 1
        if taken > MOST_CODE:
            reason = f"more than {MOST_CODE} Python files beside weights"
            folder.seen.unexamined.append(Unexamined(path=folder.beside[relative], reason=reason))
            return

        def look(real: bytes, stat: Stat, relative: bytes = relative, named: bool = is_named) -> Outcome:
            program = _program(folder.machine, real)
            return Outcome(examined=(examine_code(relative, stat.st_size, program, named=named),))

        if _take(folder, relative, b"named code" if is_named else b"code", look) and is_named:
            waiting = sorted(set(waiting) | (code_wanted(folder.files()) & folder.beside.keys()))


def _program(machine: Machine, path: bytes) -> PythonProgram | Unread:
    try:
        answer = json.loads(machine.isolated("python", machine.read_file(path, LONGEST_CODE)))
    except (OSError, LimitReached, IsolationError, ValueError) as error:
        return Unread(what="code", reason=str(error))
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in answer.items()
    }
    return PythonProgram(**values)


def _programs(folder: _Folder) -> None:
    taken = plain = 0
    for relative, path in sorted(folder.beside.items()):
        plain += relative.endswith(b".py")
        if plain > MOST_ENTRIES and relative.endswith(b".py"):
            continue
        try:
            real = folder.machine.resolve(path)
            head, _ = folder.machine.peek(real, HEAD_BYTES, 0)
        except (OSError, LimitReached):
            continue
        kind = program_kind(relative, head)
        if kind is None:
            continue
        if taken >= MOST_PROGRAMS:
            reason = f"more than {MOST_PROGRAMS} programs beside weights"
            folder.seen.unexamined.append(Unexamined(path=path, reason=reason))
            return

        def look(_real: bytes, stat: Stat, relative: bytes = relative, kind: str = kind) -> Outcome:
            return Outcome(examined=(examine_program(relative, stat.st_size, kind),))

        taken += _take(folder, relative, b"program " + kind.encode(), look)


def _links(folder: _Folder) -> None:
    """Judge links that leave the repository and lead to nothing that the scan knows as a model."""
    snapshots = folder.separator + b"snapshots" + folder.separator
    cache, found, _ = folder.path.rpartition(snapshots)  # a cache links snapshots to blobs beside them
    homes = (folder.path + folder.separator, *([cache + folder.separator] if found else []))
    taken = 0
    for relative, path in sorted(folder.links.items()):
        try:
            real = folder.machine.resolve(path)
            stat = folder.machine.stat(path)
        except OSError:
            continue
        if real.startswith(homes) or real in folder.seen.sightings or taken >= MOST_PROGRAMS:
            continue
        taken += 1
        outcome = Outcome(examined=(examine_link(relative, real),))
        folder.seen.sightings[path] = folder.known[relative] = Sighting(
            path=path, identity=(stat.st_dev, stat.st_ino), outcome=outcome
        )
        folder.seen.stats[path] = stat


def _take(folder: _Folder, relative: bytes, tag: bytes, look: Look) -> bool:
    """Move a file from `beside` to `known`; False if it cannot be read or is known elsewhere as something else."""
    path = folder.beside.pop(relative)
    try:
        real = folder.machine.resolve(path)
        stat = folder.machine.stat(real)
    except OSError as error:
        folder.seen.unexamined.append(Unexamined(path=path, reason=error.strerror or type(error).__name__))
        return False
    if not is_file(stat):
        return False
    sighting = folder.seen.sightings.get(real)
    if sighting is None:
        outcome = _remembered(folder, stat, tag)
        if outcome is None:
            outcome = look(real, stat)
            if folder.cache is not None and not outcome.unexamined:
                folder.cache.keep_outcome(stat, _TAG + tag + b"\n" + encode(outcome))
        folder.seen.unexamined += outcome.unexamined
        weights = next(iter(folder.known.values()))
        sighting = Sighting(
            path=real,
            identity=(stat.st_dev, stat.st_ino),
            outcome=outcome,
            store=weights.store,
            store_name=weights.store_name,
        )
        folder.seen.sightings[real] = sighting
        folder.seen.stats[real] = stat
    if real != path and all(link.path != path for link in sighting.links):
        sighting.links.append(Place(path=path, store=sighting.store, store_name=sighting.store_name, link=True))
    folder.known[relative] = sighting
    return True


def _remembered(folder: _Folder, stat: Stat, tag: bytes) -> Outcome | None:
    content = folder.cache.outcome(stat) if folder.cache is not None else None
    start = _TAG + tag + b"\n"
    if content is None or not content.startswith(start):
        return None
    try:
        return decode(content[len(start) :])
    except (ValueError, KeyError, TypeError):
        return None
