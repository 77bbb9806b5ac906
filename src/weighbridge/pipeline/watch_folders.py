"""Which announced changes of folders deserve a scan or an audit: most are none of our business.

Announcements name a folder; its files are compared with what they were, and only one that became a model by its first
bytes, that was one, or that is a configuration of an agent counts.
"""

import errno
import os
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import NamedTuple, Protocol

from weighbridge.formats.identify import head_of, tail_of
from weighbridge.host.folder_events import Changed
from weighbridge.host.machine import Machine
from weighbridge.model.record import draft
from weighbridge.model.source import SourceError
from weighbridge.pipeline.inspect import INDEX
from weighbridge.pipeline.watch_budget import Budget

_QUIET_SECONDS = 2.0
"""How long nothing must change in a folder before it is looked at: downloads write for a while."""
_LONGEST_SECONDS = 30.0
"""How long a folder that never comes to rest waits for its look."""
_REST_SECONDS = 10.0
"""How long a folder is left alone after a look; doubled each time it changed meanwhile."""
_LONGEST_REST_SECONDS = 160.0
_LEAST_BYTES = 1024
_MOST_ENTRIES = 5000
_MOST_NEW = 200
_OPENING = 40
"""How much dearer it is to look into a file than to list it."""
_ENTRIES_SECOND, _ENTRIES_BURST = 200.0, 40_000.0
"""Listed files that may be paid for: about 0.1 % of a core, and a fifth of a second at once."""
_LONGEST_DEBT = 120.0

Version = tuple[int, int, int]


class Watches(Protocol):
    """Announcements: `host.folder_events.FolderEvents`."""

    def watch(self, folder: bytes) -> None:
        """Watch one folder. Raises OSError."""
        ...

    def take(self) -> Changed:
        """Return what was announced since the last call."""
        ...


class Stale(NamedTuple):
    """What is to be looked at again."""

    folders: tuple[bytes, ...] = ()
    """For models."""
    configurations: bool = False
    """Whether agents are configured in another way."""


@draft
class _Folder:
    files: "array[int]" = field(default_factory=lambda: array("q"))
    """A hash of the name and version of each file: thousands of folders are watched, with any number of files."""
    changed: float | None = None
    """When a change was announced first that was not looked at yet."""
    latest: float = 0.0
    not_before: float = 0.0
    rest: float = 0.0
    """How long it was left alone after its last look."""


