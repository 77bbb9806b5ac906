"""Symbolic links to files: extra places of what they lead to, if that lies under the scanned paths too."""

import ntpath
import posixpath
from collections.abc import Callable, Iterator
from dataclasses import replace

from weighbridge.discover.probe import Candidate
from weighbridge.host.machine import Machine, Stat
from weighbridge.host.survey import is_file


class Links:
    """Collects links during a sweep and resolves them at its end, when all sighted files are known.

    A link that leads out of the roots is never followed, not even for a stat: the place may be on a network.

    Args:
        machine: where.
        separator: of paths there.
        by_name: whether a file of this name would be worth reading whatever it holds.
    """

    def __init__(self, machine: Machine, separator: bytes, by_name: Callable[[bytes], bool]) -> None:
        self._machine = machine
        self._separator = separator
        self._by_name = by_name
        self._rules = ntpath if separator == b"\\" else posixpath
        self._roots: list[bytes] = []
        self._sighted: set[tuple[int, int]] = set()
        self._links: list[tuple[Candidate, bool]] = []

    def add_root(self, root: bytes) -> None:
        """Count `root`, as written and with its own links followed, among the places that links may lead to."""
        self._roots.append(self._rules.normpath(root))
        try:
            resolved = self._machine.resolve(root)
        except OSError:
            return
        if resolved not in self._roots:
            self._roots.append(resolved)

    def sighted(self, status: Stat) -> None:
        """Note that the file of this stat is one that links may lead to."""
        self._sighted.add((status.st_dev, status.st_ino))

    def add(self, candidate: Candidate, in_store: bool) -> None:
        """Note a link. One in a store, or named like a model, is spoken of even if it leads outside."""
        self._links.append((replace(candidate, link=True), in_store))

    def resolved(self) -> Iterator[tuple[Candidate, Stat | None]]:
        """Yield each link to a sighted file with that file's stat, and with None what leads outside."""
        for candidate, in_store in self._links:
            outside = in_store or self._by_name(candidate.path.rpartition(self._separator)[2])
            try:
                target = self._rules.join(
                    candidate.path.rpartition(self._separator)[0], self._machine.read_link(candidate.path)
                )
                if not self._inside(self._rules.normpath(target)):
                    if outside:
                        yield candidate, None
                    continue
                status = self._machine.stat(candidate.path, follow=True)
                if not is_file(status) or (status.st_dev, status.st_ino) not in self._sighted:
                    continue
                if self._inside(self._machine.resolve(candidate.path)):
                    yield candidate, status
                elif outside:
                    yield candidate, None
            except OSError:
                continue  # leads nowhere: there is no file to speak of

    def _inside(self, path: bytes) -> bool:
        return any(
            path == root or path.startswith(root if root.endswith(self._separator) else root + self._separator)
            for root in self._roots
        )
