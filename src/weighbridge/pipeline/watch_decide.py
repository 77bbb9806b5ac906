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
    "policy-change": (),
    "process": ("pid", "started"),
    "secret": ("fingerprint", "path", "name"),
    "sighting": ("path", "path_bytes", "member"),
    "sync": (),
    "toolchain": ("ecosystem", "name", "path"),
    "verdict": ("artifact",),
}
"""Kinds that are watched, and which fields of their data tell one thing from another."""
_ENDING = frozenset(_IDENTITY) - {"artifact", "capability", "network", "policy-change", "sync", "verdict"}
"""Those that can be gone. What is known of a model stays known when it is deleted."""
_OF_BOOT = frozenset({"accelerator", "listener", "process"})
"""Those that no restart of the machine survives."""
_CONSTANT = frozenset({"accelerator"})
"""Those of which only beginning and end count, not every number in between."""
SEEN_AT = "seen_at"
"""Field of data that was written later than it was seen; it says nothing about the thing."""
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
        self,
        seen: Iterable[Seen],
        *,
        boot: str,
        scope: Iterable[str] = (),
        below: Iterable[str] = (),
        pids: Iterable[int] = (),
    ) -> list[Item]:
        """Return the records that bring what is known up to what is seen, and take them in; `Round` at once."""
        one = self.round(boot)
        items = [item for thing in seen if (item := one.take(thing)) is not None]
        return items + one.end(scope, below, pids)

    def round(self, boot: str) -> "Round":
        """Begin to compare what is known with what is seen, thing by thing."""
        return Round(self._things, boot)

    def has(self, seen: Seen, boot: str) -> bool:
        """Return whether something was said of this thing, whatever it was."""
        return _subject(seen.kind, seen.data, boot) in self._things

    def places(self) -> list[str]:
        """Return the paths at which models are known to lie."""
        return [path for _, kind, _, one in self._each() if kind == "sighting" and isinstance(path := one["path"], str)]

    def _each(self) -> Iterator[tuple[str, str, str, dict[str, object]]]:
        return _each(self._things)


class Round:
    """One look, compared with what is known thing by thing, so that a large one need not be held at once.

    Args:
        things: digests of what was said, by subject; changed as records are returned.
        boot: this run of the machine.
    """

    def __init__(self, things: dict[str, bytes], boot: str) -> None:
        self._things, self._boot = things, boot
        self._present: set[str] = set()

    def take(self, seen: Seen) -> Item | None:
        """Return the record of one thing that is seen; None if it says nothing new."""
        kind, data = seen
        subject = _subject(kind, data, self._boot)
        digest = _digest(kind, data)
        if subject in self._present or self._things.get(subject) == digest:
            self._present.add(subject)
            return None
        self._present.add(subject)
        self._things[subject] = digest
        return kind, data

    def end(self, scope: Iterable[str], below: Iterable[str] = (), pids: Iterable[int] = ()) -> list[Item]:
        """Return the records of what is not there any more.

        Args:
            scope: kinds of which everything there is was taken: what is missing has ended. Findings by what they are
                of: `finding/process`.
            below: files and folders to which `scope` is limited; none for everywhere.
            pids: processes to which it is limited; none for all.
        """
        kinds, folders, processes = frozenset(scope), tuple(below), frozenset(pids)
        items: list[Item] = []
        for subject, kind, of_boot, identity in [*_each(self._things)] if kinds else ():
            part = f"finding/{identity['of']}" if kind == "finding" else kind
            if subject in self._present or part not in kinds or kind not in _ENDING:
                continue
            if (folders and not _is_below(identity.get("path"), folders)) or (
                processes and identity.get("pid") not in processes
            ):
                continue
            del self._things[subject]
            data = {name: value for name, value in identity.items() if value is not None}
            if of_boot and of_boot != self._boot:
                data["boot"] = of_boot
            items.append((f"{kind}-end", data))
        return items


def _each(things: Mapping[str, bytes]) -> Iterator[tuple[str, str, str, dict[str, object]]]:
    for subject in things:
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
    said: Data = {} if kind in _CONSTANT else {key: value for key, value in data.items() if key != SEEN_AT}
    return blake2b(canonical(said), digest_size=_DIGEST_BYTES).digest()


def _is_below(path: object, folders: tuple[str, ...]) -> bool:
    if not isinstance(path, str):
        return False
    return any(path == folder or path.startswith(folder.rstrip("/\\") + _separator(folder)) for folder in folders)


def _separator(folder: str) -> str:
    return "\\" if "\\" in folder and not folder.startswith("/") else "/"
