"""Which store a folder belongs to while a sweep walks, and what that store says of its files."""

from collections.abc import Sequence
from dataclasses import field

from weighbridge.discover.probe import Candidate, Probe
from weighbridge.host.machine import Machine
from weighbridge.host.survey import Survey
from weighbridge.model.finding import Unexamined
from weighbridge.model.record import record


@record
class Within:
    """The store that a folder lies in, if any."""

    store: Probe | None = None
    folder: bytes = b""
    """Where the store begins."""
    said: dict[bytes, Candidate] = field(default_factory=dict)
    """What the store says, by path."""
    around: "Within | None" = None
    """The store that this one lies in, for files that it says nothing of."""


class Stores:
    """Recognizes stores at their known places and, by layout, anywhere else.

    Args:
        machine: where.
        probes: the stores to recognize.
        separator: of paths there.
    """

    def __init__(self, machine: Machine, probes: Sequence[Probe], separator: bytes) -> None:
        self._machine = machine
        self._separator = separator
        self._at: dict[bytes, Probe] = {}
        self._marked = [probe for probe in probes if probe.markers]
        self._markers = frozenset(marker for probe in probes for marker in probe.markers)
        for probe in probes:
            for root in probe.roots(machine):
                try:
                    self._at.setdefault(machine.resolve(root), probe)
                except OSError:
                    continue  # not on this machine

    def enter_above(self, folder: bytes) -> Within:
        """Return the store that the sweep starts inside of: a known place that is a proper ancestor of `folder`."""
        while True:
            above = folder.rpartition(self._separator)[0]
            if not above or above == folder:
                return Within()
            folder = above
            if folder in self._at:
                return self._explored(self._at[folder], folder)[0]

    def enter(self, folder: bytes, within: Within, survey: Survey) -> tuple[Within, list[Unexamined]]:
        """Return the store of `folder`, given that of the folder above it, and what the store could not read."""
        probe = self._at.get(folder)
        if probe is None:
            folders = [name for name, _status in survey.folders]
            if self._markers.isdisjoint(folders) and self._markers.isdisjoint(survey.names):
                return within, []
            names = frozenset((*folders, *survey.names))
            probe = next(
                (
                    probe
                    for probe in self._marked
                    if probe is not within.store
                    and not probe.markers.isdisjoint(names)
                    and probe.looks_like(self._machine, folder, names)
                ),
                None,
            )
        if probe is None:
            return within, []
        return self._explored(probe, folder, within)

    def describe(self, path: bytes, within: Within) -> Candidate:
        """Return what is known of a file before it is read."""
        level: Within | None = within
        while level is not None and level.store is not None:
            said = level.said.get(path)
            if said is not None:
                return said
            if level.store.describe is not None:
                return level.store.describe(level.folder, path)
            level = level.around
        return Candidate(path=path)

    def _explored(self, probe: Probe, folder: bytes, around: Within | None = None) -> tuple[Within, list[Unexamined]]:
        said: dict[bytes, Candidate] = {}
        troubles: list[Unexamined] = []
        if probe.reads_ahead:
            for item in probe.explore(self._machine, folder):
                if isinstance(item, Candidate):
                    said[item.path] = item
                else:
                    troubles.append(item)
        return Within(store=probe, folder=folder, said=said, around=around), troubles
