"""The files behind what a command line or a server calls a model: a path, a folder of weights, a name of the Hub.

In: a process and what was named. Out: absolute paths; what lies at them decides. A name of the form `owner/name` means
the snapshot in the Hugging Face cache that `refs/main` points to, as `huggingface_hub` resolves it without a network.
"""

import re
from collections.abc import Iterator

from weighbridge.discover.argument_paths import NamedPath, argument_paths
from weighbridge.discover.folder import join
from weighbridge.discover.huggingface_cache import PROBE as HUB_CACHE
from weighbridge.discover.process_view import ProcessView
from weighbridge.host.live import Live
from weighbridge.host.machine import Machine
from weighbridge.model.source import LimitReached

_PASSING = (b"/dev/", b"/proc/", b"/sys/")
_HUB_NAME = re.compile(rb"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)
_COMMIT = re.compile(rb"[0-9a-f]{40}")
_MOST = 256
"""Files that one command line names, by themselves or as the content of folders."""


class NamedFiles:
    """Finds files by what processes call them.

    Args:
        machine: for files whose owner does not show them, and the cache of the Hub.
        live: the running side of it.
    """

    def __init__(self, machine: Machine, live: Live) -> None:
        self._machine = machine
        self._live = live
        self._hub_roots: tuple[bytes, ...] | None = None

    def of_command_line(self, view: ProcessView) -> Iterator[NamedPath]:
        """Yield the files that the command line names. Raises ProcessLookupError if the process ended."""
        count = 0
        for argument in argument_paths(view.command_line):
            for path in self._files(view, argument.path, in_folders=argument.as_model):
                yield NamedPath(path, argument.as_model)
                count += 1
                if count >= _MOST:
                    return

    def of_server(self, view: ProcessView, name: bytes) -> Iterator[bytes]:
        """Yield the files behind a model's name, at most `_MOST`. Raises ProcessLookupError if the process ended."""
        for count, path in enumerate(self._files(view, name, in_folders=True)):
            if count < _MOST:
                yield path

    def _files(self, view: ProcessView, name: bytes, *, in_folders: bool) -> Iterator[bytes]:
        path = _absolute(name, view.working_folder)
        if path is None or path.startswith(_PASSING):
            return
        names = self._names(view, path) if in_folders else None
        if names is not None:
            yield from (path.rstrip(b"/") + b"/" + one for one in names)
            return
        snapshot = self._snapshot(name) if in_folders else None
        if snapshot is not None:
            for one in self._names(view, snapshot) or ():
                yield join(self._machine, snapshot, one)
            return
        yield path

    def _names(self, view: ProcessView, folder: bytes) -> list[bytes] | None:
        """Return the names in `folder`, None if it is none."""
        try:
            return self._live.list_folder(view.pid, folder)
        except ProcessLookupError:
            raise
        except PermissionError:
            pass
        except (OSError, ValueError):
            return None
        try:
            return [entry.name for entry in self._machine.list_directory(folder)]
        except OSError:
            return None

    def _snapshot(self, name: bytes) -> bytes | None:
        """Return the folder that a name of the Hub stands for, None if it was never fetched here."""
        if not _HUB_NAME.fullmatch(name):
            return None
        if self._hub_roots is None:
            self._hub_roots = HUB_CACHE.roots(self._machine)
        for root in self._hub_roots:
            repository = join(self._machine, root, b"models--" + name.replace(b"/", b"--"))
            try:
                commit = self._machine.read_file(join(self._machine, repository, b"refs", b"main"), 200).strip()
            except (OSError, LimitReached):
                continue
            if _COMMIT.fullmatch(commit):
                return join(self._machine, repository, b"snapshots", commit)
        return None


def _absolute(path: bytes, folder: bytes | None) -> bytes | None:
    if path.startswith(b"/"):
        return path
    return None if folder is None else folder.rstrip(b"/") + b"/" + path