class Folders:
    """Watches folders.

    Args:
        machine: whose.
        watches: announces; None where the platform does not.
    """

    def __init__(self, machine: Machine, watches: Watches | None) -> None:
        self._machine, self._watches = machine, watches
        self._folders: dict[bytes, _Folder] = {}
        self._changed: set[bytes] = set()
        self._models: set[bytes] = set()
        self._configurations: dict[bytes, Version | None] = {}
        self._budget = Budget(machine.monotonic(), share=_ENTRIES_SECOND, most=_ENTRIES_BURST, longest=_LONGEST_DEBT)
        self.shortcoming = "" if watches is not None else "changes of files: this platform does not announce them"
        """What of it does not work, for a person."""
        self.lost = 0
        """How often announcements were dropped."""

    def __len__(self) -> int:
        """Return how many folders are watched."""
        return len(self._folders)

    def watch(self, folders: Iterable[bytes]) -> None:
        """Watch these folders from now on."""
        for folder in folders:
            if self._watches is None or folder in self._folders:
                continue
            try:
                self._watches.watch(folder)
            except OSError as error:
                if error.errno in (errno.ENOSPC, errno.EMFILE):
                    self.shortcoming = f"changes of files beyond {len(self._folders):,} folders: fs.inotify limits"
                    return
                continue  # gone, or not ours to see: a scan tells
            self._folders[folder] = _Folder(files=self._listed(folder))

    def watch_models(self, paths: Iterable[bytes]) -> None:
        """Take note of where models lie: that one of them changes or goes always counts."""
        self._models = set(paths)

    def watch_configurations(self, paths: Iterable[bytes]) -> None:
        """Take note of the files that an audit rests on, and watch their folders."""
        self._configurations = {path: self._version(path) for path in paths}
        self.watch({os.path.dirname(path) for path in self._configurations})

    def take(self, now: float) -> None:
        """Take announcements in."""
        if self._watches is None:
            return
        changed = self._watches.take()
        if changed.lost:
            self.lost += 1
        for path in self._folders if changed.lost else changed.folders:
            folder = self._folders.get(path)
            if folder is not None:
                folder.changed = now if folder.changed is None else folder.changed
                folder.latest = now
                self._changed.add(path)
        for path in sorted(changed.appeared)[:_MOST_NEW]:
            self.watch([path])
            if (new := self._folders.get(path)) is not None:  # what was put there before the watch stood
                new.files = array("q")
                new.changed, new.latest = now, now
                self._changed.add(path)

    def due(self) -> float | None:
        """Return when the next folder is to be looked at."""
        first = min((self._time(self._folders[path]) for path in self._changed), default=None)
        return None if first is None else max(first, self._budget.due())

    def stale(self, now: float) -> Stale:
        """Return what announced changes make stale, of the folders whose time has come."""
        found: list[bytes] = []
        configurations = False
        for path in sorted(self._changed, key=lambda one: (self._time(self._folders[one]), one)):
            folder = self._folders[path]
            if self._time(folder) > now or self._budget.left(now) < 0:
                break
            self._changed.remove(path)
            restless = folder.changed is not None and folder.changed < folder.not_before
            folder.rest = min(2 * folder.rest, _LONGEST_REST_SECONDS) if restless else _REST_SECONDS
            folder.changed, folder.not_before = None, now + folder.rest
            before, listed = set(folder.files), dict(self._files(path))
            self._budget.spend(1 + len(listed), now)
            folder.files = _hashes(listed)
            names = {name for name, version in listed.items() if hash((name, version)) not in before}
            if not before <= set(folder.files):  # something is gone or is another now: of ours we know the names
                ours = (one for one in (*self._models, *self._configurations) if os.path.dirname(one) == path)
                names |= {os.path.basename(one) for one in ours} - listed.keys()
            paths = [os.path.join(path, name) for name in names]
            self._budget.spend(_OPENING * len(paths), now)
            if any(one in self._models or self._is_model(one) for one in paths):
                found.append(path)
            configurations = configurations or self._is_configured_anew(paths)
            if not folder.files and not self._exists(path):
                del self._folders[path]
                found.append(path)
        return Stale(tuple(sorted(found)), configurations)

    def _time(self, folder: _Folder) -> float:
        began = folder.changed or 0.0
        return max(min(folder.latest + _QUIET_SECONDS, began + _LONGEST_SECONDS), folder.not_before)

    def _is_configured_anew(self, paths: Iterable[bytes]) -> bool:
        changed = False
        for path in paths:
            if path in self._configurations and self._configurations[path] != (version := self._version(path)):
                self._configurations[path] = version
                changed = True
        return changed

    def _is_model(self, path: bytes) -> bool:
        try:
            source = self._machine.open(self._machine.resolve(path))
        except (OSError, ValueError):
            return False
        try:
            if source.size < _LEAST_BYTES:
                return False
            return bool(INDEX.recognized(source, head_of(source), tail_of(source)))
        except SourceError:
            return True  # it changes while it is looked at
        finally:
            source.close()

    def _listed(self, folder: bytes) -> "array[int]":
        return _hashes(dict(self._files(folder)))

    def _files(self, folder: bytes) -> Iterator[tuple[bytes, Version]]:
        try:
            entries = self._machine.list_directory(folder)
        except OSError:
            return
        for entry in entries[:_MOST_ENTRIES]:
            if entry.kind in ("file", "link") and entry.stat is not None:
                yield entry.name, (entry.stat.st_ino, entry.stat.st_size, entry.stat.st_mtime_ns)

    def _version(self, path: bytes) -> Version | None:
        try:
            stat = self._machine.stat(path)
        except OSError:
            return None
        return stat.st_ino, stat.st_size, stat.st_mtime_ns

    def _exists(self, path: bytes) -> bool:
        return self._version(path) is not None


def _hashes(files: Mapping[bytes, Version]) -> "array[int]":
    return array("q", [hash(one) for one in files.items()])
