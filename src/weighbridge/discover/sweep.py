"""One pass over folders: every regular file at most once per path, unchanged folders almost for free.

    for item in sweep(machine, roots, PROBES, plausible, memory=cache.folders, tally=tally):
        match item:
            case Sighted():      # worth reading: `item.candidate`, `item.stat`; `item.head` is None if unchanged
            case Unexamined():   # could not be looked at, and why

Order: roots as given, depth first, byte order of names, so the same tree gives the same order; then the symbolic links
that lead to a sighted file. What `memory` remembers is not read again: for an unchanged folder only the names that were
plausible the last time come back, with `head` and `tail` None. That also makes an interrupted sweep resumable.

A file that is sighted is plausible, no more: it still has to be recognized. Identity is `(st_dev, st_ino)`: hard links
and links come as several sightings with the same identity. A result should be kept under the stat of the open file that
it was read from (`machine.open(path).stat`): the file may have changed since it was sighted.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field
from typing import NamedTuple, Protocol

from weighbridge.discover.links import Links
from weighbridge.discover.noise import Noise, noise_of
from weighbridge.discover.probe import Candidate, Probe
from weighbridge.discover.stores import Stores, Within
from weighbridge.host.machine import Machine, Stat
from weighbridge.host.surroundings import is_placeholder
from weighbridge.host.survey import Survey, is_file, is_link, unchanged_names
from weighbridge.model.finding import Unexamined
from weighbridge.model.record import draft, record

HEAD_BYTES = 4096
TAIL_BYTES = 64

STOPPED = "stopped after reading"
"""How the reason begins where a budget ended the sweep."""
_ABSENT = b".no_exist"
"""Folder of the Hugging Face cache whose empty files say of their names that the hub has no such file."""
_IN_THE_CLOUD = "its content is in the cloud and not on this machine"

Plausible = Callable[[bytes, int, bytes, bytes], bool]
"""Name (last component), size, first and last bytes: could any reader want this file? Called with empty bytes for an
empty file, and for a name alone (size 0), where it answers by the name."""


@record
class Sighted:
    """A file that may hold a model."""

    candidate: Candidate
    stat: Stat
    """Of the file itself, also where the candidate is a link to it."""
    head: bytes | None
    """First `HEAD_BYTES`; None if the file is unchanged since it was remembered, or a link: not read this time."""
    tail: bytes | None
    """Last `TAIL_BYTES`."""


class Remembered(NamedTuple):
    """What is known of a folder since the last sweep."""

    fingerprint: bytes
    names: tuple[bytes, ...]
    """The plausible files in it."""


class Memory(Protocol):
    """Where a sweep keeps what it learned; `weighbridge.pipeline.cache` is one. Never raises."""

    def folder(self, path: bytes) -> Remembered | None:
        """Return what is known of a folder."""
        ...

    def listing(self, path: bytes) -> bytes | None:
        """Return the listing that belongs to the remembered fingerprint."""
        ...

    def remember(self, path: bytes, remembered: Remembered, listing: bytes) -> None:
        """Keep what is known of a folder from now on."""
        ...


@draft
class Tally:
    """Running totals, for progress and the summary."""

    files: int = 0
    """Regular files, links and other things that are no folders."""
    size: int = 0
    """Bytes of all of them."""
    peeked: int = 0
    """Files whose first and last bytes were read in this run."""
    folders: int = 0
    current: bytes = b""
    """Folder at hand."""


@draft
class _Walk:
    machine: Machine
    plausible: Plausible
    memory: Memory | None
    noise: Noise
    stores: Stores
    tally: Tally
    most_peeks: int | None
    enough: Callable[[], bool]
    separator: bytes
    links: Links
    started_ns: int
    visited: dict[int, set[int]] = field(default_factory=dict)
    """Folders that were listed: inodes by device."""
    single: set[bytes] = field(default_factory=set)
    """Files that were roots themselves."""
    dismissed: set[bytes] = field(default_factory=set)
    """What the caller has no use for, of the folder at hand."""
    stopped: bool = False


def sweep(
    machine: Machine,
    roots: Iterable[bytes],
    probes: Sequence[Probe],
    plausible: Plausible,
    *,
    memory: Memory | None = None,
    tally: Tally | None = None,
    most_peeks: int | None = None,
    dismissed: set[bytes] | None = None,
    enough: Callable[[], bool] | None = None,
) -> Iterator[Sighted | Unexamined]:
    """Yield every plausible file under `roots`, and what could not be looked at.

    Args:
        machine: where.
        roots: absolute files or folders, given on purpose: a root may be a link or lie on a network filesystem. What
            lies below is not followed over links to folders, nor into network and pseudo filesystems.
        probes: the stores that can be recognized; their sayings travel in `Sighted.candidate`.
        plausible: which files are worth reading, from name, size, first and last bytes.
        memory: what the last sweep learned, if anything.
        tally: totals that the caller may look at while the sweep runs.
        most_peeks: budget: after so many files whose bytes had to be read the sweep says so and ends; with a
            `memory`, the next one goes on from there.
        dismissed: the caller adds the path of a sighted file that it looked at and has no use for, before it asks for
            the next one: while that file is unchanged, later sweeps with the same `memory` pass it over.
        enough: asked before every file that has to be read: once it says yes the sweep ends as by `most_peeks`.
    """
    separator = b"\\" if machine.platform == "windows" else b"/"
    given = tuple(dict.fromkeys(roots))
    walk = _Walk(
        machine=machine,
        plausible=plausible,
        memory=memory,
        noise=noise_of(machine),
        stores=Stores(machine, probes, separator),
        tally=tally if tally is not None else Tally(),
        most_peeks=most_peeks,
        enough=enough if enough is not None else _never,
        separator=separator,
        links=Links(machine, separator, lambda name: plausible(name, 0, b"", b"")),
        started_ns=int(machine.now().timestamp() * 1_000_000_000),
        dismissed=dismissed if dismissed is not None else set(),
    )
    for root in given:
        walk.links.add_root(root)
    for root in given:
        for item in _root(walk, root):
            if isinstance(item, Sighted):
                walk.links.sighted(item.stat)
            yield item
    for candidate, target in walk.links.resolved():
        if target is None:
            yield Unexamined(path=candidate.path, reason="symbolic link to a place outside of the scanned paths")
        else:
            yield Sighted(candidate=candidate, stat=target, head=None, tail=None)


def _root(walk: _Walk, root: bytes) -> Iterator[Sighted | Unexamined]:
    try:
        path = walk.machine.resolve(root)
        status = walk.machine.stat(path)
    except OSError as error:
        yield Unexamined(path=root, reason=_reason(error))
        return
    if is_file(status):
        if path != root:
            walk.links.add(walk.stores.describe(root, Within()), True)
        folder, _, name = path.rpartition(walk.separator)
        if path not in walk.single and not _was_listed(walk, folder or walk.separator):
            walk.single.add(path)
            walk.tally.files += 1
            walk.tally.size += status.st_size
            looked = _file(walk, path, name, status, walk.stores.enter_above(path))
            if looked is not None:
                yield looked
    elif status.st_mode & 0o170000 == 0o040000:
        yield from _folders(walk, path, status)
    else:
        yield Unexamined(path=root, reason="neither a file nor a folder")


def _was_listed(walk: _Walk, folder: bytes) -> bool:
    try:
        status = walk.machine.stat(folder)
    except OSError:
        return False
    return status.st_ino in walk.visited.get(status.st_dev, ())


def _folders(walk: _Walk, root: bytes, status: Stat) -> Iterator[Sighted | Unexamined]:
    waiting: list[tuple[bytes, int, int, Within]] = [
        (root, status.st_dev, status.st_ino, walk.stores.enter_above(root))
    ]
    while waiting:
        path, device, inode, within = waiting.pop()
        visited = walk.visited.setdefault(device, set())
        if path in walk.noise.silent or inode in visited:
            continue
        if path in walk.noise.network and path != root:
            yield Unexamined(
                path=path, reason=f"network filesystem ({walk.noise.network[path]}); name it to include it"
            )
            continue
        try:
            survey = walk.machine.survey(path)
        except OSError as error:
            if not isinstance(error, FileNotFoundError):
                yield Unexamined(path=path, reason=_reason(error))
            continue
        visited.add(inode)
        tally = walk.tally
        tally.folders += 1
        tally.files += len(survey.names)
        tally.size += survey.total_bytes()
        tally.current = path
        within, troubles = walk.stores.enter(path, within, survey)
        yield from troubles
        for item in _files(walk, path, survey, within):
            if not (isinstance(item, Sighted) and item.candidate.path in walk.single):
                yield item
        if walk.stopped or (walk.most_peeks is not None and tally.peeked >= walk.most_peeks):
            yield Unexamined(path=root, reason=f"{STOPPED} {tally.peeked} files; scan again to go on")
            return
        prefix = path if path.endswith(walk.separator) else path + walk.separator
        waiting += [(prefix + name, child.st_dev, child.st_ino, within) for name, child in reversed(survey.folders)]


def _files(walk: _Walk, path: bytes, survey: Survey, within: Within) -> Iterator[Sighted | Unexamined]:
    """Yield the plausible files of one folder, from memory if nothing in it changed."""
    prefix = path if path.endswith(walk.separator) else path + walk.separator
    fingerprint = survey.fingerprint() if walk.memory is not None else b""
    known = walk.memory.folder(path) if walk.memory is not None else None
    wanted = frozenset(known.names) if known is not None else frozenset()
    if known is not None and known.fingerprint == fingerprint:
        if wanted:
            by_name = dict(zip(survey.names, survey.stats, strict=True))
            for name in known.names:
                if is_link(by_name[name]):
                    walk.links.add(walk.stores.describe(prefix + name, within), within.store is not None)
                else:
                    yield _again(walk, prefix + name, by_name[name], within)
        return
    earlier = walk.memory.listing(path) if walk.memory is not None and known is not None else None
    unchanged = unchanged_names(earlier, survey) if earlier is not None else frozenset()
    names: list[bytes] = []
    for name, status in sorted(zip(survey.names, survey.stats, strict=True), key=_first):
        if is_link(status):
            names.append(name)
            walk.links.add(walk.stores.describe(prefix + name, within), within.store is not None)
            continue
        if name not in unchanged:
            if walk.enough():
                walk.stopped = True
                return  # the folder is not remembered: the next sweep begins with it
            looked = _file(walk, prefix + name, name, status, within)
        elif name in wanted:
            looked = _again(walk, prefix + name, status, within)
        else:
            continue
        if looked is not None:
            # One at a time, so that a folder of thousands of plausible files does not gather their first bytes.
            yield looked
            if prefix + name in walk.dismissed:
                walk.dismissed.discard(prefix + name)
            else:
                names.append(name)
    if walk.memory is not None and _settled(survey, walk.started_ns):
        walk.memory.remember(path, Remembered(fingerprint, tuple(names)), survey.listing())


def _file(walk: _Walk, path: bytes, name: bytes, status: Stat, within: Within) -> Sighted | Unexamined | None:
    if not is_file(status):
        return None
    if is_placeholder(status, walk.machine.platform):
        return Unexamined(path=path, reason=_IN_THE_CLOUD)
    head = tail = b""
    if status.st_size:
        walk.tally.peeked += 1
        try:
            head, tail = walk.machine.peek(path, HEAD_BYTES, TAIL_BYTES)
        except FileNotFoundError:
            return None
        except OSError as error:
            return Unexamined(path=path, reason=_reason(error))
    elif _ABSENT in path.split(walk.separator):
        return None
    if walk.plausible(name, status.st_size, head, tail):
        return _sighted(walk, path, status, within, head, tail)
    return None


def _again(walk: _Walk, path: bytes, status: Stat, within: Within) -> Sighted | Unexamined:
    """Return a file that was plausible the last time and has not changed; nothing of it is read."""
    if is_placeholder(status, walk.machine.platform):
        return Unexamined(path=path, reason=_IN_THE_CLOUD)
    return _sighted(walk, path, status, within, None, None)


def _sighted(walk: _Walk, path: bytes, status: Stat, within: Within, head: bytes | None, tail: bytes | None) -> Sighted:
    return Sighted(candidate=walk.stores.describe(path, within), stat=status, head=head, tail=tail)


def _settled(survey: Survey, started_ns: int) -> bool:
    """Tell whether a change after the sweep began must show in the times, however coarse the filesystem's clock is."""
    newest = survey.newest_change_ns()
    grain = 2_500_000_000 if newest % 1_000_000_000 == 0 else 50_000_000
    return newest + grain < started_ns


def _never() -> bool:
    return False


def _first(pair: tuple[bytes, Stat]) -> bytes:
    return pair[0]


def _reason(error: OSError) -> str:
    return (error.strerror or str(error) or type(error).__name__).lower()
