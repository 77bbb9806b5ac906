"""Which weights a process can be said to run, once everything about all processes is known.

In: weights by process with their evidence, who shows other signs of running models. Out: weights by process. Weights
that only a command line names, or that a process merely has open, count with another sign: copying, hashing and editing
a model is not running it. A program that merely started the one that runs them (`timeout`, `sudo`, a shell) does not
run them either.
"""

from collections.abc import Collection, Iterator, Mapping

from weighbridge.discover.found_weights import FileVersion, Held
from weighbridge.discover.process_view import ProcessView
from weighbridge.model.running import WeightsEvidence

_ONLY_NAMED = (WeightsEvidence.COMMAND_LINE,)


def believed(
    weights: Mapping[int, tuple[Held, ...]],
    views: Mapping[int, ProcessView],
    runs_models: Collection[int],
    readers: Collection[int] = (),
) -> dict[int, tuple[Held, ...]]:
    """Return `weights` without those that a process names and does not run.

    Args:
        weights: by process.
        views: all processes.
        runs_models: processes with another sign of running models.
        readers: processes of programs that read any file, and run no model.
    """
    started: dict[int, set[FileVersion]] = {}
    for pid, held in weights.items():
        for ancestor in _ancestors(pid, views):
            started.setdefault(ancestor, set()).update(one.version for one in held)
    found = {}
    for pid, held in weights.items():
        below = started.get(pid, set())
        kept = tuple(
            one
            for one in held
            if pid in runs_models
            or (
                pid not in readers
                and one.certain
                and not (one.weights.evidence == _ONLY_NAMED and one.version in below)
            )
        )
        if kept:
            found[pid] = kept
    return found


def _ancestors(pid: int, views: Mapping[int, ProcessView]) -> Iterator[int]:
    """Yield parents; process ids are used again, so they may form a circle."""
    passed = {pid}
    while pid in views and (pid := views[pid].entry.parent) not in passed:
        passed.add(pid)
        yield pid
