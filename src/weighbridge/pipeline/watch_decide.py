"""What there is to record: what was known and what is seen now in, records out. Pure.

Every thing that is watched is told by its identity (`_IDENTITY`), so that what is known can be rebuilt from the records
alone. Only changes are recorded: something new, something that says something else than before, something gone.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import NamedTuple

from weighbridge.ledger.canonical import canonical
from weighbridge.ledger.entry import Record

Data = Mapping[str, object]
Item = tuple[str, Data]
_IDENTITY: dict[str, tuple[str, ...]] = {
    "accelerator": ("accelerator", "pid", "started"),
    "agent": ("what", "name", "path", "key"),
    "artifact": ("artifact",),
    "capability": (),
    "finding": ("of", "check", "path", "pid", "started", "where"),
    "listener": ("pid", "started", "transport", "address", "port"),
    "network": (),
    "process": ("pid", "started"),
    "secret": ("fingerprint", "path", "name"),
    "sighting": ("path", "path_bytes", "member"),
    "toolchain": ("ecosystem", "name", "path"),
    "verdict": ("artifact",),
}
"""Kinds that are watched, and which fields of their data tell one thing from another."""
_ENDING = frozenset(_IDENTITY) - {"artifact", "capability", "network", "verdict"}
"""Those that can be gone. What is known of a model stays known when it is deleted."""
_OF_BOOT = frozenset({"accelerator", "listener", "process"})
"""Those that no restart of the machine survives."""
_CONSTANT = frozenset({"accelerator"})
"""Those of which only beginning and end count, not every number in between."""
_DIGEST_BYTES = 12


class Seen(NamedTuple):
    """One thing that is seen now: kind of record and its data."""

    kind: str
    data: Data


class Known:
    """What the records say that there is.

    It keeps identities and digests of what was said of them, some hundred bytes a thing, not the records.
    """

    def __init__(self) -> None:
        self._things: dict[str, bytes] = {}
        self.boot = ""
        """Run of the machine of the last record."""
        self.last: tuple[str, str] = ("", "")
        """Kind and time of the last record."""

    def __len__(self) -> int:
        """Return how many things are known."""
        return len(self._things)

    def replay(self, record: Record) -> None:
        """Take in one record of the log; kinds that are not watched only move the time on."""
        self.boot, self.last = record.boot, (record.kind, record.at)
        subject = subject_of(record)
        if subject is None:
            return
        if record.kind.endswith("-end"):
            self._things.pop(subject, None)
        else:
            self._things[subject] = _digest(record.kind, record.data)

    def changes(
        self, seen: Iterable[Seen], *, boot: str, scope: Iterable[str] = (), below: Iterable[str] = ()
    ) -> list[Item]:
        """Return the records that bring what is known up to what is seen, and take them in.

        Args:
            seen: what is there now.
            boot: this run of the machine.
            scope: kinds of which `seen` is everything there is: what is missing in it has ended. Findings by what
                they are of: `finding/process`.
            below: paths to which `scope` is limited; none for everywhere.
        """
        present: dict[str, Seen] = {}
        for one in seen:
            present.setdefault(_subject(one.kind, one.data, boot), one)
        items: list[Item] = [
            (f"{kind}-end", data)
            for subject, kind, data in self._missing(present, frozenset(scope), tuple(below), boot)
            if self._things.pop(subject, None) is not None
        ]
        for subject, (kind, data) in present.items():
            digest = _digest(kind, data)
            if self._things.get(subject) != digest:
                self._things[subject] = digest
                items.append((kind, data))
        return items

    def places(self) -> list[str]:
        """Return the paths at which models are known to lie."""
        return [path for _, kind, _, one in self._each() if kind == "sighting" and isinstance(path := one["path"], str)]

    def _missing(
        self, present: Mapping[str, Seen], scope: frozenset[str], below: tuple[str, ...], boot: str
    ) -> list[tuple[str, str, Data]]:
        found: list[tuple[str, str, Data]] = []
        for subject, kind, of_boot, identity in self._each():
            part = f"finding/{identity['of']}" if kind == "finding" else kind
            if subject in present or part not in scope or kind not in _ENDING:
                continue
            if below and not _is_below(identity.get("path"), below):
                continue
            data = {name: value for name, value in identity.items() if value is not None}
            if of_boot and of_boot != boot:
                data["boot"] = of_boot
            found.append((subject, kind, data))
        return found

    def _each(self) -> Iterator[tuple[str, str, str, dict[str, object]]]:
        for subject in self._things:
            kind, of_boot, *values = json.loads(subject)
            yield subject, kind, of_boot, dict(zip(_IDENTITY[kind], values, strict=True))


def subject_of(record: Record) -> str | None:
    """Return what names the thing that a record is about; None if it is about nothing that is watched."""
    kind = record.kind.removesuffix("-end")
    if kind not in _IDENTITY or "omitted" in record.data:
        return None
    named = record.data.get("boot")
    return _subject(kind, record.data, named if isinstance(named, str) else record.boot)


def _subject(kind: str, data: Data, boot: str) -> str:
    values = [data.get(name) for name in _IDENTITY[kind]]
    plain = [value if isinstance(value, (str, int)) else None for value in values]
    return json.dumps([kind, boot if kind in _OF_BOOT else "", *plain], separators=(",", ":"))


def _digest(kind: str, data: Data) -> bytes:
    said: Data = {} if kind in _CONSTANT else data
    return blake2b(canonical(said), digest_size=_DIGEST_BYTES).digest()


def _is_below(path: object, folders: tuple[str, ...]) -> bool:
    if not isinstance(path, str):
        return False
    return any(path == folder or path.startswith(folder.rstrip("/\\") + _separator(folder)) for folder in folders)


def _separator(folder: str) -> str:
    return "\\" if "\\" in folder and not folder.startswith("/") else "/"
