"""Paths in documents: relative to what was scanned, so that nobody's name or folders leave the machine unasked."""

import re

from weighbridge.bom.component import Occurrence
from weighbridge.bom.text import clean
from weighbridge.model.place import Place, display

_HOMES = re.compile(r"(?:/home|/Users|[A-Za-z]:/Users)/[^/]+(?=/|$)")
LONGEST_PATH = 4096


class Places:
    """Shows paths of one scan.

    Args:
        roots: absolute paths that were scanned; empty for the whole machine.
        home: home folder of the person who scanned, or nothing.
        absolute: whether paths are shown whole.
    """

    def __init__(self, roots: tuple[str, ...] = (), home: str = "", *, absolute: bool = False) -> None:
        self._home = _plain(home).rstrip("/")
        self._absolute = absolute
        names: dict[str, str] = {}
        for root in sorted({_plain(root).rstrip("/") or "/" for root in roots}):
            name = self._name(root)
            taken = sum(1 for other in names.values() if other.rpartition("~")[0] == name or other == name)
            names[root] = f"{name}~{taken + 1}" if taken else name
        self._roots = sorted(names.items(), key=lambda item: -len(item[0]))
        self.rooted = len(names) == 1
        """Whether paths are relative to one root, whose name they then do not begin with."""
        self.title = clean(", ".join(sorted(names.values()))) or "machine"
        """What was scanned, in a few words."""

    def shown(self, path: bytes) -> str:
        """Return `path` as documents carry it."""
        return clean(display(path) if self._absolute else self._relative(_plain(display(path))), LONGEST_PATH)

    def occurrence(self, place: Place) -> Occurrence:
        """Return a place as documents carry it."""
        return Occurrence(
            path=self.shown(place.path),
            member=clean(place.member or "", LONGEST_PATH) or None,
            store=place.store,
            store_name=clean(place.store_name or "") or None,
        )

    def _relative(self, path: str) -> str:
        for root, name in self._roots:
            if path == root:
                return path.rpartition("/")[2] or name
            if path.startswith(root.rstrip("/") + "/"):
                inside = path[len(root.rstrip("/")) + 1 :]
                inside = inside if root != "/" else self._at_home(path).lstrip("/")
                return f"{name}/{inside}" if len(self._roots) > 1 else inside
        return self._at_home(path)

    def _at_home(self, path: str) -> str:
        if self._home and (path + "/").startswith(self._home + "/"):
            return "~" + path[len(self._home) :]
        return _HOMES.sub("~other", path, count=1)

    def _name(self, root: str) -> str:
        """Return the last part of a root; a home folder is named after a person, so it is just `home`."""
        if root == "/":
            return "machine"
        return "home" if root == self._home or _HOMES.fullmatch(root) else root.rpartition("/")[2]


def _plain(path: str) -> str:
    """Return a Windows path with forward slashes; others are kept."""
    return path.replace("\\", "/") if re.match(r"[A-Za-z]:\\|\\\\", path) else path
